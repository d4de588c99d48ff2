import numpy as np

def conv_backward(dy, x, k, stride):
    """returns dx, dk of the valid strided cross-correlation of x with k"""
    H, W = x.shape
    kh, kw = k.shape
    # only for strides that fit
    assert (H - kh) % stride == 0 and (W - kw) % stride == 0
    dx = np.zeros(x.shape)
    dk = np.zeros(k.shape)
    for i in range(dy.shape[0]):
        for j in range(dy.shape[1]):
            for u in range(kh):
                for v in range(kw):
                    dx[i * stride + u, j * stride + v] += dy[i, j] * k[u, v]
                    dk[u, v] += dy[i, j] * x[i * stride + u, j * stride + v]
    return dx, dk
