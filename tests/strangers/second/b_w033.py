import numpy as np


def conv_layer(image, kernels, bias, stride=1, padding=0):
    """image HWC, kernels HWIO, bias (O,)."""
    padded = np.pad(image, ((padding, padding), (padding, padding), (0, 0)))
    H, W, C = padded.shape
    kh, kw, _, O = kernels.shape
    out_h = 1 + (H - kh) // stride
    out_w = 1 + (W - kw) // stride
    fmap = np.zeros((out_h, out_w, O))
    for o in range(O):
        for c in range(C):
            for i in range(out_h):
                for j in range(out_w):
                    roi = padded[i * stride:i * stride + kh, j * stride:j * stride + kw, c]
                    fmap[i, j, o] += (roi * kernels[:, :, c, o]).sum() + bias[o]
    return fmap
