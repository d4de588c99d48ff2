import torch
from torch import nn
import torch.nn.functional as F

class DilatedConv(nn.Module):
    """Dilated convolution with zero padding that keeps the image's size (odd kernels)."""

    def __init__(self, cin, cout, k, d=1):
        super().__init__()
        self.k, self.d = k, d
        self.weight = nn.Parameter(torch.randn(cout, cin, k, k) / (k * cin ** 0.5))
        self.bias = nn.Parameter(torch.zeros(cout))

    def forward(self, x):
        p = self.k // 2
        x = F.pad(x, (p, p, p, p), mode="replicate")
        return F.conv2d(x, self.weight, self.bias, dilation=self.d)
