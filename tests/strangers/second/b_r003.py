import torch
import torch.nn.functional as F


def conv2d_input(input_size, weight, grad_output, stride=1, padding=0):
    n, c, h, w = input_size
    f, _, kh, kw = weight.shape
    g = grad_output.reshape(n, f, -1)
    cols = torch.matmul(weight.reshape(f, -1).t(), g)
    # leftover rows and columns that no window touched stay zero
    hh = (grad_output.shape[2] - 1) * stride + kh
    ww = (grad_output.shape[3] - 1) * stride + kw
    core = F.fold(cols, (hh, ww), (kh, kw), stride=stride)
    full = F.pad(core, (0, w + 2 * padding - ww, 0, h + 2 * padding - hh))
    return full[:, :, padding:padding + h, padding:padding + w]
