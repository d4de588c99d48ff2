# everything with torch.nn.functional, to see what the layers really do
import math
import numpy as np
import torch
import torch.nn.functional as F

torch.manual_seed(42)


def init(*shape):
    fan_in = math.prod(shape[1:])
    bound = 1 / math.sqrt(fan_in)
    w = torch.zeros(*shape)
    b = torch.zeros(shape[0])
    return w.requires_grad_(), b.requires_grad_()


W1, b1 = init(32, 1, 3, 3)
W2, b2 = init(64, 32, 3, 3)
W3, b3 = init(64, 64, 3, 3)
W4, b4 = init(64, 576)
W5, b5 = init(10, 64)
params = [W1, b1, W2, b2, W3, b3, W4, b4, W5, b5]


def model(x):
    x = F.conv2d(x, W1, b1)
    x = F.relu(x)
    x = F.max_pool2d(x, 2)
    x = F.conv2d(x, W2, b2)
    x = F.relu(x)
    x = F.max_pool2d(x, 2)
    x = F.conv2d(x, W3, b3)
    x = torch.flatten(x, 1)
    x = F.linear(x, W4, b4)
    x = F.relu(x)
    x = F.linear(x, W5, b5)
    return x


d = np.load("mnist.npz")
x_train = torch.Tensor(d["x_train"] / 255.0)[:, None]
y_train = torch.LongTensor(d["y_train"].astype("int64"))
x_test = torch.Tensor(d["x_test"] / 255.0)[:, None]
y_test = torch.LongTensor(d["y_test"].astype("int64"))

opt = torch.optim.RMSprop(params)

for epoch in range(5):
    p = torch.randperm(len(x_train))
    x_train, y_train = x_train[p], y_train[p]
    losses = []
    for i in range(0, len(x_train), 64):
        x = x_train[i:i + 64]
        y = y_train[i:i + 64]
        loss = F.cross_entropy(model(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    print("epoch", epoch + 1, "loss", np.mean(losses))

hits = 0
with torch.no_grad():
    for i in range(0, len(x_test), 1024):
        hits += (model(x_test[i:i + 1024]).argmax(1) == y_test[i:i + 1024]).sum().item()
print("accuracy", hits / len(x_test))
