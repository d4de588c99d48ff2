import torch


class Conv(object):

    @staticmethod
    def forward(x, w, b, conv_param):
        stride = conv_param['stride']
        pad = conv_param['pad']
        N, C, H, W = x.shape
        F, _, HH, WW = w.shape
        H_out = (H - HH + 2 * pad) // stride + 1
        W_out = (W - WW + 2 * pad) // stride + 1
        padded = torch.nn.functional.pad(x, (pad, pad, pad, pad), "constant", 0)
        out = torch.zeros((N, F, H_out, W_out), dtype=x.dtype, device=x.device)
        for n in range(N):
            for f in range(F):
                for i in range(H_out):
                    for j in range(W_out):
                        hs, ws = i * stride, j * stride
                        out[n, f, i, j] = (padded[n, :, hs:hs + HH, ws:ws + WW] * w[f]).sum() + b[f]
        cache = (x, w, b, conv_param)
        return out, cache
