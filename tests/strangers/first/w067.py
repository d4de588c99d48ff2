import numpy as np


def correlate(inp, weight, reverse):
    B, I, H, W = inp.shape
    O, _, kh, kw = weight.shape
    out = np.zeros((B, O, H, W))
    for h in range(H):
        for w in range(W):
            for i in range(kh):
                for j in range(kw):
                    y, x = (h - i, w - j) if reverse else (h + i, w + j)
                    if 0 <= y < H and 0 <= x < W:
                        out[:, :, h, w] += inp[:, :, y, x] @ weight[:, :, i, j].T
    return out


class Conv2dFun:
    @staticmethod
    def forward(ctx, input, weight):
        ctx.save_for_backward(input, weight)
        return correlate(input, weight, False)

    @staticmethod
    def backward(ctx, grad_output):
        input, weight = ctx.saved_values
        kh, kw = weight.shape[-2:]
        gw = correlate(np.swapaxes(input, 0, 1), np.swapaxes(grad_output, 0, 1), False)
        gi = correlate(grad_output, np.swapaxes(weight, 0, 1), False)
        return gi, np.swapaxes(gw[:, :, :kh, :kw], 0, 1)
