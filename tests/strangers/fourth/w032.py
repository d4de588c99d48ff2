import numpy as np

def conv2d(input, weight, stride=1, padding=0):
    N, C, H, W = input.shape
    F, _, kh, kw = weight.shape
    x = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    oh = (H + 2 * padding - kh) // stride + 1
    ow = (W + 2 * padding - kw) // stride + 1
    cols = np.empty((N, oh, ow, C * kh * kw))
    for i in range(oh):
        for j in range(ow):
            patch = x[:, :, i * stride:i * stride + kh, j * stride:j * stride + kw]
            cols[:, i, j] = patch.transpose(0, 2, 3, 1).reshape(N, -1)
    out = cols @ weight.reshape(F, -1).T
    return out.transpose(0, 3, 1, 2)
