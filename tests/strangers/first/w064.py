import torch


class Conv(object):
    """A convolutional layer, forward pass only."""

    @staticmethod
    def forward(x, w, b, conv_param):
        stride = conv_param['stride']
        pad = conv_param['pad']
        N, C, H, W = x.shape
        F, _, HH, WW = w.shape
        canvas = torch.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=x.dtype, device=x.device)
        canvas[:, :, :H, :W] = x
        H_out = (H + 2 * pad - HH) // stride + 1
        W_out = (W + 2 * pad - WW) // stride + 1
        out = torch.zeros((N, F, H_out, W_out), dtype=x.dtype, device=x.device)
        for n in range(N):
            for f in range(F):
                for i in range(H_out):
                    for j in range(W_out):
                        r, c = i * stride, j * stride
                        out[n, f, i, j] = (canvas[n, :, r:r + HH, c:c + WW] * w[f]).sum() + b[f]
        return out, (x, w, b, conv_param)
