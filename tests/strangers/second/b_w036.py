import numpy as np


def weight_grad(input, weight_size, grad_output, stride=1, padding=0):
    kh, kw, cin, cout = weight_size
    n, oh, ow, _ = grad_output.shape
    xpad = np.pad(input, ((0, 0), (padding,) * 2, (padding,) * 2, (0, 0)))
    dw = np.zeros(weight_size)
    for b in range(n):
        for u in range(kh):
            for v in range(kw):
                sub = xpad[b, u:u + stride * oh:stride, v:v + stride * ow:stride, :]
                dw[u, v] = np.tensordot(sub, grad_output[b], axes=([0, 1], [0, 1]))
    return dw
