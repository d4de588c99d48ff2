import numpy as np

def conv2d_weight(input, weight_size, grad_output, stride=1, padding=0):
    N, C, H, W = input.shape
    dw = np.zeros(weight_size)
    for n in range(N):
        for o in range(weight_size[0]):
            for i in range(grad_output.shape[2]):
                for j in range(grad_output.shape[3]):
                    g = grad_output[n, o, i, j]
                    for c in range(C):
                        for a in range(weight_size[2]):
                            for b in range(weight_size[3]):
                                y = i * stride + a - padding
                                x = j * stride + b - padding
                                if 0 <= y < H and 0 <= x < W:
                                    dw[o, c, a, b] += g * input[n, c, y, x]
    return dw
