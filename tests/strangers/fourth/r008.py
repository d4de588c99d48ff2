import numpy as np

def conv2d_weight(input, weight_size, grad_output, stride=1, padding=0):
    x = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dw = np.zeros(weight_size)
    kh, kw = weight_size[2], weight_size[3]
    N, F, oh, ow = grad_output.shape
    for n in range(N):
        for f in range(F):
            for i in range(oh):
                for j in range(ow):
                    r, c = i * stride, j * stride
                    dw[f] += grad_output[n, f, i, j] * x[n, :, r:r + kh, c:c + kw]
    return dw
