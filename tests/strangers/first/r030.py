import torch
import torch.nn.functional as F


def dilated_conv(x, w, b=None, stride=1, padding=0, dilation=1, groups=1):
    n, c, h, wd = x.shape
    o, cg, kh, kw = w.shape
    og = o // groups
    xp = F.pad(x, [padding] * 4)
    oh = (h + 2 * padding - dilation * (kh - 1) - 1) // stride + 1
    ow = (wd + 2 * padding - dilation * (kw - 1) - 1) // stride + 1
    pieces = []
    for g in range(groups):
        xg, wg = xp[:, g * cg:(g + 1) * cg], w[g * og:(g + 1) * og]
        acc = x.new_zeros(n, og, oh, ow)
        for i in range(kh):
            for j in range(kw):
                r, s = i * dilation, j * dilation
                view = xg[:, :, r:r + stride * (oh - 1) + 1:stride, s:s + stride * (ow - 1) + 1:stride]
                acc = acc + torch.einsum("nchw,oc->nohw", view, wg[:, :, i, j])
        pieces.append(acc)
    out = torch.cat(pieces, dim=1)
    return out if b is None else out + b.view(1, -1, 1, 1)
