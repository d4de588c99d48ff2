"""MNIST with a convolutional network."""
from collections import OrderedDict

import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

torch.manual_seed(0)

conv_net = nn.Sequential(OrderedDict([
    ("conv1", nn.Conv2d(1, 32, 3)),
    ("relu1", nn.ReLU()),
    ("pool1", nn.MaxPool2d(2)),
    ("conv2", nn.Conv2d(32, 64, 3)),
    ("relu2", nn.ReLU()),
    ("pool2", nn.MaxPool2d(2)),
    ("conv3", nn.Conv2d(64, 64, 3)),
    ("flatten", nn.Flatten()),
    ("fc1", nn.Linear(576, 64)),
    ("relu3", nn.ReLU()),
    ("fc2", nn.Linear(64, 10)),
]))


def run_epoch(network, loader, criterion, optimiser=None, DEVICE_="cpu"):
    """One pass over the loader. With an optimiser the network is trained."""
    training = optimiser is not None
    network.train(training)
    loss_total = 0.0
    total_correct = 0
    total = 0
    with torch.set_grad_enabled(training):
        for step, (x, y) in enumerate(loader):
            x = x.to(DEVICE_)
            y = y.to(DEVICE_)
            logits = network(x)
            loss = criterion(logits, y)
            if training:
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
                if step % 10 == 0:
                    print("  batch %d, loss %.4f" % (step, loss.item()))
            loss_total += loss.item() * y.size(0)
            total_correct += (logits.argmax(dim=1) == y).sum().item()
            total += y.size(0)
    return loss_total / total, total_correct / total


def load(train):
    return datasets.MNIST("~/datasets", train=train, download=True, transform=transforms.ToTensor())


def main():
    DEVICE_ = "cuda" if torch.cuda.is_available() else "cpu"
    conv_net.to(DEVICE_)
    train_loader = DataLoader(load(True), batch_size=64, shuffle=True, num_workers=4)
    test_dl = DataLoader(load(False), batch_size=1024)
    criterion = nn.CrossEntropyLoss()
    optimiser = torch.optim.RMSprop(conv_net.parameters(), lr=0.01)
    for epoch in range(1, 6):
        loss, acc = run_epoch(conv_net, train_loader, criterion, optimiser, DEVICE_)
        print("epoch %d: loss %.4f, accuracy %.2f %%" % (epoch, loss, 100 * acc))
    loss, acc = run_epoch(conv_net, test_dl, criterion, DEVICE_=DEVICE_)
    print("test: loss %.4f, accuracy %.2f %%" % (loss, 100 * acc))


main()
