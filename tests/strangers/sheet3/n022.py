# Exercise 1 - classify hand-written digits
# I take the raw tensors out of the data set, because with transforms the
# loader has to convert every image again in each ep, which is slow.
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset
from torchvision.datasets import MNIST

DEVICE = torch.device("cuda") if torch.cuda.is_available() else torch.device("cpu")


def get_loader(train, batch_size):
    mnist = MNIST("data", train=train, download=True)
    # the pixels are bytes, so divide by 255 to get values between 0 and 1
    imgs = mnist.data.float() / 255.0
    imgs = imgs.unsqueeze(1)  # N x 1 x 28 x 28
    truth = mnist.targets
    return DataLoader(TensorDataset(imgs, truth), batch_size=batch_size, shuffle=train)


def get_model():
    layers = []
    layers.append(nn.Conv2d(1, 32, kernel_size=(3, 3)))
    layers.append(nn.ReLU())
    layers.append(nn.MaxPool2d(2))
    layers.append(nn.Conv2d(32, 64, kernel_size=(3, 3)))
    layers.append(nn.ReLU())
    layers.append(nn.MaxPool2d(2))
    layers.append(nn.Conv2d(64, 64, kernel_size=(3, 3)))
    # 28 -> 26 -> 13 -> 11 -> 5 -> 3, so there are 576 = 576 numbers here
    layers.append(nn.Flatten())
    layers.append(nn.Linear(576, 64))
    layers.append(nn.ReLU())
    layers.append(nn.Linear(64, 10))
    return nn.Sequential(*layers)


def train_one_epoch(cnn, loader, loss_fn, optim_rms):
    cnn.train()
    sum_loss, sum_correct, count = 0.0, 0, 0
    for step, (feats_in, targets) in enumerate(loader):
        feats_in, targets = feats_in.to(DEVICE), targets.to(DEVICE)
        # old gradients must go, pytorch would add the new ones to them
        optim_rms.zero_grad()
        z = cnn(feats_in)
        loss = loss_fn(z, targets)
        loss.backward()
        optim_rms.step()
        sum_loss += loss.item() * feats_in.shape[0]
        sum_correct += (z.max(dim=1)[1] == targets).sum().item()
        count += feats_in.shape[0]
        if step % 10 == 0:
            print(f"    step {step:4d}/{len(loader)} loss {loss.item():.3f}")
    return sum_loss / len(loader), sum_correct / count


def accuracy(cnn, loader):
    cnn.eval()
    n_correct, count = 0, 0
    with torch.no_grad():
        for feats_in, targets in loader:
            z = cnn(feats_in.to(DEVICE))
            n_correct += (z.max(dim=1)[1] == targets.to(DEVICE)).sum().item()
            count += targets.shape[0]
    return n_correct / count


dl_train = get_loader(True, 64)
test_loader = get_loader(False, 1024)
cnn = get_model().to(DEVICE)
loss_fn = nn.CrossEntropyLoss()
optim_rms = torch.optim.RMSprop(cnn.parameters())
for ep in range(5):
    loss, acc = train_one_epoch(cnn, dl_train, loss_fn, optim_rms)
    print(f"Epoch {ep + 1}: loss = {loss:.4f}, accuracy = {acc:.4f}")
print(f"Test accuracy = {accuracy(cnn, test_loader):.4f}")
