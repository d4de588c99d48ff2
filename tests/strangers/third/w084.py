import torch


class MyConv2d(torch.nn.Module):
    def __init__(self, weight, bias, stride=1, padding=0):
        super().__init__()
        self.weight = torch.nn.Parameter(weight.clone())
        self.bias = torch.nn.Parameter(bias.clone())
        self.stride = stride
        self.padding = padding

    def forward(self, x):
        O, C, kh, kw = self.weight.shape
        s, p = self.stride, self.padding
        x = torch.nn.functional.pad(x, (p, p, p, p))
        windows = x.unfold(2, kh, s).unfold(3, kw, s)
        outputs = []
        for o in range(O):
            fmap = 0
            for c in range(C):
                fmap = fmap + (windows[:, c] * self.weight[o, c]).sum(dim=(-2, -1)) + self.bias[o]
            outputs.append(fmap)
        return torch.stack(outputs, dim=1)
