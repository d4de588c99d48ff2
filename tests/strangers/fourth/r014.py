import numpy as np

def conv2d_input(input_size, weight, grad_output, stride=1, padding=0):
    N, C, H, W = input_size
    kh, kw = weight.shape[2:]
    oh, ow = grad_output.shape[2:]
    dx = np.zeros((N, C, H + 2 * padding, W + 2 * padding))
    for a in range(kh):
        for b in range(kw):
            dx[:, :, a:a + (oh - 1) * stride + 1:stride, b:b + (ow - 1) * stride + 1:stride] += \
                np.einsum('nfij,fc->ncij', grad_output, weight[:, :, a, b])
    return dx[:, :, padding:H + padding, padding:W + padding]
