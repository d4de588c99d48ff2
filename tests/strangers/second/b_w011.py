import torch
import torch.nn.functional as F


def backward_data(input_size, filters, dout, stride=1, pad=0):
    batch = input_size[0]
    f, c, kh, kw = filters.shape
    oh, ow = dout.shape[2:]
    hp = (oh - 1) * stride + kh
    wp = (ow - 1) * stride + kw
    cols = filters.reshape(f, -1).T @ dout.reshape(batch, f, oh * ow)
    dx = F.fold(cols, (hp, wp), (kh, kw), stride=stride)
    return dx[:, :, pad:hp - pad, pad:wp - pad]
