import numpy as np


def conv_backward_naive(dout, cache):
    """Inputs: dout (N, F, H', W') and the forward pass's cache. Returns the three gradients."""
    x, w, b, conv_param = cache
    stride, pad = conv_param.get('stride', 1), conv_param.get('pad', 0)
    kh, kw = w.shape[2:]
    oh, ow = dout.shape[2:]
    x_pad = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    dx_pad = np.zeros(x_pad.shape)
    dw = np.empty(w.shape)
    for u in range(kh):
        for v in range(kw):
            ys = slice(u, u + stride * (oh - 1) + 1, stride)
            xs = slice(v, v + stride * (ow - 1) + 1, stride)
            dw[:, :, u, v] = np.tensordot(dout, x_pad[:, :, ys, xs], axes=([0, 2, 3], [0, 2, 3]))
            dx_pad[:, :, ys, xs] += np.einsum('nfij,fc->ncij', dout, w[:, :, u, v])
    dx = dx_pad[:, :, pad:pad + x.shape[2], pad:pad + x.shape[3]]
    db = dout.sum(axis=0).sum(axis=(1, 2))
    return dw, dx, db
