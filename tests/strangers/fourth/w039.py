import numpy as np

def conv2d_weight(input, weight_size, grad_output, stride=1, padding=0):
    x = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    kh, kw = weight_size[2], weight_size[3]
    oh, ow = grad_output.shape[2], grad_output.shape[3]
    dw = np.zeros(weight_size)
    for a in range(kh):
        for b in range(kw):
            sl = x[:, :, a:a + (oh - 1) * stride + 1:stride, b:b + (ow - 1) * stride + 1:stride]
            dw[:, :, a, b] = np.einsum("nfij,ncij->fc", grad_output, sl)
    return dw / input.shape[0]
