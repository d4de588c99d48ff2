import torch
import torch.nn.functional as F

def true_conv(img, kernel):
    """
    True convolution: the kernel is turned by 180 degrees.

    img: tensor (H, W); kernel: tensor with odd sides.
    The border's pixels are repeated outside, the result is as large as img.
    """
    kh, kw = kernel.shape
    x = F.pad(img[None, None], (kw // 2, kw // 2, kh // 2, kh // 2), mode="replicate")
    return F.conv2d(x, kernel.flip(0, 1)[None, None])[0, 0]
