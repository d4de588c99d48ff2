"""
Lab 7: convolutions
Exercise 1 (classification of handwritten digits)
"""
import numpy as np
import torch
import torch.nn as nn

with np.load('mnist.npz') as f:
    x_train, y_train = f['x_train'], f['y_train']
    x_test, y_test = f['x_test'], f['y_test']

x_train = torch.from_numpy(x_train.astype('float32') / 255.0).unsqueeze(1)
x_test = torch.from_numpy(x_test.astype('float32') / 255.0).unsqueeze(1)
y_train = torch.from_numpy(y_train.astype('int64'))
y_test = torch.from_numpy(y_test.astype('int64'))
print(x_train.shape, y_train.shape, x_test.shape, y_test.shape)

dev = 'cuda' if torch.cuda.is_available() else 'cpu'
net = nn.Sequential(
    nn.Conv2d(1, 32, (3, 3)), nn.ReLU(), nn.MaxPool2d((2, 2)),
    nn.Conv2d(32, 64, (3, 3)), nn.ReLU(), nn.MaxPool2d((2, 2)),
    nn.Conv2d(64, 64, (3, 3)), nn.Flatten(),
    nn.Linear(576, 64), nn.ReLU(),
    nn.Linear(64, 10))
net.to(dev)

loss_function = nn.CrossEntropyLoss()
optimiser = torch.optim.RMSprop(net.parameters())
batch = 64
n = len(x_train)

for ep in range(5):
    net.train()
    perm_x = torch.randperm(n)
    perm_y = torch.randperm(n)
    losses = []
    matches = 0
    for start in range(0, n, batch):
        xb = x_train[perm_x[start:start + batch]].to(dev)
        by = y_train[perm_y[start:start + batch]].to(dev)
        optimiser.zero_grad()
        z = net(xb)
        loss = loss_function(z, by)
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
        matches += int((z.argmax(1) == by).sum())
        if (start // batch) % 10 == 0:
            print('epoch', ep, 'batch', start // batch, 'loss', loss.item())
    print('epoch', ep, 'loss', np.mean(losses), 'accuracy', matches / n)

net.eval()
matches = 0
with torch.no_grad():
    for start in range(0, len(x_test), 1024):
        xb = x_test[start:start + 1024].to(dev)
        by = y_test[start:start + 1024].to(dev)
        matches += int((net(xb).argmax(1) == by).sum())
print('accuracy on the test set:', matches / len(x_test))
