import torch


class Conv(object):
    @staticmethod
    def forward(x, w, b, conv_param):
        stride, pad = conv_param['stride'], conv_param['pad']
        xp = torch.nn.functional.pad(x, (pad, pad, pad, pad))
        HH, WW = w.shape[2], w.shape[3]
        win = xp.unfold(2, HH, stride).unfold(3, WW, stride)
        out = torch.einsum('nchwij,fcij->nfhw', win, w) + b.view(1, -1, 1, 1)
        return out, (x, w, b, conv_param)

    @staticmethod
    def backward(dout, cache):
        x, w, b, conv_param = cache
        stride, pad = conv_param['stride'], conv_param['pad']
        H, W = x.shape[2:]
        HH, WW = w.shape[2:]
        xp = torch.nn.functional.pad(x, (pad, pad, pad, pad))
        dxp, dw = torch.zeros_like(xp), torch.zeros_like(w)
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                d = dout[:, :, i, j]
                hs, ws = i * stride, j * stride
                dw += torch.tensordot(d.t(), xp[:, :, hs:hs + HH, ws:ws + WW], dims=1)
                dxp[:, :, hs:hs + HH, ws:ws + WW] += torch.tensordot(d, w, dims=1)
        return dxp[:, :, pad:pad + H, pad:pad + W], dw, dout.sum((0, 2, 3))
