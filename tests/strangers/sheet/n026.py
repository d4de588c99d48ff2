# my solution
import torch
from torch import nn
from torch.nn import functional as F


class MnistClassifier(nn.Module):
    """fit(x, y) and score(x, y), x: (N, 1, 28, 28) floats 0..1, y: (N,) longs"""

    def __init__(self, lr=0.01):
        super().__init__()
        self.conv_a = nn.Conv2d(1, 32, 3)
        self.conv_b = nn.Conv2d(32, 64, 3)
        self.conv_c = nn.Conv2d(64, 64, 3)
        self.dense = nn.Linear(576, 128)
        self.output = nn.Linear(128, 10)
        self.lr = lr

    def forward(self, x):
        h = self.conv_a(x).relu()
        h = F.max_pool2d(h, kernel_size=2)
        h = self.conv_b(h).relu()
        h = F.max_pool2d(h, kernel_size=2)
        h = self.conv_c(h)
        h = h.flatten(start_dim=1)
        h = self.dense(h).relu()
        return self.output(h)

    def fit(self, x, y, epochs=5, batch_size=64):
        opt = torch.optim.RMSprop(self.parameters(), lr=self.lr)
        self.train()
        for epoch in range(epochs):
            losses = []
            for idx in torch.randperm(len(x)).split(batch_size):
                loss = F.cross_entropy(self(x[idx]), y[idx])
                opt.zero_grad()
                loss.backward()
                opt.step()
                losses.append(loss.item())
            print("epoch", epoch, sum(losses) / len(losses))
        return self

    @torch.no_grad()
    def score(self, x, y, batch_size=1024):
        self.eval()
        hits = 0
        for bx, y_batch in zip(x.split(batch_size), y.split(batch_size)):
            hits += (self(bx).argmax(dim=1) == y_batch).sum().item()
        return hits / len(x)
