import numpy as np


def conv2d_weight(input, weight_size, grad_output, stride=1, padding=0):
    x = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    O, C, kh, kw = weight_size
    N, _, oh, ow = grad_output.shape
    dw = np.zeros(weight_size)
    for n in range(N):
        for o in range(O):
            for c in range(C):
                for a in range(kh):
                    for b in range(kw):
                        g = 0.0
                        for i in range(oh):
                            for j in range(ow):
                                g += grad_output[n, o, i, j] * x[n, c, i * stride + a, j * stride + b]
                        dw[o, c, a, b] = g
    return dw
