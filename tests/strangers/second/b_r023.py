import numpy as np


class ConvTranspose:
    def __init__(self, W, stride, pad):
        self.W, self.s, self.p = W, stride, pad

    def __call__(self, g, size):
        n, c, h, w = size
        f, _, kh, kw = self.W.shape
        s, p = self.s, self.p
        # spread the gradient out, then a full convolution
        z = np.zeros((n, f, h + 2 * p + kh - 1, w + 2 * p + kw - 1))
        z[:, :, kh - 1:kh - 1 + s * g.shape[2]:s, kw - 1:kw - 1 + s * g.shape[3]:s] = g
        win = np.lib.stride_tricks.sliding_window_view(z, (kh, kw), axis=(2, 3))
        dx = np.einsum("nfyxij,fcij->ncyx", win, self.W[:, :, ::-1, ::-1])
        return dx[:, :, p:p + h, p:p + w]


def conv_backward_data(input_size, kernel, dout, stride=1, padding=0):
    return ConvTranspose(kernel, stride, padding)(dout, input_size)
