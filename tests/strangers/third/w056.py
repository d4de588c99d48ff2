import torch
import torch.nn.functional as F


def conv2d(input, weight, stride=1, padding=0):
    N, C, H, W = input.shape
    O, _, kh, kw = weight.shape
    cols = F.unfold(input, kernel_size=(kh, kw), stride=stride, padding=padding)
    w = weight.permute(0, 2, 3, 1).contiguous().view(O, -1)
    out = w.matmul(cols)
    H_out = (H + 2 * padding - kh) // stride + 1
    W_out = (W + 2 * padding - kw) // stride + 1
    return out.view(N, O, H_out, W_out)


if __name__ == "__main__":
    x = torch.randn(2, 1, 8, 8)
    w = torch.randn(4, 1, 3, 3)
    print((conv2d(x, w) - F.conv2d(x, w)).abs().max())
