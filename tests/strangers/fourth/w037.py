import numpy as np

def conv2d_input(input_size, weight, grad_output, stride=1, padding=0):
    N, C, H, W = input_size
    kh, kw = weight.shape[2:]
    oh, ow = grad_output.shape[2:]
    full = np.zeros((N, C, H + 2 * padding + 1, W + 2 * padding + 1))
    for u in range(kh):
        for v in range(kw):
            g = np.einsum("nohw,oc->nchw", grad_output, weight[:, :, u, v])
            full[:, :, u:u + stride * oh:stride, v:v + stride * ow:stride] += g
    return full[:, :, padding:padding + H, 1:1 + W]
