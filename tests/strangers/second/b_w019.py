import torch
import torch.nn.functional as F


def conv_dw(A_prev, weight_size, dZ, stride=1, padding=0):
    x = F.pad(A_prev, (padding, padding, padding, padding))
    F_out, C, kh, kw = weight_size
    _, _, oh, ow = dZ.shape
    grad = torch.zeros(weight_size, dtype=A_prev.dtype)
    for i in range(oh):
        for j in range(ow):
            top, left = i * stride, j * stride
            window = x[:, :, top:top + kh, left:left + kw]
            for f in range(F_out):
                grad[f] += window.sum(dim=0)
    return grad
