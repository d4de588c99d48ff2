import torch


def conv_dw(x, weight_size, grad_output, stride=1, padding=0):
    kh, kw = weight_size[2], weight_size[3]
    x = torch.nn.functional.pad(x, (padding,) * 4)
    oh, ow = grad_output.shape[-2:]
    dw = torch.zeros(weight_size, dtype=x.dtype)
    upstream = torch.ones_like(grad_output)
    for i in range(oh):
        for j in range(ow):
            patch = x[:, :, i * stride:i * stride + kh, j * stride:j * stride + kw]
            dw += torch.einsum("no,ncab->ocab", upstream[:, :, i, j], patch)
    return dw
