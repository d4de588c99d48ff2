import numpy as np
import torch
import torch.nn.functional as F


def conv2d(x, w):
    """
    Convolution layer, numpy in and numpy out.

    x: images with the channels last, (N, H, W, C_in)
    w: weights (kh, kw, C_in, C_out)
    No padding, stride 1; the result is (N, H - kh + 1, W - kw + 1, C_out).
    """
    a = torch.from_numpy(np.ascontiguousarray(x.transpose(0, 3, 2, 1)))
    b = torch.from_numpy(np.ascontiguousarray(w.transpose(3, 2, 0, 1)))
    y = F.conv2d(a, b).numpy()
    return y.transpose(0, 2, 3, 1)
