# Exercise 1 - classify hand-written digits
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset
from torchvision.datasets import MNIST

DEVICE = torch.device("cuda") if torch.cuda.is_available() else torch.device("cpu")


def get_loader(train, batch_size):
    mnist = MNIST("data", train=train, download=True)
    batch_images = mnist.data.float() / 255.0
    batch_images = batch_images.unsqueeze(1)  # N x 1 x 28 x 28
    y_batch = mnist.targets
    return DataLoader(TensorDataset(batch_images, y_batch), batch_size=batch_size, shuffle=train)


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
    layers.append(nn.Linear(64, 10))
    return nn.Sequential(*layers)


def train_one_epoch(classifier_net, loader, loss_function, optimiser):
    classifier_net.train()
    sum_loss, sum_correct, count = 0.0, 0, 0
    for step, (inputs, targets) in enumerate(loader):
        inputs, targets = inputs.to(DEVICE), targets.to(DEVICE)
        optimiser.zero_grad()
        logits = classifier_net(inputs)
        loss = loss_function(logits, targets)
        loss.backward()
        optimiser.step()
        sum_loss += loss.item() * inputs.shape[0]
        sum_correct += (logits.max(dim=1)[1] == targets).sum().item()
        count += inputs.shape[0]
        if step % 10 == 0:
            print(f"    step {step:4d}/{len(loader)} loss {loss.item():.4f}")
    return sum_loss / count, sum_correct / count


def accuracy(classifier_net, loader):
    classifier_net.eval()
    num_ok, count = 0, 0
    with torch.no_grad():
        for inputs, targets in loader:
            logits = classifier_net(inputs.to(DEVICE))
            num_ok += (logits.max(dim=1)[1] == targets.to(DEVICE)).sum().item()
            count += targets.shape[0]
    return num_ok / count


loader_train = get_loader(True, 64)
loader_test = get_loader(False, 1024)
classifier_net = get_model().to(DEVICE)
loss_function = nn.CrossEntropyLoss()
optimiser = torch.optim.RMSprop(classifier_net.parameters())
for e_no in range(5):
    loss, acc = train_one_epoch(classifier_net, loader_train, loss_function, optimiser)
    print(f"Epoch {e_no + 1}: loss = {loss:.4f}, accuracy = {acc:.4f}")
print(f"Test accuracy = {accuracy(classifier_net, loader_test):.4f}")
