import torch
import torch.nn.functional as F


def conv_gradient_wrt_input(dloss_dy: torch.Tensor, kernel: torch.Tensor) -> torch.Tensor:
    # "full" convolution : pad by the kernel size minus one
    kh, kw = kernel.shape
    padded = F.pad(dloss_dy, (kw - 1, kw - 1, kh - 1, kh - 1))
    return F.conv2d(padded[None, None], kernel[None, None])[0, 0]
