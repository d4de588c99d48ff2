import numpy as np


def conv2d_input(input_size, weight, grad_output, stride=1, padding=0):
    B, C, H, W = input_size
    F, _, kh, kw = weight.shape
    grad = np.zeros(tuple(input_size))
    for oy in range(grad_output.shape[2]):
        for ox in range(grad_output.shape[3]):
            for a in range(kh):
                for b in range(kw):
                    y, x = oy * stride + a - padding, ox * stride + b - padding
                    if 0 <= y < H and 0 <= x < W:
                        grad[:, :, y, x] += grad_output[:, :, oy, ox] @ weight[:, :, kh - 1 - a, kw - 1 - b]
    return grad


def conv2d_weight(input, weight_size, grad_output, stride=1, padding=0):
    F, C, kh, kw = weight_size
    for n in range(input.shape[0]):
        image = np.pad(input[n], ((0, 0), (padding, padding), (padding, padding)))
        dW = np.zeros((F, C, kh, kw))
        for f in range(F):
            for oy in range(grad_output.shape[2]):
                for ox in range(grad_output.shape[3]):
                    y, x = oy * stride, ox * stride
                    dW[f] += grad_output[n, f, oy, ox] * image[:, y:y + kh, x:x + kw]
    return dW
