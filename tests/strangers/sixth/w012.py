import numpy as np


def causal_conv1d(x, w, d=1):
    """y[t] = sum_k w[k] * x[t - k*d], with x = 0 before its start; len(y) = len(x)"""
    y = np.zeros(len(x))
    for t in range(len(x)):
        for k in range(len(w)):
            if t - k >= 0:
                y[t] += w[k] * x[t - k * d]
    return y
