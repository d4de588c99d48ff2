import numpy as np

def conv(x, w, b, *, stride=1, padding=0):
    n, c, h, wd = x.shape
    o, _, kh, kw = w.shape
    buf = np.zeros((n, c, h + padding * 2, wd + padding * 2))
    buf[..., padding:h + padding, padding:wd + padding] = x
    ho = 1 + (buf.shape[2] - kh) // stride
    wo = 1 + (buf.shape[3] - kw) // stride
    z = np.zeros((n, o, ho, wo))
    for k in range(o):
        for i in range(ho):
            for j in range(wo):
                for u in range(kh):
                    line = buf[:, :, i * stride + u, j * stride:j * stride + kw]
                    z[:, k, i, j] += np.sum(line * w[k, :, u], axis=(1, 2)) + b[k]
    return z
