#!/usr/bin/env python3
import numpy as np
import torch
import torch.nn as nn

with np.load("mnist.npz") as f:
    x_train, y_train = f["x_train"], f["y_train"]
    x_test, y_test = f["x_test"], f["y_test"]

x_train = torch.from_numpy(x_train.astype("float32") / 255.0).unsqueeze(1)
x_test = torch.from_numpy(x_test.astype("float32") / 255.0).unsqueeze(1)
y_train = torch.from_numpy(y_train.astype("int64"))
y_test = torch.from_numpy(y_test.astype("int64"))
print(x_train.shape, y_train.shape, x_test.shape, y_test.shape)

dev = "cuda" if torch.cuda.is_available() else "cpu"
mynet = nn.Sequential(
    nn.Conv2d(1, 32, (3, 3)), nn.ReLU(), nn.MaxPool2d((2, 2), stride=1),
    nn.Conv2d(32, 64, (3, 3)), nn.ReLU(), nn.MaxPool2d((2, 2), stride=1),
    nn.Conv2d(64, 64, (3, 3)), nn.Flatten(),
    nn.Linear(64 * 20 * 20, 64), nn.ReLU(),
    nn.Linear(64, 10))
mynet.to(dev)

loss_function = nn.CrossEntropyLoss()
opt = torch.optim.RMSprop(mynet.parameters())
batch = 64
n = len(x_train)

for epoch in range(5):
    mynet.train()
    perm = torch.randperm(n)
    losses = []
    n_good = 0
    for start in range(0, n, batch):
        idx = perm[start:start + batch]
        x_mini = x_train[idx].to(dev)
        y_mini = y_train[idx].to(dev)
        opt.zero_grad()
        logits = mynet(x_mini)
        loss = loss_function(logits, y_mini)
        loss.backward()
        opt.step()
        losses.append(loss.item())
        n_good += int((logits.argmax(1) == y_mini).sum())
        if (start // batch) % 10 == 0:
            print("epoch", epoch, "batch", start // batch, "loss", loss.item())
    print("epoch", epoch, "loss", np.mean(losses), "accuracy", n_good / n)

mynet.eval()
n_good = 0
with torch.no_grad():
    for start in range(0, len(x_test), 1024):
        x_mini = x_test[start:start + 1024].to(dev)
        y_mini = y_test[start:start + 1024].to(dev)
        n_good += int((mynet(x_mini).argmax(1) == y_mini).sum())
print("accuracy on the test set:", n_good / len(x_test))
