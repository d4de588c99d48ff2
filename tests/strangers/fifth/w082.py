import numpy as np


def conv2d_weight(input, weight_size, grad_output, stride=1, padding=0):
    N, C, H, W = input.shape
    O, _, kh, kw = weight_size
    grad = np.zeros(weight_size)
    for i in range(grad_output.shape[2]):
        for j in range(grad_output.shape[3]):
            for u in range(kh):
                for v in range(kw):
                    y = i * stride + u
                    x = j * stride + v
                    if y < H and x < W:
                        grad[:, :, u, v] += grad_output[:, :, i, j].T @ input[:, :, y, x]
    return grad
