import numpy as np


def conv2d_input(input_size, weight, grad_output, stride=1, padding=0):
    """Backward of conv2d with respect to its input."""
    n, c, h, w = input_size
    f, _, kh, kw = weight.shape
    dx = np.zeros((n, c, h + 2 * padding, w + 2 * padding))
    _, _, oh, ow = grad_output.shape
    for i in range(oh):
        for j in range(ow):
            rows = slice(i * stride, i * stride + kh)
            cols = slice(j * stride, j * stride + kw)
            dx[:, :, rows, cols] = np.tensordot(grad_output[:, :, i, j], weight, axes=1)
    return dx[:, :, padding:padding + h, padding:padding + w]
