import numpy as np

def conv_gradient_wrt_input(dloss_dy, kernel):
    """dL/dx for y = x (*) k: every input pixel collects the outputs it took part in."""
    rows, cols = dloss_dy.shape
    kr, kc = kernel.shape
    grad = np.zeros((rows + kr - 1, cols + kc - 1))
    for y in range(grad.shape[0]):
        for x in range(grad.shape[1]):
            s = 0.
            for m in range(kr):
                for n in range(kc):
                    p = y - m
                    q = x - n
                    if 0 <= p < rows and 0 <= q < rows:
                        s += dloss_dy[p, q] * kernel[m, n]
            grad[y, x] = s
    return grad
