# -*- coding: utf-8 -*-
# my solution for the first exercise
import numpy as np
import torch
import torch.nn as nn

# load the data from the npz file we were given
with np.load("mnist.npz") as f:
    x_train, y_train = f["x_train"], f["y_train"]
    x_test, y_test = f["x_test"], f["y_test"]

# scale to 0-1 and add the channel axis
x_train = torch.from_numpy(x_train.astype("float32") / 255.0).unsqueeze(1)
x_test = torch.from_numpy(x_test.astype("float32")).unsqueeze(1)
y_train = torch.from_numpy(y_train.astype("int64"))
y_test = torch.from_numpy(y_test.astype("int64"))
print(x_train.shape, y_train.shape, x_test.shape, y_test.shape)

dev = "cuda" if torch.cuda.is_available() else "cpu"
the_model = nn.Sequential(
    nn.Conv2d(1, 32, (3, 3)), nn.ReLU(), nn.MaxPool2d((2, 2)),
    nn.Conv2d(32, 64, (3, 3)), nn.ReLU(), nn.MaxPool2d((2, 2)),
    nn.Conv2d(64, 64, (3, 3)), nn.Flatten(),
    nn.Linear(576, 64), nn.ReLU(),
    nn.Linear(64, 10))
the_model.to(dev)

loss_function = nn.CrossEntropyLoss()
optimizer = torch.optim.RMSprop(the_model.parameters())
batch = 64
n = len(x_train)

for epoch in range(5):
    the_model.train()
    shuffled = torch.randperm(n)
    losses = []
    matches = 0
    for start in range(0, n, batch):
        idx = shuffled[start:start + batch]
        xb = x_train[idx].to(dev)
        yb = y_train[idx].to(dev)
        optimizer.zero_grad()
        logits = the_model(xb)
        loss = loss_function(logits, yb)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        matches += int((logits.argmax(1) == yb).sum())
        if (start // batch) % 10 == 0:
            print("epoch", epoch, "batch", start // batch, "loss", loss.item())
    print("epoch", epoch, "loss", np.mean(losses), "accuracy", matches / n)

# evaluation
the_model.eval()
matches = 0
with torch.no_grad():
    for start in range(0, len(x_test), 1024):
        xb = x_test[start:start + 1024].to(dev)
        yb = y_test[start:start + 1024].to(dev)
        matches += int((the_model(xb).argmax(1) == yb).sum())
print("accuracy on the test set:", matches / len(x_test))
