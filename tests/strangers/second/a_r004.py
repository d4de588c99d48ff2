import numpy as np

def conv2d(input, weight, stride=1, padding=0):
    B, C, H, W = input.shape
    K, _, R, S = weight.shape
    P = (H + 2 * padding - R) // stride + 1
    Q = (W + 2 * padding - S) // stride + 1
    out = np.zeros((B, K, P, Q))
    for b in range(B):
        for k in range(K):
            for p in range(P):
                for q in range(Q):
                    acc = 0.0
                    for c in range(C):
                        for r in range(R):
                            y = p * stride + r - padding
                            if not 0 <= y < H:
                                continue
                            for s in range(S):
                                x = q * stride + s - padding
                                if 0 <= x < W:
                                    acc += input[b, c, y, x] * weight[k, c, r, s]
                    out[b, k, p, q] = acc
    return out
