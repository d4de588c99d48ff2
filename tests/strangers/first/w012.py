import numpy as np


def conv2d_input(input_size, weight, grad_output, stride=1, padding=0):
    n, c, h, w = input_size
    o, _, kh, kw = weight.shape
    grad = np.zeros((n, c, h + 2 * padding, w + 2 * padding))
    for b in range(n):
        for f in range(o):
            for i in range(grad_output.shape[2]):
                for j in range(grad_output.shape[3]):
                    g = grad_output[b, f, i, j]
                    grad[b, :, i:i + kh, j:j + kw] += g * weight[f]
    return grad[:, :, padding:h + padding, padding:w + padding]
