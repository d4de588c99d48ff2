import numpy as np


def conv2d_input(input_size, weight, grad_output, stride=1, padding=0):
    N, C, H, W = input_size
    O, _, kh, kw = weight.shape
    gp = np.zeros((N, C, H + 2 * padding, W + 2 * padding))
    for n in range(N):
        for o in range(O):
            for i in range(grad_output.shape[2]):
                for j in range(grad_output.shape[3]):
                    gp[n, :, i:i + kh, j:j + kw] += weight[o] * grad_output[n, o, i, j]
    return gp[:, :, padding:padding + H, padding:padding + W]
