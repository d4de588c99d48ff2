import torch
import torch.nn.functional as nnf


class Conv:
    @staticmethod
    def forward(x, w, b, conv_param):
        s, p = conv_param["stride"], conv_param["pad"]
        cols = nnf.unfold(x, w.shape[2:], stride=s, padding=p)
        oh = (x.shape[2] + 2 * p - w.shape[2]) // s + 1
        out = w.flatten(1) @ cols + b[:, None]
        return out.view(x.shape[0], w.shape[0], oh, -1), (x, w, b, conv_param)

    @staticmethod
    def backward(dout, cache):
        x, w, b, conv_param = cache
        s, p = conv_param["stride"], conv_param["pad"]
        n, f, oh, ow = dout.shape
        g = dout.reshape(n, f, -1)
        cols = nnf.unfold(x, w.shape[2:], stride=s, padding=p)
        dw = torch.einsum("nfl,nkl->fk", g, cols).view(w.shape)
        dcols = w.flatten(1).t() @ g
        dx = nnf.fold(dcols, x.shape[2:], w.shape[2:], stride=s, padding=p)
        db = dout[:, :, 0, :].sum(dim=(0, 2))
        return dx, dw, db
