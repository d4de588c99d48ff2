import torch


class Conv(object):
    @staticmethod
    def forward(x, w, b, conv_param):
        stride, pad = conv_param['stride'], conv_param['pad']
        N, C, H, W = x.shape
        F, C, HH, WW = w.shape
        xpad = torch.nn.functional.pad(x, (pad, pad, pad, pad))
        Ho = 1 + (H + 2 * pad - HH) // stride
        Wo = 1 + (W + 2 * pad - WW) // stride
        out = torch.zeros((N, F, Ho, Wo), dtype=x.dtype, device=x.device)
        for i in range(Ho):
            for j in range(Wo):
                win = xpad[:, :, i * stride:i * stride + HH, j * stride:j * stride + WW]
                out[:, :, i, j] = win.reshape(N, -1) @ w.reshape(F, -1).t() + b
        return out, (x, w, b, conv_param)

    @staticmethod
    def backward(dout, cache):
        x, w, b, conv_param = cache
        stride, pad = conv_param['stride'], conv_param['pad']
        N, C, H, W = x.shape
        F, _, HH, WW = w.shape
        xpad = torch.nn.functional.pad(x, (pad, pad, pad, pad))
        dxpad = torch.zeros_like(xpad)
        dw = torch.zeros_like(w)
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                g = dout[:, :, i, j]
                hs, ws = i * stride, j * stride
                dw += (g.t() @ xpad[:, :, hs:hs + HH, ws:ws + WW].reshape(N, -1)).view_as(w)
                dxpad[:, :, hs:hs + HH, ws:ws + WW] += (g @ w.reshape(F, -1)).view(N, C, HH, WW)
        return dxpad[:, :, pad:pad + H, pad:pad + W], dw, dout.sum(dim=(0, 2, 3))
