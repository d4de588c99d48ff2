import torch
import torch.nn.functional as F


def conv2d(input, weight, stride=1, padding=0):
    n = input.shape[0]
    o, c, kh, kw = weight.shape
    cols = F.unfold(input, (kh, kw), padding=padding, stride=stride)
    out = torch.matmul(weight.reshape(o, -1), cols)
    oh = (input.shape[2] + 2 * padding - kh) // stride + 1
    return out.reshape(n, o, oh, -1)


if __name__ == "__main__":
    for stride in (1, 2):
        for padding in (0, 1):
            x, w = torch.randn(2, 3, 9, 8), torch.randn(5, 3, 3, 2)
            assert torch.allclose(conv2d(x, w, stride, padding), F.conv2d(x, w, None, stride, padding), atol=1e-5)
