import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)


class Model(nn.Module):
    def __init__(self):
        super(Model, self).__init__()
        self.c1 = nn.Conv2d(1, 32, 3)
        self.c2 = nn.Conv2d(32, 64, 3)
        self.c3 = nn.Conv2d(64, 64, 3)
        self.d1 = nn.Linear(576, 64)
        self.d2 = nn.Linear(64, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.c1(x)), 2)
        x = F.max_pool2d(F.relu(self.c2(x)), 2)
        x = self.c3(x)
        x = x.view(x.size(0), -1)
        x = F.relu(self.d1(x))
        x = self.d2(x)
        return x


def load():
    with np.load("mnist.npz") as f:
        xtr, ytr = f["x_train"], f["y_train"]
        xte, yte = f["x_test"], f["y_test"]
    xtr = torch.tensor(xtr, dtype=torch.float32).reshape(-1, 1, 28, 28) / 255.0
    xte = torch.tensor(xte, dtype=torch.float32).reshape(-1, 1, 28, 28) / 255.0
    return xtr, torch.tensor(ytr, dtype=torch.int64), xte, torch.tensor(yte, dtype=torch.int64)


xtr, ytr, xte, yte = load()
n = len(xtr)
batch = 64
model = Model()

for epoch in range(5):
    perm = torch.randperm(n)
    total = 0.
    for k in range(0, n, batch):
        idx = perm[k:k + batch]
        xb = xtr[idx]
        y_batch = ytr[idx]
        opt = torch.optim.RMSprop(model.parameters(), lr=0.001)
        opt.zero_grad()
        out = model(xb)
        loss = F.cross_entropy(out, y_batch)
        loss.backward()
        opt.step()
        total += loss.item() * len(idx)
        if (k // batch) % 10 == 0:
            print("batch", k // batch, "loss", round(loss.item(), 4))
    # how well are we doing?
    right = 0
    with torch.no_grad():
        for k in range(0, len(xte), 1024):
            raw_scores = model(xte[k:k + 1024])
            right += (raw_scores.argmax(1) == yte[k:k + 1024]).sum().item()
    print("epoch", epoch, "loss", total / n, "test accuracy", right / len(xte))
