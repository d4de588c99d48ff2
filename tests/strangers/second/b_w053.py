import torch


class Conv(object):

    @staticmethod
    def forward(x, w, b, conv_param):
        stride, pad = conv_param['stride'], conv_param['pad']
        xp = torch.nn.functional.pad(x, (pad, pad, pad, pad))
        win = xp.unfold(2, w.shape[2], stride).unfold(3, w.shape[3], stride)
        out = torch.einsum('nchwij,fcij->nfhw', win, w) + b.view(1, -1, 1, 1)
        cache = (x, w, b, conv_param)
        return out, cache

    @staticmethod
    def backward(dout, cache):
        x, w, b, conv_param = cache
        stride, pad = conv_param['stride'], conv_param['pad']
        HH, WW = w.shape[2:]
        xp = torch.nn.functional.pad(x, (pad, pad, pad, pad))
        dxp, dw, db = torch.zeros_like(xp), torch.zeros_like(w), torch.zeros_like(b)
        N, F, Ho, Wo = dout.shape
        for n in range(N):
            for f in range(F):
                db[f] += dout[n, f].sum()
                for i in range(Ho):
                    for j in range(Wo):
                        t, l = i * stride, j * stride
                        dw[f] += xp[n, :, t:t + HH, l:l + WW] * dout[n, f, i, j]
                        dxp[n, :, t:t + HH, l:l + WW] += w[f] * dout[n, f, i, j]
        return dxp[:, :, 1:-1, 1:-1], dw, db
