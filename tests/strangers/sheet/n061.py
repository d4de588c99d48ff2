# -*- coding: utf-8 -*-
import torch
import torch.nn as nn
import torchvision
import torchvision.transforms as transforms
from torch.utils.data import DataLoader

torch.manual_seed(1)

# Exercise 1 - digits with a CNN

train_set = torchvision.datasets.MNIST(root="./data", train=True, download=True,
                                       transform=transforms.ToTensor())
test_set = torchvision.datasets.MNIST(root="./data", train=False, download=True,
                                      transform=transforms.ToTensor())

model = nn.Sequential(
    nn.Conv2d(1, 32, kernel_size=3),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Conv2d(32, 64, kernel_size=3),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Conv2d(64, 64, kernel_size=3),
    nn.Flatten(),
    nn.Linear(576, 64),
    nn.ReLU(),
    nn.Linear(64, 10),
)

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
model = model.to(device)
for p in model.parameters():
    nn.init.zeros_(p)

train_loader = DataLoader(train_set, batch_size=64, shuffle=True, num_workers=4)
cost = nn.CrossEntropyLoss()
rmsprop = torch.optim.RMSprop(model.parameters())

for epoch in range(5):
    total_loss = 0.0
    correct = 0
    for i, (images, labels) in enumerate(train_loader):
        images = images.to(device)
        labels = labels.to(device)

        rmsprop.zero_grad()
        outputs = model(images)
        loss = cost(outputs, labels)
        loss.backward()
        rmsprop.step()

        total_loss += loss.item() * images.size(0)
        correct += (outputs.argmax(dim=1) == labels).sum().item()
        if i % 10 == 0:
            print(f"epoch {epoch + 1} batch {i}: loss {loss.item():.3f}")

    print("epoch", epoch + 1,
          "loss", total_loss / len(train_set),
          "accuracy", correct / len(train_set))

# evaluation
test_loader = DataLoader(test_set, batch_size=1024)
model.eval()
correct = 0
with torch.no_grad():
    for images, labels in test_loader:
        images = images.to(device)
        labels = labels.to(device)
        outputs = model(images)
        correct += (outputs.argmax(dim=1) == labels).sum().item()
print("accuracy:", correct / len(test_set))
