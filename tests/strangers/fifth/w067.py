import torch


class Conv(object):

    @staticmethod
    def forward(x, w, b, conv_param):
        stride, pad = conv_param['stride'], conv_param['pad']
        N, C, H, W = x.shape
        F, _, HH, WW = w.shape
        xp = torch.nn.functional.pad(x, (pad, pad, pad, pad))
        Ho = 1 + (H + 2 * pad - HH) // stride
        Wo = 1 + (W + 2 * pad - WW) // stride
        out = torch.zeros((N, F, Ho, Wo), dtype=x.dtype, device=x.device)
        for i in range(Ho):
            for j in range(Wo):
                win = xp[:, :, i * stride:i * stride + HH, j * stride:j * stride + WW]
                out[:, :, i, j] = torch.tensordot(win, w, dims=([1, 2, 3], [1, 2, 3])) + b
        return out, (x, w, b, conv_param)

    @staticmethod
    def backward(dout, cache):
        x, w, b, conv_param = cache
        stride, pad = conv_param['stride'], conv_param['pad']
        N, C, H, W = x.shape
        F, _, HH, WW = w.shape
        xp = torch.nn.functional.pad(x, (pad, pad, pad, pad))
        dxp = torch.zeros_like(xp)
        dw = torch.zeros_like(w)
        for n in range(N):
            for f in range(F):
                parts = []
                for i in range(dout.shape[2]):
                    for j in range(dout.shape[3]):
                        r, c = i * stride, j * stride
                        parts.append(dout[n, f, i, j] * xp[n, :, r:r + HH, c:c + WW])
                        dxp[n, :, r:r + HH, c:c + WW] += dout[n, f, i, j] * w[f]
                dw[f] = torch.stack(parts).sum(0)
        dx = dxp[:, :, pad:pad + H, pad:pad + W]
        return dx, dw, dout.sum(dim=(0, 2, 3))
