import numpy as np


class ConvLayer:
    def __init__(self, W, stride, pad):
        self.W, self.stride, self.pad = W, stride, pad

    def col2im(self, col, shape):
        n, c, h, w = shape
        fh, fw = self.W.shape[2:]
        oh, ow = col.shape[-2:]
        s, p = self.stride, self.pad
        img = np.zeros((n, c, h + 2 * p, w + 2 * p))
        for y in range(fh):
            y_stop = y + (oh - 1) * s + 1
            for x in range(fw):
                x_stop = x + (ow - 1) * s + 1
                img[:, :, y:y_stop:s, x:x_stop:s] = col[:, :, y, x]
        return img[:, :, p:p + h, p:p + w]

    def backward(self, dout, x_shape):
        dcol = np.einsum('fckl,nfyx->ncklyx', self.W, dout)
        return self.col2im(dcol, x_shape)


def dx_of_conv(input_size, kernels, upstream, stride=1, padding=0):
    return ConvLayer(kernels, stride, padding).backward(upstream, tuple(input_size))
