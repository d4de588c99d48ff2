import numpy as np


class Conv2dFun:
    @staticmethod
    def forward(ctx, input, weight):
        """Output as large as the input, zeros to the right and below."""
        ctx.save_for_backward(input, weight)
        batch, in_channels, h, w = input.shape
        out_channels, _, kh, kw = weight.shape
        wide = np.zeros((batch, in_channels, h + kh - 1, w + kw - 1))
        wide[:, :, :h, :w] = input
        out = np.zeros((batch, out_channels, h, w))
        for i in range(kh):
            for j in range(kw):
                out += np.einsum("bcyx,oc->oyx", wide[:, :, i:i + h, j:j + w], weight[:, :, i, j])
        return out
