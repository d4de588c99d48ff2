import torch
import torch.nn.functional as F

def conv2d_batch_as_groups(x, weight, stride=1):
    """the same as F.conv2d(x, weight, stride=stride), but the N images go through as N groups of one big image"""
    N, C, H, W = x.shape
    big = x.reshape(1, N * C, H, W)
    filters = weight.repeat_interleave(N, dim=0)
    y = F.conv2d(big, filters, stride=stride, groups=N)
    return y.reshape(N, weight.shape[0], y.shape[2], y.shape[3])
