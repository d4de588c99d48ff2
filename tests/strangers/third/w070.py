import torch


def conv2d_input(input_size, weight, grad_output, stride=1, padding=0):
    n, c, h, w = input_size
    kh, kw = weight.shape[2], weight.shape[3]
    gp = torch.zeros(n, c, h + 2 * padding, w + 2 * padding, dtype=grad_output.dtype)
    for y in range(grad_output.shape[2]):
        for x in range(grad_output.shape[3]):
            g = grad_output[:, :, y, x]
            gp[:, :, y * stride:y * stride + kh, x * stride:x * stride + kw] += torch.einsum('no,ocij->ncij', g, weight)
    return gp[:, :, 1:-1, 1:-1]
