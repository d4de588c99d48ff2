import numpy as np

def conv2d(input, weight, stride=1, padding=0):
    N, C, H, W = input.shape
    M, _, R, S = weight.shape
    padded = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)), mode="edge")
    E = (H + 2 * padding - R) // stride + 1
    F = (W + 2 * padding - S) // stride + 1
    out = np.zeros((N, M, E, F))
    for n in range(N):
        for m in range(M):
            for i in range(E):
                for j in range(F):
                    for a in range(R):
                        for b in range(S):
                            rows = i * stride + a
                            cols = j + b
                            if rows >= padded.shape[2] or cols >= padded.shape[3]:
                                continue
                            for c in range(C):
                                out[n, m, i, j] += padded[n, c, rows, cols] * weight[m, c, a, b]
    return out
