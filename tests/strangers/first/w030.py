import numpy as np


def conv2d(input, weight, stride=1, padding=0):
    """Same contract as torch.nn.functional.conv2d (no bias, no groups)."""
    pads = ((0, 0), (0, 0), (padding, padding), (padding, padding))
    xp = np.pad(input, pads, mode="edge")
    kh, kw = weight.shape[2:]
    oh = (xp.shape[2] - kh) // stride + 1
    ow = (xp.shape[3] - kw) // stride + 1
    iy = np.arange(oh)[:, None] * stride + np.arange(kh)
    ix = np.arange(ow)[:, None] * stride + np.arange(kw)
    gathered = xp[:, :, iy[:, None, :, None], ix[None, :, None, :]]
    return np.einsum("ncyxab,fcab->nfyx", gathered, weight, optimize=True)
