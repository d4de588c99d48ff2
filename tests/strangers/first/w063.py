import torch
import torch.nn.functional as tf


class Conv(object):

    @staticmethod
    def forward(x, w, b, conv_param):
        s, p = conv_param['stride'], conv_param['pad']
        xp = tf.pad(x, (p, p, p, p))
        view = xp.unfold(2, w.shape[2], s).unfold(3, w.shape[3], s)
        out = torch.einsum('nchwij,fcij->nfhw', view, w) + b.view(1, -1, 1, 1)
        return out, (x, w, b, conv_param)

    @staticmethod
    def backward(dout, cache):
        x, w, b, conv_param = cache
        s, p = conv_param['stride'], conv_param['pad']
        N, F, Ho, Wo = dout.shape
        HH, WW = w.shape[2:]
        xp = tf.pad(x, (p, p, p, p))
        dxp, dw = torch.zeros_like(xp), torch.zeros_like(w)
        for n in range(N):
            for i in range(Ho):
                for j in range(Wo):
                    for f in range(F):
                        g = dout[n, f, i, j]
                        dw[f] += g * xp[n, :, i * s:i * s + HH, j * s:j * s + WW]
                        dxp[n, :, i * s:i * s + HH, j * s:j * s + WW] += g * w[f]
        db = dout.sum(dim=(2, 3))
        dx = dxp[:, :, p:p + x.shape[2], p:p + x.shape[3]]
        return dx, dw, db
