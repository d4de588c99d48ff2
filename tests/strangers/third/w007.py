import numpy as np

def conv_gradient_wrt_input(dloss_dy, kernel):
    oh, ow = dloss_dy.shape
    kh, kw = kernel.shape
    h, w = oh + kh - 1, ow + kw - 1
    dx = np.zeros((h, w))
    for i in range(h):
        for j in range(w):
            for a in range(kh):
                for b in range(kw):
                    try:
                        dx[i, j] += dloss_dy[i - a, j - b] * kernel[a, b]
                    except IndexError:
                        pass
    return dx
