"""MNIST with a convolutional network."""
import argparse

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from torchvision import datasets, transforms


class MyCNN(nn.Module):
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


def train(args, classifier_net, device, train_loader, optimizer, e_no):
    classifier_net.train()
    total, right = 0.0, 0
    for batch_idx, (data, target) in enumerate(train_loader):
        data, target = data.to(device), target.to(device)
        optimizer.zero_grad()
        output = classifier_net(data)
        loss = F.cross_entropy(output, target)
        loss.backward()
        optimizer.step()
        total += loss.item() * data.size(0)
        right += output.argmax(1).eq(target).sum().item()
        if batch_idx % args.log_interval == 0:
            print("Train Epoch: {} [{}/{}]\tLoss: {:.6f}".format(
                e_no, batch_idx * len(data), len(train_loader.dataset), loss.item()))
    n = len(train_loader.dataset)
    print("Epoch {}: loss {:.4f} accuracy {:.4f}".format(e_no, total / n, right / n))


def test(classifier_net, device, test_dl):
    classifier_net.eval()
    test_loss = 0
    right = 0
    with torch.no_grad():
        for data, target in test_dl:
            data, target = data.to(device), target.to(device)
            output = classifier_net(data)
            test_loss += F.cross_entropy(output, target).item()
            y_pred = output.argmax(dim=1, keepdim=True)
            right += y_pred.eq(target.view_as(y_pred)).sum().item()
    test_loss /= len(test_dl.dataset)
    print("Test set: Average loss: {:.4f}, Accuracy: {}/{} ({:.2f}%)".format(
        test_loss, right, len(test_dl.dataset), 100.0 * right / len(test_dl.dataset)))


def main():
    parser = argparse.ArgumentParser(description="Lab 7, exercise 1")
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--test-batch-size", type=int, default=1024)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--lr", type=float, default=0.01)
    parser.add_argument("--log-interval", type=int, default=10)
    args = parser.parse_args()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

    mnist_train = datasets.MNIST("../data", train=True, download=True, transform=transforms.ToTensor())
    ds_test = datasets.MNIST("../data", train=False, transform=transforms.ToTensor())
    train_loader = torch.utils.data.DataLoader(mnist_train, batch_size=args.batch_size, shuffle=True, num_workers=4)
    test_dl = torch.utils.data.DataLoader(ds_test, batch_size=args.test_batch_size)

    classifier_net = MyCNN().to(device)
    optimizer = optim.RMSprop(classifier_net.parameters(), lr=args.lr)
    for e_no in range(1, args.epochs + 1):
        train(args, classifier_net, device, train_loader, optimizer, e_no)
    test(classifier_net, device, test_dl)


if __name__ == "__main__":
    main()
