import torch
from a3_helper import svm_loss, softmax_loss
from eecs598 import Solver


class Conv(object):

    @staticmethod
    def forward(x, w, b, conv_param):
        stride, pad = conv_param['stride'], conv_param['pad']
        N, C, H, W = x.shape
        F, _, HH, WW = w.shape
        H2 = 1 + (H + 2 * pad - HH) // stride
        W2 = 1 + (W + 2 * pad - WW) // stride
        xp = torch.nn.functional.pad(x, (pad, pad, pad, pad))
        out = torch.zeros((N, F, H2, W2), dtype=x.dtype, device=x.device)
        for n in range(N):
            for f in range(F):
                for i in range(H2):
                    for j in range(W2):
                        win = xp[n, :, i * stride:i * stride + HH, j * stride:j * stride + WW]
                        out[n, f, i, j] = torch.sum(win * w[f]) + b[f]
        cache = (x, w, b, conv_param)
        return out, cache

    @staticmethod
    def backward(dout, cache):
        x, w, b, conv_param = cache
        stride, pad = conv_param['stride'], conv_param['pad']
        N, F, H2, W2 = dout.shape
        _, C, H, W = x.shape
        HH, WW = w.shape[2:]
        xp = torch.nn.functional.pad(x, (pad, pad, pad, pad))
        dxp = torch.zeros_like(xp)
        dw = torch.zeros_like(w)
        db = dout.sum(dim=(0, 2, 3))
        for n in range(N):
            for f in range(F):
                for i in range(H2):
                    for j in range(W2):
                        a, c = i * stride, j * stride
                        dw[f] += dout[n, f, i, j] * xp[0, :, a:a + HH, c:c + WW]
                        dxp[n, :, a:a + HH, c:c + WW] += dout[n, f, i, j] * w[f]
        dx = dxp[:, :, pad:pad + H, pad:pad + W]
        return dx, dw, db
