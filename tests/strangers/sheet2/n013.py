# Lab 7, exercise 1
import os
import time

import torch
from torch import nn, optim
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

EPOCHS = 5
BATCH = 64
CHECKPOINT = "mnist_cnn.pt"


class DigitNet(nn.Module):
    def __init__(self, num_classes=10):
        super(DigitNet, self).__init__()
        self.conv1 = nn.Conv2d(1, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.conv3 = nn.Conv2d(64, 64, 3)
        self.pool = nn.MaxPool2d(2, 2)
        self.relu = nn.ReLU()
        self.fc1 = nn.Linear(64 * 3 * 3, 64)
        self.fc2 = nn.Linear(64, num_classes)

    def forward(self, x):
        x = self.pool(self.relu(self.conv1(x)))
        x = self.pool(self.relu(self.conv2(x)))
        x = self.conv3(x)
        x = x.view(x.size(0), -1)
        x = self.relu(self.fc1(x))
        x = self.fc2(x)
        return x


def main():
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    tf = transforms.Compose([transforms.ToTensor()])
    dataset_train = datasets.MNIST("data", train=True, download=True, transform=tf)
    test_ds = datasets.MNIST("data", train=False, download=True, transform=tf)
    train_dl = DataLoader(dataset_train, BATCH, shuffle=True, num_workers=4)
    test_dl = DataLoader(test_ds, 1024)

    model = DigitNet().to(device)
    print("parameters:", sum(p.numel() for p in model.parameters() if p.requires_grad))
    loss_func = nn.CrossEntropyLoss()
    optim_rms = optim.RMSprop(model.parameters(), lr=0.01)
    log = {"loss": [], "accuracy": []}

    for ep in range(EPOCHS):
        began = time.time()
        model.train()
        run_loss, running_correct = 0.0, 0
        for i, (x, y) in enumerate(train_dl):
            x, y = x.to(device), y.to(device)
            optim_rms.zero_grad()
            out = model(x)
            loss = loss_func(out, y)
            loss.backward()
            optim_rms.step()
            run_loss += loss.item() * x.size(0)
            running_correct += (torch.argmax(out, 1) == y).sum().item()
            if i % 10 == 0:
                print(f"{i}/{len(train_dl)} loss={loss.item():.3f}")
        log["loss"].append(run_loss / len(dataset_train))
        log["accuracy"].append(running_correct / len(dataset_train))
        print(f"epoch {ep + 1} took {time.time() - began:.1f}s "
              f"loss={log['loss'][-1]:.3f} acc={log['accuracy'][-1]:.3f}")

    torch.save(model.state_dict(), CHECKPOINT)
    print("saved", os.path.getsize(CHECKPOINT), "bytes")

    best = DigitNet().to(device)
    best.eval()
    good = 0
    with torch.no_grad():
        for x, y in test_dl:
            x, y = x.to(device), y.to(device)
            good += (torch.argmax(best(x), 1) == y).sum().item()
    print("test accuracy", good / len(test_ds))


if __name__ == "__main__":
    main()
