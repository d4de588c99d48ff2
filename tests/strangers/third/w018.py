import numpy as np


def conv2d(input, weight, stride=1, padding=0):
    x = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    bs, _, h, w = x.shape
    n_filters, _, fh, fw = weight.shape
    oh, ow = (h - fh) // stride + 1, (w - fw) // stride + 1
    out = np.zeros((bs, n_filters, oh, ow))
    for b in range(bs):
        img = x[b][0]
        for f in range(n_filters):
            ker = weight[f][0]
            for i in range(oh):
                for j in range(ow):
                    s = 0
                    for p in range(fh):
                        for q in range(fw):
                            s += img[i * stride + p][j * stride + q] * ker[p][q]
                    out[b, f, i, j] = s
    return out


# quick check of the shapes
_x = np.random.randn(2, 1, 5, 5)
_w = np.random.randn(3, 1, 3, 3)
print("conv2d ->", conv2d(_x, _w, padding=1).shape)
