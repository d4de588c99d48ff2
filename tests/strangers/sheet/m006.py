import argparse

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(123)


class DigitCNN(nn.Module):
    """conv part (features) + dense part (classifier)"""

    def __init__(self, n_classes=10):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(64, 64, 3),
        )
        self.classifier = nn.Sequential(
            nn.Flatten(),
            nn.Linear(576, 64), nn.ReLU(),
            nn.Linear(64, n_classes),
        )

    def forward(self, x):
        return self.classifier(self.features(x))


def to_dataset(x, y):
    x = torch.as_tensor(x, dtype=torch.float32).div(255).unsqueeze(1)
    y = torch.as_tensor(y, dtype=torch.long)
    return TensorDataset(x, y)


def train_one_epoch(model, loader, criterion, optimizer):
    model.train()
    sum_loss = 0
    ok = 0
    for b, (inputs, targets) in enumerate(loader):
        optimizer.zero_grad()
        logits = model(inputs)
        loss = criterion(logits, targets)
        loss.backward()
        optimizer.step()
        sum_loss += loss.item()
        ok += logits.argmax(1).eq(targets).sum().item()
        if b % 10 == 0:
            print(f"    {b}/{len(loader)} {loss.item():.3f}")
    return sum_loss / len(loader), ok / len(loader.dataset)


@torch.no_grad()
def test(model, loader):
    model.eval()
    ok = 0
    for inputs, targets in loader:
        logits = model(inputs)
        ok += logits.argmax(1).eq(targets).sum().item()
    return ok / len(loader.dataset)


def main(path="mnist.npz", epochs=5):
    d = np.load(path)
    train_ds = to_dataset(d["x_train"], d["y_train"])
    test_ds = to_dataset(d["x_test"], d["y_test"])
    train_loader = DataLoader(train_ds, batch_size=64, shuffle=True)
    test_loader = DataLoader(test_ds, batch_size=1024)
    model = DigitCNN()
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.RMSprop(model.parameters(), lr=1e-2)
    for e in range(epochs):
        loss, acc = train_one_epoch(model, train_loader, criterion, optimizer)
        print(f"epoch {e}: loss={loss:.4f} acc={acc:.4f}")
    print("test acc", test(model, test_loader))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", default="mnist.npz")
    parser.add_argument("--epochs", type=int, default=5)
    args = parser.parse_args()
    main(args.data, args.epochs)
