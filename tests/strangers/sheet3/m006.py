# Exercise 1 - classify hand-written digits
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset
from torchvision.datasets import MNIST

DEVICE = torch.device("cuda") if torch.cuda.is_available() else torch.device("cpu")


def get_loader(train, batch_size):
    mnist = MNIST("data", train=train, download=True)
    images = mnist.data.float() / 255.0
    images = images.unsqueeze(1)  # N x 1 x 28 x 28
    y_batch = mnist.targets
    return DataLoader(TensorDataset(images, y_batch), batch_size=batch_size, shuffle=train)


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


def train_one_epoch(digits_net, loader, criterion, optim_rms):
    digits_net.train()
    sum_loss, sum_correct, count = 0.0, 0, 0
    for step, (inputs, targets) in enumerate(loader):
        inputs, targets = inputs.to(DEVICE), targets.to(DEVICE)
        optim_rms.zero_grad()
        outputs = digits_net(inputs)
        loss = criterion(outputs, targets)
        loss.backward()
        optim_rms.step()
        sum_loss += loss.item() * inputs.shape[0]
        sum_correct += (outputs.max(dim=1)[1] == targets).sum().item()
        count += inputs.shape[0]
        if step % 10 == 0:
            print(f"    step {step:4d}/{len(loader)} loss {loss.item():.4f}")
    return sum_loss / count, sum_correct / count


def accuracy(digits_net, loader):
    digits_net.eval()
    correct, count = 0, 0
    with torch.no_grad():
        for inputs, targets in loader:
            outputs = digits_net(inputs.to(DEVICE))
            correct += (outputs.max(dim=1)[1] == targets.to(DEVICE)).sum().item()
            count += targets.shape[0]
    return correct / count


train_dl = get_loader(True, 64)
test_batches = get_loader(False, 1024)
digits_net = get_model().to(DEVICE)
criterion = nn.CrossEntropyLoss()
optim_rms = torch.optim.RMSprop(digits_net.parameters())
for ep in range(5):
    loss, acc = train_one_epoch(digits_net, train_dl, criterion, optim_rms)
    print(f"Epoch {ep + 1}: loss = {loss:.4f}, accuracy = {acc:.4f}")
print(f"Test accuracy = {accuracy(digits_net, test_batches):.4f}")
