# In[1]:

import argparse

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from torchvision import datasets, transforms


class LeNetLike(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.conv3 = nn.Conv2d(64, 64, 3, padding=1)
        self.fc1 = nn.Linear(64 * 7 * 7, 64)
        self.fc2 = nn.Linear(64, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = self.conv3(x)
        x = torch.flatten(x, 1)
        x = F.relu(self.fc1(x))
        return self.fc2(x)


def train(args, model, device, dl_train, optim_rms, e_no):
    model.train()
    total, correct = 0.0, 0
    for batch_idx, (data, target) in enumerate(dl_train):
        data, target = data.to(device), target.to(device)
        optim_rms.zero_grad()
        output = model(data)
        loss = F.cross_entropy(output, target)
        loss.backward()
        optim_rms.step()
        total += loss.item() * data.size(0)
        correct += output.argmax(1).eq(target).sum().item()
        if batch_idx % args.log_interval == 0:
            print("Train Epoch: {} [{}/{}]\tLoss: {:.6f}".format(
                e_no, batch_idx * len(data), len(dl_train.dataset), loss.item()))
    n = len(dl_train.dataset)
    print("Epoch {}: loss {:.4f} accuracy {:.4f}".format(e_no, total / n, correct / n))


def test(model, device, loader_test):
    model.eval()
    test_loss = 0
    correct = 0
    with torch.no_grad():
        for data, target in loader_test:
            data, target = data.to(device), target.to(device)
            output = model(data)
            test_loss += F.cross_entropy(output, target, reduction="sum").item()
            y_pred = output.argmax(dim=1, keepdim=True)
            correct += y_pred.eq(target.view_as(y_pred)).sum().item()
    test_loss /= len(loader_test.dataset)
    print("Test set: Average loss: {:.4f}, Accuracy: {}/{} ({:.2f}%)".format(
        test_loss, correct, len(loader_test.dataset), 100.0 * correct / len(loader_test.dataset)))


def main():
    parser = argparse.ArgumentParser(description="Lab 7, exercise 1")
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--test-batch-size", type=int, default=1024)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--lr", type=float, default=0.01)
    parser.add_argument("--log-interval", type=int, default=10)
    args = parser.parse_args()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

    train_set = datasets.MNIST("../data", train=True, download=True, transform=transforms.ToTensor())
    test_set = datasets.MNIST("../data", train=False, transform=transforms.ToTensor())
    dl_train = torch.utils.data.DataLoader(train_set, batch_size=args.batch_size, shuffle=True, num_workers=4)
    loader_test = torch.utils.data.DataLoader(test_set, batch_size=args.test_batch_size)

    model = LeNetLike().to(device)
    optim_rms = optim.RMSprop(model.parameters(), lr=args.lr)
    for e_no in range(1, args.epochs + 1):
        train(args, model, device, dl_train, optim_rms, e_no)
    test(model, device, loader_test)


if __name__ == "__main__":
    main()
