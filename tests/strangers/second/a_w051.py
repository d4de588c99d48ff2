import numpy as np


class ConvEngine:
    """Keeps its work arrays to save allocations."""

    def __init__(self):
        self.buffers = {}

    def buffer(self, shape):
        buf = self.buffers.setdefault(shape, np.empty(shape))
        buf.fill(0.0)
        return buf

    def __call__(self, x, w, stride, padding):
        x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
        kh, kw = w.shape[2:]
        oh, ow = (x.shape[2] - kh) // stride + 1, (x.shape[3] - kw) // stride + 1
        out = self.buffer((x.shape[0], w.shape[0], oh, ow))
        for i in range(kh):
            for j in range(kw):
                part = x[:, :, i:i + (oh - 1) * stride + 1:stride, j:j + (ow - 1) * stride + 1:stride]
                out += np.einsum('nchw,oc->nohw', part, w[:, :, i, j])
        return out


engine = ConvEngine()


def conv_op(feat, ker, stride=1, padding=0):
    return engine(feat, ker, stride, padding)
