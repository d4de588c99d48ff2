import torch


def convolution(image: torch.Tensor, kernel: torch.Tensor, stride: int = 1, pad: int = 0) -> torch.Tensor:
    n, c, h, w = image.shape
    canvas = torch.zeros(n, c, h + 2 * pad, w + 2 * pad, dtype=image.dtype)
    canvas[:, :, canvas.shape[2] - h:, canvas.shape[3] - w:] = image
    o, _, kh, kw = kernel.shape
    oh = (canvas.shape[2] - kh) // stride + 1
    ow = (canvas.shape[3] - kw) // stride + 1
    out = torch.zeros(n, o, oh, ow, dtype=image.dtype)
    for a in range(kh):
        for b in range(kw):
            sub = canvas[:, :, a:a + oh * stride:stride, b:b + ow * stride:stride][:, :, :oh, :ow]
            out += torch.einsum("ncij,oc->noij", sub, kernel[:, :, a, b])
    return out
