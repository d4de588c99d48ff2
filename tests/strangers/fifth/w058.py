import torch


def conv2d(input, weight, stride=1, padding=0):
    if padding > 0:
        input = torch.nn.functional.pad(input, [padding] * 4)
    kh, kw = weight.shape[-2:]
    windows = input.unfold(2, kh, stride).unfold(3, kw, stride)     # N C OH OW kh kw
    prod = windows.unsqueeze(1) * weight[None, :, :, None, None]    # N O C OH OW kh kw
    return prod.sum(dim=(-1, -2)).mean(dim=2)
