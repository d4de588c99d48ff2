"""MNIST with a convolutional network."""
import torch
import torch.nn as nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

transform = transforms.ToTensor()
training_set = datasets.MNIST(root="data", train=True, download=True, transform=transform)
test_data = datasets.MNIST(root="data", train=False, download=True, transform=transform)
train_loader = DataLoader(training_set, batch_size=64, shuffle=True, num_workers=4)
test_loader = DataLoader(test_data, batch_size=1024)

net = nn.Sequential(
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
print(net)

criterion = nn.CrossEntropyLoss()
optim_rms = torch.optim.RMSprop(net.parameters())

for epoch in range(5):
    net.train()
    total_loss = 0.0
    right = 0
    n_seen = 0
    for i, (batch_images, truth) in enumerate(train_loader):
        batch_images = batch_images.to(device)
        truth = truth.to(device)
        optim_rms.zero_grad()
        preds = net(batch_images)
        loss = criterion(preds, truth)
        loss.backward()
        optim_rms.step()
        total_loss += loss.item() * len(truth)
        right += (preds.argmax(dim=1) == truth).sum().item()
        n_seen += len(truth)
        if i % 10 == 0:
            print(f"epoch {epoch + 1} batch {i}: loss {loss.item():.4f}")
    print(f"epoch {epoch + 1}: mean loss {total_loss / n_seen:.4f}, accuracy {right / n_seen:.4f}")

net.eval()
right = 0
with torch.no_grad():
    for batch_images, truth in test_loader:
        batch_images, truth = batch_images.to(device), truth.to(device)
        predicted = net(batch_images).argmax(dim=1)
        right += (predicted == truth).sum().item()
print("test accuracy:", right / len(test_loader))
