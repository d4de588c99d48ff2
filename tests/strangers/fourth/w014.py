import numpy as np

def conv2d_weight(input, weight_size, grad_output, stride=1, padding=0):
    """Gradient of sum(grad_output * conv2d(input, weight)) with respect to weight."""
    O, C, kh, kw = weight_size
    N = input.shape[0]
    _, _, oh, ow = grad_output.shape
    xp = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    grad_w = np.zeros(weight_size)
    for n in range(N):
        for o in range(O):
            for c in range(C):
                for a in range(kh):
                    for b in range(kw):
                        s = 0.0
                        for i in range(oh):
                            for j in range(ow):
                                s += xp[n, c, i * stride + a, j * stride + b] * grad_output[n, o, i, j]
                        grad_w[o, c, a, b] = s
    return grad_w
