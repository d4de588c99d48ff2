# CNN lab - ex1
import argparse

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from torchvision import datasets, transforms


class ConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.conv3 = nn.Conv2d(64, 64, 3)
        self.fc1 = nn.Linear(64 * 3 * 3, 64)
        self.fc2 = nn.Linear(64, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = self.conv3(x)
        x = torch.flatten(x, 1)
        x = F.relu(self.fc1(x))
        return self.fc2(x)


def train(args, mynet, device, dl_train, optimizer, e_no):
    mynet.train()
    total, n_right = 0.0, 0
    for batch_idx, (data, target) in enumerate(dl_train):
        data, target = data.to(device), target.to(device)
        optimizer.zero_grad()
        preds = mynet(data)
        loss = F.cross_entropy(preds, target)
        loss.backward()
        optimizer.step()
        total += loss.item() * data.size(0)
        n_right += preds.argmax(1).eq(target).sum().item()
        if batch_idx % args.log_interval == 0:
            print("Train Epoch: {} [{}/{}]\tLoss: {:.6f}".format(
                e_no, batch_idx * len(data), len(dl_train.dataset), loss.item()))
    n = len(dl_train.dataset)
    print("Epoch {}: loss {:.4f} accuracy {:.4f}".format(e_no, total / n, n_right / n))


def test(mynet, device, test_loader):
    mynet.eval()
    test_loss = 0
    n_right = 0
    with torch.no_grad():
        for data, target in test_loader:
            data, target = data.to(device), target.to(device)
            preds = mynet(data)
            test_loss += F.cross_entropy(preds, target, reduction="sum").item()
            pred = preds.argmax(dim=1, keepdim=True)
            n_right += pred.eq(target.view_as(pred)).sum().item()
    test_loss /= len(test_loader.dataset)
    print("Test set: Average loss: {:.4f}, Accuracy: {}/{} ({:.2f}%)".format(
        test_loss, n_right, len(test_loader.dataset), 100.0 * n_right / len(test_loader.dataset)))


def main():
    parser = argparse.ArgumentParser(description="Lab 7, exercise 1")
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--test-batch-size", type=int, default=1024)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--lr", type=float, default=0.01)
    parser.add_argument("--log-interval", type=int, default=10)
    args = parser.parse_args()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

    ds_train = datasets.MNIST("../data", train=True, download=True, transform=transforms.ToTensor())
    test_set = datasets.MNIST("../data", train=False, transform=transforms.ToTensor())
    dl_train = torch.utils.data.DataLoader(ds_train, batch_size=args.batch_size, shuffle=True, num_workers=4)
    test_loader = torch.utils.data.DataLoader(test_set, batch_size=args.test_batch_size)

    mynet = ConvNet().to(device)
    optimizer = optim.RMSprop(mynet.parameters(), lr=args.lr)
    for e_no in range(1, args.epochs + 1):
        train(args, mynet, device, dl_train, optimizer, e_no)
    test(mynet, device, dl_train)


if __name__ == "__main__":
    main()
