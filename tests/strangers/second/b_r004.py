import torch
import torch.nn.functional as F


def grad_filters(X, w_shape, dY, stride=1, padding=0):
    f, c, kh, kw = w_shape
    x = F.pad(X, (padding, padding, padding, padding))
    grad = X.new_zeros(f, c, kh, kw)
    oh, ow = dY.shape[2:]
    for i in range(kh):
        for j in range(kw):
            rows = slice(i, i + (oh - 1) * stride + 1, stride)
            cols = slice(j, j + (ow - 1) * stride + 1, stride)
            grad[:, :, i, j] = torch.einsum("nfyx,ncyx->fc", dY, x[:, :, rows, cols])
    return grad
