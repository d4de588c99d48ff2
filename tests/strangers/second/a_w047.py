import numpy as np

def correlate_images(batch, filters, stride=1, padding=0):
    k = filters.shape[2]
    x = np.pad(batch, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    oh = (x.shape[2] - k) // stride + 1
    ow = (x.shape[3] - k) // stride + 1
    out = np.zeros((x.shape[0], filters.shape[0], oh, ow))
    for u in range(k):
        for v in range(k):
            for i in range(oh):
                for j in range(ow):
                    out[:, :, i, j] += x[:, :, i * stride + u, j * stride + v].dot(filters[:, :, u, v].T)
    return out
