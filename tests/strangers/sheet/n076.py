# my solution
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(1)


class DigitNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.convs = nn.ModuleList([nn.Conv2d(1, 32, 3), nn.Conv2d(32, 64, 3), nn.Conv2d(64, 64, 3)])
        self.hidden = nn.Linear(64 * 4 * 4, 64)
        self.last = nn.Linear(64, 10)

    def forward(self, x):
        for conv in self.convs[:2]:
            x = torch.relu(conv(x))
        x = F.max_pool2d(F.max_pool2d(x, 2), 2)
        x = self.convs[2](x)
        x = torch.flatten(x, start_dim=1)
        return self.last(torch.relu(self.hidden(x)))


class Trainer:
    """t = Trainer(DigitNet()); t.run(x, y); t.accuracy(x_test, y_test)"""

    def __init__(self, convnet, lr=0.01, batch_size=64):
        self.net = convnet
        self.batch_size = batch_size
        self.optimizer = torch.optim.RMSprop(convnet.parameters(), lr=lr)
        self.history = {"loss": [], "acc": []}

    def one_batch(self, x, y):
        self.optimizer.zero_grad()
        res = self.net(x)
        loss = F.cross_entropy(res, y)
        loss.backward()
        self.optimizer.step()
        return loss.item(), (res.argmax(1) == y).sum().item()

    def run(self, x, y, epochs=5):
        self.net.train()
        for epoch in range(epochs):
            order = torch.randperm(len(x))
            acc_loss, n_ok = 0, 0
            for number, idx in enumerate(order.split(self.batch_size)):
                loss, ok = self.one_batch(x[idx], y[idx])
                acc_loss += loss * len(idx)
                n_ok += ok
                if number % 10 == 0:
                    print("batch", number, "loss", loss)
            self.history["loss"].append(acc_loss / len(x))
            self.history["acc"].append(n_ok / len(x))

    def accuracy(self, x, y):
        self.net.eval()
        n_ok = 0
        n_batches = 0
        with torch.no_grad():
            for x_batch, tgt in zip(x.split(1024), y.split(1024)):
                n_ok += (self.net(x_batch).argmax(1) == tgt).sum().item()
                n_batches += 1
        return n_ok / len(x)
