import torch


def dk(img, dloss_dy):
    """dL/dk for y = img * k (valid), given dL/dy."""
    oh, ow = dloss_dy.shape
    g = torch.rot90(dloss_dy, 2, dims=(0, 1))
    tiles = img.unfold(0, oh, 1).unfold(1, ow, 1)
    return (tiles * g).sum(dim=(2, 3))
