import torch


def conv2d_input(input_size, weight, grad_output, stride=1, padding=0):
    n, c, h, w = input_size
    o, _, kh, kw = weight.shape
    gh, gw = grad_output.shape[2], grad_output.shape[3]
    buf = torch.zeros(n, c, h + 2 * padding, w + 2 * padding, dtype=grad_output.dtype)
    for i in range(gh):
        for j in range(gw):
            g = grad_output[:, :, i, j]                              # n, o
            buf[:, :, i:i + kh, j:j + kw] += torch.tensordot(g, weight, dims=1)
    return buf[:, :, padding:padding + h, padding:padding + w]
