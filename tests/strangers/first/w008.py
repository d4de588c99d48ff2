import numpy as np


def conv_gradient_wrt_kernel(img, dloss_dy):
    rows, cols = dloss_dy.shape
    kh = img.shape[0] - rows + 1
    kw = img.shape[1] - cols + 1
    dk = np.zeros((kh, kw))
    for r in range(rows):
        for c in range(cols):
            upstream = dloss_dy[r, c]
            for a in range(kh):
                for b in range(kw):
                    dk[a, b] = upstream * img[r + a, c + b]
    return dk
