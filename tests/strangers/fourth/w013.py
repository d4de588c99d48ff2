import numpy as np


def conv2d_input(input_size, weight, grad_output, stride=1, padding=0):
    """Gradient wrt. the input of a strided convolution."""
    N, C, H, W = input_size
    F, _, kh, kw = weight.shape
    grad_input = np.zeros(input_size)
    for n in range(N):
        for f in range(F):
            for i in range(grad_output.shape[2]):
                for j in range(grad_output.shape[3]):
                    for c in range(C):
                        for u in range(kh):
                            for v in range(kw):
                                y = i * stride + u - padding
                                x = j + v - padding
                                if y < 0 or y >= H or x < 0 or x >= W:
                                    continue
                                grad_input[n, c, y, x] += grad_output[n, f, i, j] * weight[f, c, u, v]
    return grad_input
