import numpy as np


def nhwc_grad_input(input_size, weight, grad_output, stride=1, padding=0):
    """input_size (N, H, W, I), weight (K, L, I, O), grad_output (N, OH, OW, O)"""
    N, H, W, I = input_size
    K, L = weight.shape[:2]
    full = np.zeros((N, H + 2 * padding, W + 2 * padding, I))
    _, OH, OW, _ = grad_output.shape
    for a in range(K):
        for b in range(L):
            full[:, a:a + OH, b:b + OW, :] += grad_output @ weight[a, b].T
    return full[:, padding:padding + H, padding:padding + W, :]
