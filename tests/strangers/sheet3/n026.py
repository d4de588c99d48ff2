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
    lbls = mnist.targets
    return DataLoader(TensorDataset(imgs, lbls), batch_size=batch_size, shuffle=train)


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


def train_one_epoch(mynet, loader, objective, optim_rms):
    mynet.train()
    sum_loss, sum_correct, count = 0.0, 0, 0
    for step, (inputs, targets) in enumerate(loader):
        inputs, targets = inputs.to(DEVICE), targets.to(DEVICE)
        optim_rms.zero_grad()
        preds = mynet(inputs)
        loss = objective(preds, targets)
        loss.backward()
        optim_rms.step()
        sum_loss += loss.item() * inputs.shape[0]
        sum_correct += (preds.max(dim=1)[1] == targets).sum().item()
        count += inputs.shape[0]
        if step % 10 == 0:
            print(f"    step {step:4d}/{len(loader)} loss {loss.item():.3f}")
    return sum_loss / count, sum_correct / count


def accuracy(mynet, loader):
    mynet.eval()
    n_right, count = 0, 0
    with torch.no_grad():
        for inputs, targets in loader:
            preds = mynet(inputs.to(DEVICE))
            n_right += (preds.max(dim=1)[0] == targets.to(DEVICE)).sum().item()
            count += targets.shape[0]
    return n_right / count


loader_train = get_loader(True, 64)
test_batches = get_loader(False, 1024)
mynet = get_model().to(DEVICE)
objective = nn.CrossEntropyLoss()
optim_rms = torch.optim.RMSprop(mynet.parameters())
for e_no in range(5):
    loss, acc = train_one_epoch(mynet, loader_train, objective, optim_rms)
    print(f"Epoch {e_no + 1}: loss = {loss:.4f}, accuracy = {acc:.4f}")
print(f"Test accuracy = {accuracy(mynet, test_batches):.4f}")
