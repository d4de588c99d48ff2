import torch
import torch.nn.functional as F


def true_conv2d(img, kernel):
    """Mathematical convolution of an (H, W) tensor with a square kernel; F.conv2d is a cross-correlation, so turn the kernel."""
    kernel = torch.rot90(kernel)
    return F.conv2d(img[None, None], kernel[None, None])[0, 0]
