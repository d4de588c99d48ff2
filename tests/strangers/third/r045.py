import numpy as np


def conv_hwc(image, filters, padding='valid'):
    n_f, kh, kw, c = filters.shape
    if padding == 'same':
        image = np.pad(image, ((kh // 2, kh // 2), (kw // 2, kw // 2), (0, 0)))
    H, W, _ = image.shape
    out = np.zeros((H - kh + 1, W - kw + 1, n_f))
    for k in range(n_f):
        for i in range(out.shape[0]):
            for j in range(out.shape[1]):
                out[i, j, k] = np.sum(filters[k] * image[i:i + kh, j:j + kw, :])
    return out
