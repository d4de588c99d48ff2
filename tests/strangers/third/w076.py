import numpy as np


def grad_input_nhwc(input_size, weight, grad_output, stride=1, padding=0):
    N, H, W, C = input_size
    kh, kw, _, O = weight.shape
    dx = np.zeros((N, H + 2 * padding, W + 2 * padding, C))
    for i in range(grad_output.shape[1]):
        for j in range(grad_output.shape[2]):
            t, l = i * stride, j * stride
            dx[:, t:t + kh, l:l + kw, :] += np.einsum('no,abco->nabc', grad_output[:, i, j, :], weight)
    return dx[:, padding:-padding, padding:-padding, :]
