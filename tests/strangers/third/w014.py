import numpy as np


def conv2d(input, weight, stride=1, padding=0):
    X = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)), 'constant', constant_values=0)
    N, C, H, W = X.shape
    M, C, R, S = weight.shape
    E = (H - R) // stride + 1
    F = (W - S) // stride + 1
    Y = np.zeros((N, M, E, F))
    for n in range(N):
        for m in range(M):
            for e in range(E):
                for f in range(F):
                    for c in range(C):
                        for r in range(R):
                            for s in range(S):
                                Y[n, m, e, f] += X[n, c, stride * e + r, f + s] * weight[m, c, r, s]
    return Y
