# -*- coding: utf-8 -*-
import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import TensorDataset, DataLoader

torch.manual_seed(123)

data = np.load("mnist.npz")
X_train = torch.from_numpy(data["x_train"]).float() / 255
y_train = torch.from_numpy(data["y_train"]).long()
X_test = torch.from_numpy(data["x_test"]).float() / 255
y_test = torch.from_numpy(data["y_test"]).long()

# the channel axis is needed by Conv2d
X_train = X_train.unsqueeze(1)
X_test = X_test.unsqueeze(1)

train_dl = DataLoader(TensorDataset(X_train, y_train), batch_size=64, shuffle=True)
test_dl = DataLoader(TensorDataset(X_test, y_test), batch_size=1024)

cnn = nn.Sequential(
    nn.Conv2d(1, 32, (3, 3)), nn.ReLU(), nn.MaxPool2d((2, 2)),
    nn.Conv2d(32, 64, (3, 3)), nn.ReLU(), nn.MaxPool2d((2, 2)),
    nn.Conv2d(64, 64, (3, 3)),
    nn.Flatten(),
    nn.Linear(64 * 3 * 3, 64), nn.ReLU(),
    nn.Linear(64, 10))

loss_function = nn.CrossEntropyLoss()
optim = torch.optim.RMSprop(cnn.parameters())

EPOCHS = 5
epoch_losses = []
for ep in range(EPOCHS):
    cnn.train()
    batch_losses = []
    n_good = 0
    for xb, yb in train_dl:
        out = cnn(xb)
        loss = loss_function(out, yb)
        optim.zero_grad()
        loss.backward()
        optim.step()
        batch_losses.append(loss.item() / len(xb))
        n_good += int((out.argmax(-1) == yb).sum())
        if len(batch_losses) % 10 == 0:
            print(ep, len(batch_losses), loss.item())
    epoch_losses.append(sum(batch_losses) / len(batch_losses))
    print(f"[{ep}] mean loss {epoch_losses[-1]:.4f}, acc {n_good / len(X_train):.4f}")

cnn.eval()
n_good = 0
with torch.no_grad():
    for xb, yb in test_dl:
        n_good += int((cnn(xb).argmax(-1) == yb).sum())
print("Accuracy on the test set:", n_good / len(X_test))
