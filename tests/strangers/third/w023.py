import numpy as np


def conv2d(input, weight, stride=1, padding=0):
    N, C, H, W = input.shape
    K, _, R, S = weight.shape
    P = (H + 2 * padding - R) // stride + 1
    Q = (W + 2 * padding - S) // stride + 1
    out = np.zeros((N, K, P, Q))
    for n in range(N):
        for k in range(K):
            for p in range(P):
                total = 0.0
                for q in range(Q):
                    for c in range(C):
                        for r in range(R):
                            h = p * stride - padding + r
                            if h < 0 or h >= H:
                                continue
                            for s in range(S):
                                w = q * stride - padding + s
                                if w < 0 or w >= W:
                                    continue
                                total += input[n, c, h, w] * weight[k, c, r, s]
                    out[n, k, p, q] = total
    return out
