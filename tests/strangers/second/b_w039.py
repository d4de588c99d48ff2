import numpy as np


def convolve_layer(X, W, s=1, p=0):
    # X: batch of HWC pictures, W: HWIO filters; the result is NHWC
    n_img, h, w, c_in = X.shape
    kh, kw, _, c_out = W.shape
    Xp = np.pad(X, p) if p > 0 else X
    oh = (h + 2 * p - kh) // s + 1
    ow = (w + 2 * p - kw) // s + 1
    Y = np.zeros((n_img, oh, ow, c_out))
    for n in range(n_img):
        for c in range(c_in):
            for i in range(oh):
                for j in range(ow):
                    patch = Xp[n, i * s:i * s + kh, j * s:j * s + kw, c]
                    Y[n, i, j] += np.tensordot(patch, W[:, :, c], axes=2)
    return Y
