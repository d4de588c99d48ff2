import torch
import torch.nn.functional as F


def unfold_conv(x, weight, bias=None, stride=1, padding=0):
    n, c, h, w = x.shape
    out_c, in_c, kh, kw = weight.shape
    cols = F.unfold(x, kernel_size=(kh, kw), stride=stride, padding=padding).transpose(1, 2)
    mat = weight.permute(1, 3, 2, 0).reshape(in_c * kh * kw, out_c)
    out = cols.matmul(mat)
    if bias is not None:
        out = out + bias
    ho = (h + 2 * padding - kh) // stride + 1
    return out.transpose(1, 2).reshape(n, out_c, ho, -1)
