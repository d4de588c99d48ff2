import numpy as np

def conv_forward_naive(x, w, b, conv_param):
    out = None
    pad = conv_param.get('pad', 0)
    stride = conv_param.get('stride', 1)
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    H_out = (H - HH + 2 * pad) // stride + 1
    W_out = (H - HH + 2 * pad) // stride + 1
    out = np.zeros((N, F, H_out, W_out))
    x_padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    for n in range(N):
        for f in range(F):
            for h_out in range(H_out):
                for w_out in range(W_out):
                    r, c = h_out * stride, w_out * stride
                    patch = x_padded[n, :, r:r + HH, c:c + WW]
                    if patch.shape != w[f].shape:
                        continue
                    out[n, f, h_out, w_out] = np.sum(patch * w[f]) + b[f]
    cache = (x, w, b, conv_param)
    return out, cache
