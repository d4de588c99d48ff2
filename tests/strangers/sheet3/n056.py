# In[1]:

from collections import OrderedDict

import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

torch.manual_seed(0)

model = nn.Sequential(OrderedDict([
    ("conv1", nn.Conv2d(1, 32, 3)),
    ("relu1", nn.ReLU()),
    ("pool1", nn.MaxPool2d(2)),
    ("conv2", nn.Conv2d(32, 64, 3)),
    ("pool2", nn.MaxPool2d(2)),
    ("conv3", nn.Conv2d(64, 64, 3)),
    ("flatten", nn.Flatten()),
    ("fc1", nn.Linear(576, 64)),
    ("relu3", nn.ReLU()),
    ("fc2", nn.Linear(64, 10)),
]))


def run_epoch(classifier_net, loader, objective, optim_rms=None, device="cpu"):
    """One pass over the loader. With an optim_rms the classifier_net is trained."""
    training = optim_rms is not None
    classifier_net.train(training)
    total_loss = 0.0
    total_correct = 0
    total = 0
    with torch.set_grad_enabled(training):
        for step, (x, y) in enumerate(loader):
            x = x.to(device)
            y = y.to(device)
            logits = classifier_net(x)
            loss = objective(logits, y)
            if training:
                optim_rms.zero_grad()
                loss.backward()
                optim_rms.step()
                if step % 10 == 0:
                    print("  batch %d, loss %.4f" % (step, loss.item()))
            total_loss += loss.item() * y.size(0)
            total_correct += (logits.argmax(dim=1) == y).sum().item()
            total += y.size(0)
    return total_loss / total, total_correct / total


def load(train):
    return datasets.MNIST("~/datasets", train=train, download=True, transform=transforms.ToTensor())


def main():
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model.to(device)
    train_loader = DataLoader(load(True), batch_size=64, shuffle=True, num_workers=4)
    loader_test = DataLoader(load(False), batch_size=1024)
    objective = nn.CrossEntropyLoss()
    optim_rms = torch.optim.RMSprop(model.parameters(), lr=0.01)
    for ep in range(1, 6):
        loss, acc = run_epoch(model, train_loader, objective, optim_rms, device)
        print("epoch %d: loss %.4f, accuracy %.2f %%" % (ep, loss, 100 * acc))
    loss, acc = run_epoch(model, loader_test, objective, device=device)
    print("test: loss %.4f, accuracy %.2f %%" % (loss, 100 * acc))


main()
