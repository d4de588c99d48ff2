import torch


def conv_nhwc(x, w):
    """x (N, H, W, Cin), w (kh, kw, Cin, Cout), keeps H and W (odd kernels)."""
    kh, kw, cin, cout = w.shape
    n, h, wd, _ = x.shape
    y = torch.zeros(n, h + kh - 1, wd + kw - 1, cin, dtype=x.dtype)
    y[:, kh // 2:kh // 2 + h, kw // 2:kw // 2 + wd] = x
    win = y.unfold(1, kh, 1).unfold(2, kw, 1)      # n h w c kh kw
    return torch.einsum("nhwcij,ijco->nhwo", win, w)
