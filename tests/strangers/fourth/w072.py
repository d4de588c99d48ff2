import numpy as np

def tf_like_conv(x, filters, stride=1, padding=0):
    kh, kw, cin, cout = filters.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    N, H, W = xp.shape[:3]
    rows = range(0, H - kh + 1, stride)
    cols = range(0, W - kw + 1, stride)
    out = np.zeros((N, len(rows), len(cols), cout))
    for r, y in enumerate(rows):
        for c, z in enumerate(cols):
            win = xp[:, y:y + kh, z:z + kw, :cin]
            out[:, r, c] = np.tensordot(win, filters, axes=3)
    return out
