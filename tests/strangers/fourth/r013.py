import numpy as np
from scipy.linalg import toeplitz

def matrix_conv(X, K):
    """Convolution as a big matrix-vector product."""
    H, W = X.shape
    kh, kw = K.shape
    oh, ow = H - kh + 1, W - kw + 1
    blocks = []
    for row in K:
        first_col = np.zeros(ow)
        first_col[0] = row[0]
        first_row = np.r_[row, np.zeros(W - kw)]
        blocks.append(toeplitz(first_col, first_row))
    big = np.zeros((oh * ow, H * W))
    for i in range(oh):
        for m, T in enumerate(blocks):
            big[i * ow:(i + 1) * ow, (i + m) * W:(i + m + 1) * W] = T
    return (big @ X.reshape(-1)).reshape(oh, ow)
