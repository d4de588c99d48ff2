import torch

def corr2d(X, K):
    h, w = K.shape
    rows = [[(X[i:i + h, j:j + w] * K).sum() for j in range(X.shape[1] - w + 1)]
            for i in range(X.shape[0] - h + 1)]
    return torch.stack([torch.stack(r) for r in rows])

def corr2d_multi_in_out(X, K):
    # one output map per kernel, each the sum over the input channels
    maps = []
    for k in K:
        maps.append(sum(corr2d(x, k[0]) for x in X))
    return torch.stack(maps, 0)
