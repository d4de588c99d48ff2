import numpy as np


def conv2d_weight(input, weight_size, grad_output, stride=1, padding=0):
    xp = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    _, _, kh, kw = weight_size
    _, _, oh, ow = grad_output.shape
    dw = np.empty(weight_size)
    for i in range(kh):
        for j in range(kw):
            dw[:, :, i, j] = np.einsum('nohw,nchw->oc', grad_output, xp[:, :, i:i + oh, j:j + ow])
    return dw
