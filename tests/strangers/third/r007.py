import numpy as np

def convolve_full(x, h):
    M, N = x.shape
    P, Q = h.shape
    y = np.zeros((M + P - 1, N + Q - 1))
    for m in range(M):
        for n in range(N):
            for p in range(P):
                for q in range(Q):
                    y[m + p, n + q] += x[m, n] * h[p, q]
    return y


a = np.array([[1, 2], [3, 4]])
b = np.array([[1, 1, 1]])
print(convolve_full(a, b))
