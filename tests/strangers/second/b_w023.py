import torch
import torch.nn.functional as F


def conv2d_weight(input, weight_size, grad_output):
    n, f = grad_output.shape[:2]
    c, kh, kw = weight_size[1:]
    cols = F.unfold(input.permute(1, 0, 2, 3), (kh, kw)).view(n, c, kh * kw, -1)
    dout = grad_output.reshape(n, f, -1)
    dw = torch.einsum('nckl,nfl->fck', cols, dout)
    return dw.reshape(f, c, kh, kw)
