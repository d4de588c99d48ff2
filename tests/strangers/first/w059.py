import numpy as np


class Convolution:
    def __init__(self, W, b, stride=1, pad=0):
        self.W = W
        self.b = b
        self.stride = stride
        self.pad = pad

    def _im2col(self, x, fh, fw, oh, ow):
        p, s = self.pad, self.stride
        img = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), 'constant')
        col = np.zeros((x.shape[0], x.shape[1], fh, fw, oh, ow))
        for y in range(fh):
            for z in range(fw):
                col[:, :, y, z, :, :] = img[:, :, y:y + s * oh:s, z:z + s * ow:s]
        return col.transpose(0, 4, 5, 1, 2, 3).reshape(x.shape[0] * oh * ow, -1)

    def forward(self, x):
        FN, C, FH, FW = self.W.shape
        N, C, H, W = x.shape
        out_h = int(1 + (H + 2 * self.pad - FH) / self.stride)
        out_w = int(1 + (W + 2 * self.pad - FW) / self.stride)
        col = self._im2col(x, FH, FW, out_h, out_w)
        col_W = self.W.reshape(FN, -1).T
        out = np.dot(col, col_W) + self.b
        return out.reshape(N, FN, out_h, out_w)
