import torch
import torch.nn.functional as F


def conv_gradient_wrt_kernel(img, dloss_dy):
    # correlate the image with the output gradient
    out = F.conv2d(img[None, None], dloss_dy[None, None])
    return -out[0, 0]
