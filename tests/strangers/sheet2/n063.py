"""
Lab 7: convolutions
Exercise 1 (classification of handwritten digits)
"""
import torch
import torch.nn as nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

transform = transforms.ToTensor()
training_set = datasets.MNIST(root="data", train=True, download=True, transform=transform)
testing_set = datasets.MNIST(root="data", train=False, download=True, transform=transform)
loader_train = DataLoader(training_set, batch_size=64, shuffle=True, num_workers=4)
loader_test = DataLoader(testing_set, batch_size=1024)

network = nn.Sequential(
    nn.Conv2d(1, 32, 3),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Conv2d(32, 64, 3),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Conv2d(64, 64, 3),
    nn.Flatten(),
    nn.Linear(576, 64),
    nn.ReLU(),
    nn.Linear(64, 10),
).to(device)
print(network)

loss_fn = nn.CrossEntropyLoss()
optim_rms = torch.optim.RMSprop(network.parameters())

for epoch in range(5):
    network.train()
    total_loss = 0.0
    num_ok = 0
    seen = 0
    for i, (imgs, labels) in enumerate(loader_train):
        imgs = imgs.to(device)
        labels = labels.to(device)
        yhat = network(imgs)
        loss = loss_fn(yhat, labels)
        loss.backward()
        optim_rms.step()
        total_loss += loss.item() * len(labels)
        num_ok += (yhat.argmax(dim=1) == labels).sum().item()
        seen += len(labels)
        if i % 10 == 0:
            print(f"epoch {epoch + 1} batch {i}: loss {loss.item():.4f}")
    print(f"epoch {epoch + 1}: mean loss {total_loss / seen:.4f}, accuracy {num_ok / seen:.4f}")

network.eval()
num_ok = 0
with torch.no_grad():
    for imgs, labels in loader_test:
        imgs, labels = imgs.to(device), labels.to(device)
        predicted = network(imgs).argmax(dim=1)
        num_ok += (predicted == labels).sum().item()
print("test accuracy:", num_ok / len(testing_set))
