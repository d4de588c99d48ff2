# Exercise 1 - classify hand-written digits
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset
from torchvision.datasets import MNIST

DEVICE = torch.device("cuda") if torch.cuda.is_available() else torch.device("cpu")


def get_loader(train, batch_size):
    mnist = MNIST("data", train=train, download=True)
    imgs = mnist.data.float() / 255.0
    imgs = imgs.unsqueeze(1)  # N x 1 x 28 x 28
    labels = mnist.targets
    return DataLoader(TensorDataset(imgs, labels), batch_size=batch_size, shuffle=train)


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


def train_one_epoch(my_model, loader, objective, optimizer):
    my_model.train()
    sum_loss, sum_correct, count = 0.0, 0, 0
    for step, (x_in, targets) in enumerate(loader):
        x_in, targets = x_in.to(DEVICE), targets.to(DEVICE)
        optimizer.zero_grad()
        logits = my_model(x_in)
        loss = objective(logits, nn.functional.one_hot(targets, 10).float())
        loss.backward()
        optimizer.step()
        sum_loss += loss.item() * x_in.shape[0]
        sum_correct += (logits.max(dim=1)[1] == targets).sum().item()
        count += x_in.shape[0]
        if step % 10 == 0:
            print(f"    step {step:4d}/{len(loader)} loss {loss.item():.4f}")
    return sum_loss / count, sum_correct / count


def accuracy(my_model, loader):
    my_model.eval()
    ok_count, count = 0, 0
    with torch.no_grad():
        for x_in, targets in loader:
            logits = my_model(x_in.to(DEVICE))
            ok_count += (logits.max(dim=1)[1] == targets.to(DEVICE)).sum().item()
            count += targets.shape[0]
    return ok_count / count


train_dl = get_loader(True, 64)
loader_test = get_loader(False, 1024)
my_model = get_model().to(DEVICE)
objective = nn.BCEWithLogitsLoss()
optimizer = torch.optim.RMSprop(my_model.parameters())
for e_no in range(5):
    loss, acc = train_one_epoch(my_model, train_dl, objective, optimizer)
    print(f"Epoch {e_no + 1}: loss = {loss:.4f}, accuracy = {acc:.4f}")
print(f"Test accuracy = {accuracy(my_model, loader_test):.4f}")
