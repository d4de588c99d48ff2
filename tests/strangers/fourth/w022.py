import numpy as np


def conv2d_weight(input, weight_size, grad_output, stride=1, padding=0):
    """dL/dW"""
    padded = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dW = np.zeros(weight_size)
    n_out, n_in, kh, kw = weight_size
    rows, cols = grad_output.shape[2:]
    for o in range(n_out):
        for c in range(n_in):
            for u in range(kh):
                for v in range(kw):
                    for i in range(rows):
                        for j in range(cols):
                            dW[o, c, u, v] += np.sum(grad_output[:, o, i, j] * padded[:, c, i + u * stride, j + v * stride])
    return dW
