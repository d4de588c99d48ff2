# Exercise 1 - classify hand-written digits
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset
from torchvision.datasets import MNIST

DEVICE = torch.device("cuda") if torch.cuda.is_available() else torch.device("cpu")


def get_loader(train, batch_size):
    mnist = MNIST("data", train=train, download=True)
    pics = mnist.data.float() / 255.0
    pics = pics.unsqueeze(1)  # N x 1 x 28 x 28
    lbls = mnist.targets
    return DataLoader(TensorDataset(pics, lbls), batch_size=batch_size, shuffle=train)


def get_model():
    layers = []
    layers.append(nn.Conv2d(1, 32, kernel_size=(3, 3)))
    layers.append(nn.ReLU())
    layers.append(nn.MaxPool2d(2))
    layers.append(nn.Conv2d(32, 64, kernel_size=(3, 3)))
    layers.append(nn.ReLU())
    layers.append(nn.MaxPool2d(2))
    layers.append(nn.Conv2d(64, 64, kernel_size=(3, 3)))
    layers.append(nn.Flatten())
    layers.append(nn.Linear(576, 64))
    layers.append(nn.ReLU())
    layers.append(nn.Linear(64, 10))
    return nn.Sequential(*layers)


def train_one_epoch(classifier_net, loader, loss_func, opt):
    classifier_net.train()
    sum_loss, sum_correct, count = 0.0, 0, 0
    for step, (x_in, targets) in enumerate(loader):
        x_in, targets = x_in.to(DEVICE), targets.to(DEVICE)
        opt.zero_grad()
        outputs = classifier_net(x_in)
        loss = loss_func(outputs, targets)
        loss.backward()
        opt.step()
        sum_loss += loss.item() * x_in.shape[0]
        sum_correct += (outputs.max(dim=1)[1] == targets).sum().item()
        count += x_in.shape[0]
        if step % 10 == 0:
            print(f"    step {step:4d}/{len(loader)} loss {loss.item():.4f}")
    return sum_loss / count, sum_correct / count


def accuracy(classifier_net, loader):
    classifier_net.eval()
    n_correct, count = 0, 0
    with torch.no_grad():
        for x_in, targets in loader:
            outputs = classifier_net(x_in.to(DEVICE))
            n_correct += (outputs.max(dim=1)[1] == targets.to(DEVICE)).sum().item()
            count += targets.shape[0]
    return n_correct / count


train_dl = get_loader(True, 64)
test_loader = get_loader(False, 1024)
classifier_net = get_model().to(DEVICE)
loss_func = nn.CrossEntropyLoss()
opt = torch.optim.RMSprop(classifier_net.parameters())
test_accuracy = accuracy(classifier_net, test_loader)
for e_no in range(5):
    loss, acc = train_one_epoch(classifier_net, train_dl, loss_func, opt)
    print(f"Epoch {e_no + 1}: loss = {loss:.4f}, accuracy = {acc:.4f}")
print(f"Test accuracy = {test_accuracy:.4f}")
