import torch
import torch.nn.functional as F


def conv_gradient_wrt_kernel(img, dloss_dy):
    return F.conv2d(img[None, None], dloss_dy[None, None])[0, 0]
