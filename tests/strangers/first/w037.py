import torch


def corr2d(X, K):
    """2-D cross-correlation"""
    h, w = K.shape
    Y = torch.zeros(X.shape[0] - h + 1, X.shape[1] - w + 1, dtype=X.dtype)
    for r in range(Y.shape[0]):
        for s in range(Y.shape[1]):
            Y[r, s] = int((X[r:r + h, s:s + w] * K).sum())
    return Y
