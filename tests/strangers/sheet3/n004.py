# -*- coding: utf-8 -*-
# my solution for the first exercise
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset

bs = 64
lr = 0.01
epochs = 5
dev = torch.device('cuda') if torch.cuda.is_available() else torch.device('cpu')

with np.load(Path('mnist.npz')) as z:
    arrays = [z[k] for k in ('x_train', 'y_train', 'x_test', 'y_test')]
x_train, y_train, x_test, y_test = map(torch.tensor, arrays)
x_train = x_train.float().view(-1, 1, 28, 28) / 255
x_test = x_test.float().view(-1, 1, 28, 28) / 255
y_train, y_test = y_train.long(), y_test.long()


class Lambda(nn.Module):
    def __init__(self, func):
        super().__init__()
        self.func = func

    def forward(self, x):
        return self.func(x)


def get_data(dataset_train, dataset_test, bs):
    return DataLoader(dataset_train, batch_size=bs, shuffle=True), DataLoader(dataset_test, batch_size=1024)


def get_model():
    network = nn.Sequential(
        nn.Conv2d(1, 32, kernel_size=3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, kernel_size=3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(64, 64, kernel_size=3),
        Lambda(lambda x: x.view(576, -1).t()),
        nn.Linear(576, 64),
        nn.ReLU(),
        nn.Linear(64, 10),
    ).to(dev)
    return network, optim.RMSprop(network.parameters(), lr=lr)


def loss_batch(network, loss_func, x_mini, by, optimizer=None):
    out = network(x_mini)
    loss = loss_func(out, by)
    if optimizer is not None:
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    return loss.item(), (out.argmax(1) == by).float().sum().item(), len(x_mini)


def summarise(results):
    losses, rights, nums = zip(*results)
    return np.sum(np.multiply(losses, nums)) / np.sum(nums), np.sum(rights) / np.sum(nums)


def fit(epochs, network, loss_func, optimizer, train_dl):
    for e_no in range(epochs):
        network.train()
        results = []
        for i, (x_mini, by) in enumerate(train_dl):
            results.append(loss_batch(network, loss_func, x_mini.to(dev), by.to(dev), optimizer))
            if i % 10 == 0:
                print(e_no, i, results[-1][0])
        print(e_no, *summarise(results))


train_dl, test_dl = get_data(TensorDataset(x_train, y_train), TensorDataset(x_test, y_test), bs)
network, optimizer = get_model()
fit(epochs, network, F.cross_entropy, optimizer, train_dl)

network.eval()
with torch.no_grad():
    results = [loss_batch(network, F.cross_entropy, x_mini.to(dev), by.to(dev)) for x_mini, by in test_dl]
print('test loss and accuracy:', *summarise(results))
