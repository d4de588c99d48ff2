import torch
import torch.nn.functional as F


def grouped_conv(x, weight, stride=1, padding=0, groups=1):
    c_in = x.shape[1] // groups
    c_out = weight.shape[0] // groups
    x = F.pad(x, (padding, padding, padding, padding))
    kh, kw = weight.shape[-2:]
    outs = []
    for g in range(groups):
        start = 0 if g == 0 else c_in
        xg = x[:, start:start + c_in]
        wg = weight[g * c_out:(g + 1) * c_out]
        p = xg.unfold(2, kh, stride).unfold(3, kw, stride)
        outs.append(torch.einsum("bcyxij,ocij->boyx", p, wg))
    return torch.cat(outs, 1)
