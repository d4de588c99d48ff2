import torch


def corr2d(X, K):
    h, w = K.shape
    Y = torch.zeros((X.shape[0] - h + 1, X.shape[1] - w + 1))
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i:i + h, j:j + w] * K).sum()
    return Y


def corr2d_multi_in_out(X, K):
    outs = []
    for k in K:
        acc = None
        for x, kk in zip(X, k):
            y = corr2d(x, kk)
            acc = y if acc is None else acc + y
        outs.append(acc)
    return torch.stack(outs, 0)
