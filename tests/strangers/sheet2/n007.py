# Lab 7, exercise 1
import torch
import torch.nn as nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

transform = transforms.ToTensor()
training_set = datasets.MNIST(root="data", train=True, download=True, transform=transform)
test_data = datasets.MNIST(root="data", train=False, download=True, transform=transform)
train_batches = DataLoader(training_set, batch_size=64, shuffle=True, num_workers=4)
test_batches = DataLoader(test_data, batch_size=1024)

model = nn.Sequential(
    nn.Conv2d(1, 32, 3),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Conv2d(32, 64, 3),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Conv2d(64, 64, 3),
    nn.ReLU(),
    nn.Flatten(),
    nn.Linear(576, 64),
    nn.ReLU(),
    nn.Linear(64, 10),
).to(device)
print(model)

criterion = nn.CrossEntropyLoss()
opt = torch.optim.RMSprop(model.parameters())

for e_no in range(5):
    model.train()
    sum_of_losses = 0.0
    num_ok = 0
    n_seen = 0
    for i, (images, labels) in enumerate(train_batches):
        images = images.to(device)
        labels = labels.to(device)
        opt.zero_grad()
        outputs = model(images)
        loss = criterion(outputs, labels)
        loss.backward()
        opt.step()
        sum_of_losses += loss.item() * len(labels)
        num_ok += (outputs.argmax(dim=1) == labels).sum().item()
        n_seen += len(labels)
        if i % 10 == 0:
            print(f"epoch {e_no + 1} batch {i}: loss {loss.item():.4f}")
    print(f"epoch {e_no + 1}: mean loss {sum_of_losses / n_seen:.4f}, accuracy {num_ok / n_seen:.4f}")

model.eval()
num_ok = 0
with torch.no_grad():
    for images, labels in test_batches:
        images, labels = images.to(device), labels.to(device)
        predicted = model(images).argmax(dim=1)
        num_ok += (predicted == labels).sum().item()
print("test accuracy:", num_ok / len(test_data))
