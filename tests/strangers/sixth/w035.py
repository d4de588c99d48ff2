import numpy as np

class Convolution:
    """
    A convolution layer without bias and padding.

    The images' sizes must fit the stride. forward takes a batch (N, C, H, W);
    backward takes the gradient of the loss with respect to the output and returns
    the gradients with respect to the last batch and to the weights.
    """

    def __init__(self, w, stride=1):
        self.w = w
        self.stride = stride

    def forward(self, x):
        self.x = x
        s = self.stride
        F, C, kh, kw = self.w.shape
        oh = (x.shape[2] - kh) // s + 1
        ow = (x.shape[3] - kw) // s + 1
        y = np.empty((len(x), F, oh, ow))
        for n in range(len(x)):
            for f in range(F):
                for i in range(oh):
                    for j in range(ow):
                        y[n, f, i, j] = np.sum(x[n, :, i*s:i*s+kh, j*s:j*s+kw] * self.w[f])
        return y

    def backward(self, dout):
        s = self.stride
        F, C, kh, kw = self.w.shape
        dx = np.zeros_like(self.x)
        for n in range(dout.shape[0]):
            dw = np.zeros_like(self.w)
            for f in range(F):
                for i in range(dout.shape[2]):
                    for j in range(dout.shape[3]):
                        g = dout[n, f, i, j]
                        dw[f] += g * self.x[n, :, i*s:i*s+kh, j*s:j*s+kw]
                        dx[n, :, i*s:i*s+kh, j*s:j*s+kw] += g * self.w[f]
        return dx, dw
