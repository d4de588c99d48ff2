import numpy as np

def conv(x, w, params):
    s = params.get('stride', 1)
    p = params.get('padding', 0)
    n, _, h, wd = x.shape
    f, _, kh, kw = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    ys = range(0, h + 2 * p - kh + 1, s)
    xs = range(0, wd + 2 * p - kw + 1, s)
    out = np.zeros((n, f, len(ys), len(xs)))
    for i, top in enumerate(ys):
        for j, left in enumerate(xs):
            for k in range(f):
                window = xp[:, :, top:top + kh, left:left + kw]
                out[:, k, i, j] = np.sum(window * w[k], axis=(1, 2, 3))
    return out
