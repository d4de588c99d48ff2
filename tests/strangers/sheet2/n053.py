from collections import OrderedDict

import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

torch.manual_seed(0)

conv_net = nn.Sequential(OrderedDict([
    ("conv1", nn.Conv2d(1, 32, 3, stride=2)),
    ("relu1", nn.ReLU()),
    ("conv2", nn.Conv2d(32, 64, 3, stride=2)),
    ("relu2", nn.ReLU()),
    ("conv3", nn.Conv2d(64, 64, 3)),
    ("flatten", nn.Flatten()),
    ("fc1", nn.Linear(64 * 4 * 4, 64)),
    ("relu3", nn.ReLU()),
    ("fc2", nn.Linear(64, 10)),
]))


def run_epoch(model, loader, objective, optimizer=None, device="cpu"):
    """One pass over the loader. With an optimizer the model is trained."""
    training = optimizer is not None
    model.train(training)
    total_loss = 0.0
    total_correct = 0
    total = 0
    with torch.set_grad_enabled(training):
        for step, (x, y) in enumerate(loader):
            x = x.to(device)
            y = y.to(device)
            logits = model(x)
            loss = objective(logits, y)
            if training:
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                if step % 10 == 0:
                    print("  batch %d, loss %.4f" % (step, loss.item()))
            total_loss += loss.item() * y.size(0)
            total_correct += (logits.argmax(1) == y).sum().item()
            total += y.size(0)
    return total_loss / total, total_correct / total


def load(train):
    return datasets.MNIST("~/datasets", train=train, download=True, transform=transforms.ToTensor())


def main():
    device = "cuda" if torch.cuda.is_available() else "cpu"
    conv_net.to(device)
    train_loader = DataLoader(load(True), batch_size=64, shuffle=True, num_workers=4)
    loader_test = DataLoader(load(False), batch_size=1024)
    objective = nn.CrossEntropyLoss()
    optimizer = torch.optim.RMSprop(conv_net.parameters(), lr=0.01)
    for ep in range(1, 6):
        loss, acc = run_epoch(conv_net, train_loader, objective, optimizer, device)
        print("epoch %d: loss %.4f, accuracy %.2f %%" % (ep, loss, 100 * acc))
    loss, acc = run_epoch(conv_net, loader_test, objective, device=device)
    print("test: loss %.4f, accuracy %.2f %%" % (loss, 100 * acc))


main()
