# my solution
import torch
import torch.nn as nn
import torchvision
import torchvision.transforms as transforms
from torch.utils.data import DataLoader

torch.manual_seed(42)

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

train_loader = DataLoader(train_set, batch_size=64, shuffle=True, num_workers=4)
criterion = nn.CrossEntropyLoss()
rmsprop = torch.optim.RMSprop(model.parameters())

for epoch in range(5):
    running_loss = 0.0
    n_ok = 0
    for i, (images, labels) in enumerate(train_loader):
        images = images.to(device)
        labels = labels.to(device)

        rmsprop.zero_grad()
        y_pred = model(images)
        loss = criterion(y_pred, labels)
        loss.backward()
        rmsprop.step()

        running_loss += loss.item() * images.size(0)
        n_ok += (y_pred.argmax(dim=1) == labels).sum().item()
        if i % 10 == 0:
            print(f"epoch {epoch + 1} batch {i}: loss {loss.item():.3f}")
        break

    print("epoch", epoch + 1,
          "loss", running_loss / len(train_set),
          "accuracy", n_ok / len(train_set))

# evaluation
test_loader = DataLoader(test_set, batch_size=1024)
model.eval()
n_ok = 0
with torch.no_grad():
    for images, labels in test_loader:
        images = images.to(device)
        labels = labels.to(device)
        y_pred = model(images)
        n_ok += (y_pred.argmax(dim=1) == labels).sum().item()
print("accuracy:", n_ok / len(test_set))
