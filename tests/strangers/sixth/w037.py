import numpy as np

class ConvTranspose2d:
    """Transposed convolution: spread the input by the stride, then convolve fully."""

    def __init__(self, weight, stride=2):
        self.weight = weight            # (C_in, C_out, k, k)
        self.stride = stride

    def forward(self, x):
        N, C, H, W = x.shape
        _, O, k, _ = self.weight.shape
        step = self.stride + 1
        z = np.zeros((N, C, (H - 1) * step + 1, (W - 1) * step + 1))
        z[:, :, ::step, ::step] = x
        z = np.pad(z, ((0, 0), (0, 0), (k - 1, k - 1), (k - 1, k - 1)))
        oh, ow = z.shape[2] - k + 1, z.shape[3] - k + 1
        out = np.zeros((N, O, oh, ow))
        for a in range(k):
            for b in range(k):
                tap = self.weight[:, :, k - 1 - a, k - 1 - b]
                out += np.einsum("nchw,co->nohw", z[:, :, a:a + oh, b:b + ow], tap)
        return out
