import numpy as np

def conv_toeplitz(X, K):
    """Build the doubly blocked matrix of K and multiply it with the flattened X."""
    H, W = X.shape
    kh, kw = K.shape
    oh, ow = H - kh + 1, W - kw + 1
    M = np.zeros((oh * ow, H * W))
    for i in range(oh):
        for j in range(ow):
            for m in range(kh):
                base = i * W + j
                M[i * ow + j, base:base + kw] += K[m]
    return (M @ X.ravel()).reshape(oh, ow)
