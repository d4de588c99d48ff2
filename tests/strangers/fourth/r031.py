import torch
import torch.nn.functional as F

def same_conv_torch(image, kernel):
    kh, kw = kernel.shape
    if kh % 2 == 0 or kw % 2 == 0:
        raise ValueError("odd kernels only")
    x = image.unsqueeze(0).unsqueeze(0)
    x = F.pad(x, (kw // 2, kw // 2, kh // 2, kh // 2), mode="replicate")
    return F.conv2d(x, kernel.unsqueeze(0).unsqueeze(0))[0, 0]
