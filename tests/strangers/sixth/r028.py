import numpy as np

def conv2d_grads(x, w, dy, stride=1):
    # NHWC, (kh, kw, C, F); returns dx, dw
    kh, kw = w.shape[:2]
    oh, ow = dy.shape[1:3]
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for i in range(oh):
        for j in range(ow):
            r, c = i * stride, j * stride
            dx[:, r:r + kh, c:c + kw] += np.tensordot(dy[:, i, j], w, axes=(1, 3))
            dw += np.tensordot(x[:, r:r + kh, c:c + kw], dy[:, i, j], axes=(0, 0))
    return dx, dw
