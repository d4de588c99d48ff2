import torch
import torch.nn.functional as F


class Conv(object):
    @staticmethod
    def forward(x, w, b, conv_param):
        s, p = conv_param['stride'], conv_param['pad']
        xp = F.pad(x, (p, p, p, p))
        Ho = 1 + (xp.shape[2] - w.shape[2]) // s
        Wo = 1 + (xp.shape[3] - w.shape[3]) // s
        out = torch.zeros(x.shape[0], w.shape[0], Ho, Wo, dtype=x.dtype)
        for i in range(Ho):
            for j in range(Wo):
                win = xp[:, None, :, i * s:i * s + w.shape[2], j * s:j * s + w.shape[3]]
                out[:, :, i, j] = (win * w).sum(dim=(2, 3, 4)) + b
        return out, (x, w, b, conv_param)

    @staticmethod
    def backward(dout, cache):
        x, w, b, conv_param = cache
        s, p = conv_param['stride'], conv_param['pad']
        H, W = x.shape[2:]
        xp = F.pad(x, (p, p, p, p))
        dxp, dw = torch.zeros_like(xp), torch.zeros_like(w)
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                g = dout[:, :, i, j]
                ys, xs = slice(i * s, i * s + w.shape[2]), slice(j * s, j * s + w.shape[3])
                dw += torch.einsum('nf,ncab->fcab', g, xp[:, :, ys, xs])
                dxp[:, :, ys, xs] += torch.einsum('nf,fcab->ncab', g, w)
        return dxp[:, :, p:p + H, p:p + W], dw, dout.sum(dim=(0, 2, 3))
