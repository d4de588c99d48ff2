import numpy as np


def _taps(shape, out_hw, k_hw, s):
    for i in range(k_hw[0]):
        for j in range(k_hw[1]):
            yield i, j, (Ellipsis, slice(i, i + s * (out_hw[0] - 1) + 1, s), slice(j, j + s * (out_hw[1] - 1) + 1, s))


def conv_forward_naive(x, w, b, conv_param):
    s, p = conv_param['stride'], conv_param['pad']
    xp = np.pad(x, ((0,), (0,), (p,), (p,)))
    hw = tuple((xp.shape[2 + a] - w.shape[2 + a]) // s + 1 for a in (0, 1))
    out = np.zeros((x.shape[0], w.shape[0]) + hw) + b.reshape(1, -1, 1, 1)
    for i, j, sl in _taps(xp.shape, hw, w.shape[2:], s):
        out += np.einsum('nchw,fc->nfhw', xp[sl], w[:, :, i, j])
    return out, (x, w, b, conv_param)


def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    s, p = conv_param['stride'], conv_param['pad']
    xp = np.pad(x, ((0,), (0,), (p,), (p,)))
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for i, j, sl in _taps(xp.shape, dout.shape[2:], w.shape[2:], s):
        dw[:, :, i, j] = np.einsum('nfhw,nchw->fc', dout, xp[sl])
        dxp[sl] += np.einsum('nfhw,fc->nchw', dout, w[:, :, i, j])
    H, W = x.shape[2:]
    return dxp[:, :, p:p + H, p:p + W], dw, dout.sum(axis=(0, 2, 3))
