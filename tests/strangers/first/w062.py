import numpy as np


def im2col(img, fh, fw, s, oh, ow):
    col = np.stack([img[:, :, i:i + s * oh:s, j:j + s * ow:s] for i in range(fh) for j in range(fw)], 2)
    return col.transpose(0, 3, 4, 1, 2).reshape(-1, img.shape[1] * fh * fw)


def col2im(col, shape, fh, fw, s, oh, ow):
    N, C = shape[:2]
    col = col.reshape(N, oh, ow, C, fh, fw)
    img = np.zeros(shape)
    for i in range(fh):
        for j in range(fw):
            img[:, :, i:i + s * oh:s, j:j + s * ow:s] = col[..., i, j].transpose(0, 3, 1, 2)
    return img


class Convolution:
    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b, self.stride, self.pad = W, b, stride, pad

    def forward(self, x):
        F, C, fh, fw = self.W.shape
        p, s = self.pad, self.stride
        img = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        self.padded_shape = img.shape
        self.oh, self.ow = (img.shape[2] - fh) // s + 1, (img.shape[3] - fw) // s + 1
        self.col = im2col(img, fh, fw, s, self.oh, self.ow)
        out = self.col @ self.W.reshape(F, -1).T + self.b
        return out.reshape(x.shape[0], self.oh, self.ow, F).transpose(0, 3, 1, 2)

    def backward(self, dout):
        F, C, fh, fw = self.W.shape
        d = dout.transpose(0, 2, 3, 1).reshape(-1, F)
        self.db = d.sum(0)
        self.dW = (d.T @ self.col).reshape(self.W.shape)
        dx = col2im(d @ self.W.reshape(F, -1), self.padded_shape, fh, fw, self.stride, self.oh, self.ow)
        p = self.pad
        return dx[:, :, p:dx.shape[2] - p, p:dx.shape[3] - p]
