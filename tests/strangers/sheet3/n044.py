# CNN lab - ex1
import numpy as np
import torch
import torch.nn as nn

# load the data from the npz file we were given
with np.load("mnist.npz") as f:
    x_train, y_train = f["x_train"], f["y_train"]
    x_test, y_test = f["x_test"], f["y_test"]

# add the channel axis
x_train = torch.from_numpy(x_train.astype("float32")).unsqueeze(1)
x_test = torch.from_numpy(x_test.astype("float32")).unsqueeze(1)
y_train = torch.from_numpy(y_train.astype("int64"))
y_test = torch.from_numpy(y_test.astype("int64"))
print(x_train.shape, y_train.shape, x_test.shape, y_test.shape)

dev = "cuda" if torch.cuda.is_available() else "cpu"
digits_net = nn.Sequential(
    nn.Conv2d(1, 32, (3, 3)), nn.ReLU(), nn.MaxPool2d((2, 2)),
    nn.Conv2d(32, 64, (3, 3)), nn.ReLU(), nn.MaxPool2d((2, 2)),
    nn.Conv2d(64, 64, (3, 3)), nn.Flatten(),
    nn.Linear(64 * 3 * 3, 64), nn.ReLU(),
    nn.Linear(64, 10))
digits_net.to(dev)

loss_function = nn.CrossEntropyLoss()
optimizer = torch.optim.RMSprop(digits_net.parameters())
batch = 64
n = len(x_train)

for epoch in range(5):
    digits_net.train()
    perm = torch.randperm(n)
    losses = []
    hits = 0
    for start in range(0, n, batch):
        idx = perm[start:start + batch]
        bx = x_train[idx].to(dev)
        by = y_train[idx].to(dev)
        optimizer.zero_grad()
        z = digits_net(bx)
        loss = loss_function(z, by)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        hits += int((z.argmax(1) == by).sum())
        if (start // batch) % 10 == 0:
            print("epoch", epoch, "batch", start // batch, "loss", loss.item())
    print("epoch", epoch, "loss", np.mean(losses), "accuracy", hits / n)

# evaluation
digits_net.eval()
hits = 0
with torch.no_grad():
    for start in range(0, len(x_test), 1024):
        bx = x_test[start:start + 1024].to(dev)
        by = y_test[start:start + 1024].to(dev)
        hits += int((digits_net(bx).argmax(1) == by).sum())
print("accuracy on the test set:", hits / len(x_test))
