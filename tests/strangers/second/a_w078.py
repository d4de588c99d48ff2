import torch


class Conv(object):

    @staticmethod
    def forward(x, w, b, conv_param):
        s, p = conv_param['stride'], conv_param['pad']
        N, C, H, W = x.shape
        F, _, HH, WW = w.shape
        xp = torch.nn.functional.pad(x, (p, p, p, p))
        Ho, Wo = 1 + (H + 2 * p - HH) // s, 1 + (W + 2 * p - WW) // s
        out = torch.zeros((N, F, Ho, Wo), dtype=x.dtype, device=x.device)
        for f in range(F):
            for i in range(Ho):
                for j in range(Wo):
                    win = xp[:, :, i * s:i * s + HH, j * s:j * s + WW]
                    out[:, f, i, j] = (win * w[f]).sum(dim=(1, 2, 3)) + b[f]
        return out, (x, w, b, conv_param)

    @staticmethod
    def backward(dout, cache):
        x, w, b, conv_param = cache
        s, p = conv_param['stride'], conv_param['pad']
        HH, WW = w.shape[2:]
        xp = torch.nn.functional.pad(x, (p, p, p, p))
        dxp = torch.zeros_like(xp)
        dw = torch.zeros_like(w)
        db = dout.sum(dim=(0, 2, 3))
        for n in range(dout.shape[0]):
            for f in range(dout.shape[1]):
                for i in range(dout.shape[2]):
                    for j in range(dout.shape[3]):
                        r, c = i * s, j * s
                        win = xp[n, :, r:r + HH, c:c + WW]
                        dw[f] += win * dout[n, f, i, j]
                        dxp[n, :, r:r + HH, c:c + WW] += win * dout[n, f, i, j]
        dx = dxp[:, :, p:p + x.shape[2], p:p + x.shape[3]]
        return dx, dw, db
