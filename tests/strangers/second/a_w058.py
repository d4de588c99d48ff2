import numpy as np


def conv_backward_data(input_size, weights, grad_output, stride=1, padding=0):
    N, C, H, W = input_size
    F, _, kh, kw = weights.shape
    grad = np.zeros((N, C, H + 2 * padding, W + 2 * padding))
    for n in range(N):
        for f in range(F):
            for y in range(grad_output.shape[2]):
                for x in range(grad_output.shape[3]):
                    y0, x0 = y * stride, x * stride
                    grad[n, :, y0:y0 + kh, x0:x0 + kw] += grad_output[n, f, y, x] * weights[f]
    return grad[:, :, 1:-1, 1:-1]
