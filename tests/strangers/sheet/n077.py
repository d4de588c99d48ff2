"""Lab 7, exercise 1. Run: python lab7_ex1.py"""
import torch
from torch import nn, optim
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


class ConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3)
        self.bn = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.conv3 = nn.Conv2d(64, 64, 3)
        self.pool = nn.MaxPool2d(2)
        self.relu = nn.ReLU()
        self.flatten = nn.Flatten()
        self.fc1 = nn.Linear(64 * 3 * 3, 64)
        self.fc2 = nn.Linear(64, 10)

    def forward(self, x):
        x = self.pool(self.relu(self.bn(self.conv1(x))))
        x = self.pool(self.relu(self.conv2(x)))
        x = self.conv3(x)
        x = self.flatten(x)
        x = self.relu(self.fc1(x))
        return self.fc2(x)


def train(model, loader, loss_fn, opt, device, epochs=5):
    model.eval()
    for epoch in range(epochs):
        total, hits, seen = 0.0, 0, 0
        for step, (x, y) in enumerate(loader):
            x, y = x.to(device), y.to(device)
            pred = model(x)
            loss = loss_fn(pred, y)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(x)
            hits += (pred.argmax(1) == y).sum().item()
            seen += len(x)
            if step % 10 == 9:
                print("  batch %d: loss %.4f" % (step + 1, loss.item()))
        print("Epoch %d  loss %.4f  acc %.4f" % (epoch + 1, total / seen, hits / seen))


def evaluate(model, loader, device):
    model.eval()
    hits, seen = 0, 0
    with torch.no_grad():
        for x, y in loader:
            x, y = x.to(device), y.to(device)
            scores = model(x)
            hits += (scores.argmax(1) == y).sum().item()
            seen += len(x)
    return hits / seen


def main():
    device = "cuda" if torch.cuda.is_available() else "cpu"
    tf = transforms.ToTensor()
    train_data = datasets.MNIST("data", train=True, download=True, transform=tf)
    test_data = datasets.MNIST("data", train=False, download=True, transform=tf)
    train_loader = DataLoader(train_data, batch_size=64, shuffle=True)
    test_loader = DataLoader(test_data, batch_size=1024, shuffle=False)

    model = ConvNet().to(device)
    loss_fn = nn.CrossEntropyLoss()
    opt = optim.RMSprop(model.parameters(), lr=0.01)
    train(model, train_loader, loss_fn, opt, device)
    print("test accuracy %.3f" % evaluate(model, test_loader, device))


if __name__ == "__main__":
    main()
