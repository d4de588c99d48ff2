import numpy as np

BT = np.array([[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]], dtype=float)
G = np.array([[1, 0, 0], [.5, .5, .5], [.5, -.5, .5], [0, 0, 1]])
AT = np.array([[1, 1, 1, 0], [0, 1, -1, -1]], dtype=float)


def winograd_conv3x3(x, w, padding=1):
    n, c, h, wd = x.shape
    o = w.shape[0]
    oh, ow = h + 2 * padding - 2, wd + 2 * padding - 2
    th, tw = oh // 2, ow // 2
    xp = np.zeros((n, c, oh + 4, ow + 4))
    xp[:, :, padding:padding + h, padding:padding + wd] = x
    U = np.einsum("ai,ocij,bj->ocab", G, w, G)
    out = np.zeros((n, o, oh + 1, ow + 1))
    for i in range(th):
        for j in range(tw):
            d = xp[:, :, 2 * i:2 * i + 4, 2 * j:2 * j + 4]
            V = np.einsum("ai,ncij,bj->ncab", BT, d, BT)
            M = np.einsum("ocab,ncab->noab", U, V)
            out[:, :, 2 * i:2 * i + 2, 2 * j:2 * j + 2] = np.einsum("ai,noij,bj->noab", AT, M, AT)
    return out[:, :, :oh, :ow]
