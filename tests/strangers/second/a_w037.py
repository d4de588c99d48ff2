import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    out = None
    pad = conv_param['pad']
    stride = conv_param['stride']
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    x_padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), 'constant')
    out_h = 1 + (H + 2 * pad - HH) // stride
    out_w = 1 + (W + 2 * pad - WW) // stride
    out = np.zeros((N, F, out_h, out_w))
    for idx, img in enumerate(x_padded):
        for f in range(F):
            for r in range(out_h):
                for c in range(out_w):
                    r0, c0 = r * stride, c * stride
                    piece = x_padded[0, :, r0:r0 + HH, c0:c0 + WW]
                    out[idx, f, r, c] = np.sum(piece * w[f]) + b[f]
    cache = (x, w, b, conv_param)
    return out, cache
