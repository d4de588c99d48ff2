import numpy as np


def conv_transpose_grad(input_size, K, grad_output, stride=1, padding=0):
    f_out, c_in, r, t = K.shape
    batch, _, p_out, q_out = grad_output.shape
    rows = (p_out - 1) * stride + r
    cols = (q_out - 1) * stride + t
    dx = np.zeros((batch, c_in, rows, cols))
    for b in range(batch):
        for k in range(f_out):
            for i in range(p_out):
                for j in range(q_out):
                    delta = grad_output[b, k, i, j]
                    for u in range(r):
                        for v in range(t):
                            dx[b, :, i * stride + u, j * stride + v] += delta * K[k, :, u, v]
    return dx[:, :, padding:rows - padding, padding:cols - padding]
