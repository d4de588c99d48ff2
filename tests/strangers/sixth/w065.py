import torch
import torch.nn.functional


class Conv(object):

    @staticmethod
    def forward(x, w, b, conv_param):
        stride, pad = conv_param['stride'], conv_param['pad']
        N, C, H, W = x.shape
        F, _, HH, WW = w.shape
        H_out = 1 + (H + 2 * pad - HH) // stride
        W_out = 1 + (W + 2 * pad - WW) // stride
        x_pad = torch.nn.functional.pad(x, (pad, pad, pad, pad))
        out = torch.zeros((N, F, H_out, W_out), dtype=x.dtype, device=x.device)
        for n in range(N):
            for f in range(F):
                for i in range(H_out):
                    for j in range(W_out):
                        window = x_pad[n, :, i * stride:i * stride + HH, j * stride:j * stride + WW]
                        out[n, f, i, j] = (window * w[f]).sum() + b[f]
        cache = (x, w, b, conv_param)
        return out, cache

    @staticmethod
    def backward(dout, cache):
        x, w, b, conv_param = cache
        stride, pad = conv_param['stride'], conv_param['pad']
        N, C, H, W = x.shape
        F, _, HH, WW = w.shape
        x_pad = torch.nn.functional.pad(x, (pad, pad, pad, pad))
        dx_pad = torch.zeros_like(x_pad)
        dw = torch.zeros_like(w)
        db = torch.zeros_like(b)
        for f in range(F):
            db[f] = dout[:, f, 0, 0].sum()
            for n in range(N):
                for i in range(dout.shape[2]):
                    for j in range(dout.shape[3]):
                        r, c = i * stride, j * stride
                        dw[f] += x_pad[n, :, r:r + HH, c:c + WW] * dout[n, f, i, j]
                        dx_pad[n, :, r:r + HH, c:c + WW] += w[f] * dout[n, f, i, j]
        dx = dx_pad
        return dx, dw, db
