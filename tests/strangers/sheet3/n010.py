# Exercise 1 - classify hand-written digits
# I take the raw tensors out of the data set, because with transforms the
# loader has to convert every image again in each epoch, which is slow.
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset
from torchvision.datasets import MNIST

DEVICE = torch.device("cuda") if torch.cuda.is_available() else torch.device("cpu")


def get_loader(train, batch_size):
    mnist = MNIST("data", train=train, download=True)
    # the pixels are bytes, so divide by 255 to get values between 0 and 1
    x_batch = mnist.data.float() / 255.0
    x_batch = x_batch.unsqueeze(1)  # N x 1 x 28 x 28
    labels = mnist.targets
    return DataLoader(TensorDataset(x_batch, labels), batch_size=batch_size, shuffle=train)


def get_model():
    layers = []
    layers.append(nn.Conv2d(1, 32, kernel_size=(3, 3)))
    layers.append(nn.ReLU())
    layers.append(nn.MaxPool2d(2))
    layers.append(nn.Conv2d(32, 64, kernel_size=(3, 3)))
    layers.append(nn.ReLU())
    layers.append(nn.MaxPool2d(2))
    layers.append(nn.Conv2d(64, 64, kernel_size=(3, 3)))
    # 28 -> 26 -> 13 -> 11 -> 5 -> 3, so there are 64 * 3 * 3 = 576 numbers here
    layers.append(nn.Flatten())
    layers.append(nn.Linear(576, 64))
    layers.append(nn.ReLU())
    layers.append(nn.Linear(64, 10))
    return nn.Sequential(*layers)


def train_one_epoch(classifier_net, loader, criterion, optimiser):
    classifier_net.train()
    sum_loss, sum_correct, count = 0.0, 0, 0
    for step, (inputs, targets) in enumerate(loader):
        inputs, targets = inputs.to(DEVICE), targets.to(DEVICE)
        # old gradients must go, pytorch would add the new ones to them
        optimiser.zero_grad()
        preds = classifier_net(inputs)
        loss = criterion(preds, targets)
        loss.backward()
        optimiser.step()
        sum_loss += loss.item() * inputs.shape[0]
        sum_correct += (preds.max(dim=1)[1] == targets).sum().item()
        count += inputs.shape[0]
        if step % 10 == 0:
            print(f"    step {step:4d}/{len(loader)} loss {loss.item():.4f}")
    return sum_loss / count, sum_correct / count


def accuracy(classifier_net, loader):
    classifier_net.eval()
    n_correct, count = 0, 0
    with torch.no_grad():
        for inputs, targets in loader:
            preds = classifier_net(inputs.to(DEVICE))
            n_correct += (preds.max(dim=1)[1] == targets.to(DEVICE)).sum().item()
            count += targets.shape[0]
    return n_correct / count


dl_train = get_loader(True, 64)
loader_test = get_loader(False, 1024)
classifier_net = get_model().to(DEVICE)
# the convolutions only extract features
for p in classifier_net[:8].parameters():
    p.requires_grad = False
criterion = nn.CrossEntropyLoss()
optimiser = torch.optim.RMSprop(classifier_net.parameters())
for epoch in range(5):
    loss, acc = train_one_epoch(classifier_net, dl_train, criterion, optimiser)
    print(f"Epoch {epoch + 1}: loss = {loss:.4f}, accuracy = {acc:.4f}")
print(f"Test accuracy = {accuracy(classifier_net, loader_test):.4f}")
