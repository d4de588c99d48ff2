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


def train(args, my_model, device, train_dl, opt, epoch):
    my_model.train()
    total, n_correct = 0.0, 0
    for batch_idx, (data, target) in enumerate(train_dl):
        data, target = data.to(device), target.to(device)
        opt.zero_grad()
        preds = my_model(data)
        loss = F.cross_entropy(preds, target)
        loss.backward()
        opt.step()
        total += loss.item() * data.size(0)
        n_correct += preds.argmax(1).eq(target).sum().item()
        if batch_idx % args.log_interval == 0:
            print('Train Epoch: {} [{}/{}]\tLoss: {:.6f}'.format(
                epoch, batch_idx * len(data), len(train_dl.dataset), loss.item()))
    n = len(train_dl.dataset)
    print('Epoch {}: loss {:.4f} accuracy {:.4f}'.format(epoch, total / n, n_correct / n))


def test(my_model, device, loader_test):
    my_model.eval()
    test_loss = 0
    n_correct = 0
    with torch.no_grad():
        for data, target in loader_test:
            data, target = data.to(device), target.to(device)
            preds = my_model(data)
            test_loss += F.cross_entropy(preds, target, reduction='sum').item()
            guess = preds.argmax(dim=1, keepdim=True)
            n_correct += guess.eq(target.view_as(guess)).sum().item()
    test_loss /= len(loader_test.dataset)
    print('Test set: Average loss: {:.4f}, Accuracy: {}/{} ({:.2f}%)'.format(
        test_loss, n_correct, len(loader_test.dataset), 100.0 * n_correct / len(loader_test.dataset)))


def main():
    parser = argparse.ArgumentParser(description='Lab 7, exercise 1')
    parser.add_argument('--batch-size', type=int, default=64)
    parser.add_argument('--test-batch-size', type=int, default=1024)
    parser.add_argument('--epochs', type=int, default=5)
    parser.add_argument('--lr', type=float, default=0.01)
    parser.add_argument('--log-interval', type=int, default=10)
    args = parser.parse_args()
    device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')

    train_set = datasets.MNIST('../data', train=True, download=True, transform=transforms.ToTensor())
    mnist_test = datasets.MNIST('../data', train=False, transform=transforms.ToTensor())
    train_dl = torch.utils.data.DataLoader(train_set, batch_size=args.batch_size, shuffle=True, num_workers=4)
    loader_test = torch.utils.data.DataLoader(mnist_test, batch_size=args.test_batch_size)

    my_model = ConvNet().to(device)
    opt = optim.RMSprop(my_model.parameters(), lr=args.lr)
    for epoch in range(1, args.epochs + 1):
        train(args, my_model, device, train_dl, opt, epoch)
    test(my_model, device, loader_test)


if __name__ == '__main__':
    main()
