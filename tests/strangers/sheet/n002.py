# -*- coding: utf-8 -*-
import torch
import torch.nn as nn
import torch.nn.functional as F


class DigitNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.convs = nn.ModuleList([nn.Conv2d(1, 32, 3), nn.Conv2d(32, 64, 3), nn.Conv2d(64, 64, 3)])
        self.hidden = nn.Linear(64 * 3 * 3, 64)
        self.last = nn.Linear(64, 10)

    def forward(self, x):
        for conv in self.convs[:2]:
            x = F.max_pool2d(torch.relu(conv(x)), (2, 2))
        x = torch.relu(self.convs[2](x))
        x = torch.flatten(x, start_dim=1)
        return self.last(torch.relu(self.hidden(x)))


class Trainer:
    """t = Trainer(DigitNet()); t.run(x, y); t.accuracy(x_test, y_test)"""

    def __init__(self, mymodel, lr=0.01, batch_size=64):
        self.net = mymodel
        self.batch_size = batch_size
        self.optimizer = torch.optim.RMSprop(mymodel.parameters(), lr=lr)
        self.history = {"loss": [], "acc": []}

    def one_batch(self, x, y):
        self.optimizer.zero_grad()
        raw_scores = self.net(x)
        loss = F.cross_entropy(raw_scores, y)
        loss.backward()
        self.optimizer.step()
        return loss.item(), (raw_scores.argmax(1) == y).sum().item()

    def run(self, x, y, epochs=5):
        self.net.train()
        for epoch in range(epochs):
            order = torch.randperm(len(x))
            loss_sum, n_ok = 0, 0
            for number, idx in enumerate(order.split(self.batch_size)):
                loss, ok = self.one_batch(x[idx], y[idx])
                loss_sum += loss * len(idx)
                n_ok += ok
                if number % 10 == 0:
                    print("batch", number, "loss", loss)
            self.history["loss"].append(loss_sum / len(x))
            self.history["acc"].append(n_ok / len(x))

    def accuracy(self, x, y):
        self.net.eval()
        n_ok = 0
        n_batches = 0
        with torch.no_grad():
            for inp, yb in zip(x.split(1024), y.split(1024)):
                n_ok += (self.net(inp).argmax(1) == yb).sum().item()
                n_batches += 1
        return n_ok / len(x)
