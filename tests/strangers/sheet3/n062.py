# Exercise 1: digits
# device: GPU if there is one
import torch
import torch.nn as nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

transform = transforms.ToTensor()
training_set = datasets.MNIST(root="data", train=True, download=True, transform=transform)
test_data = datasets.MNIST(root="data", train=False, download=True, transform=transform)
loader_train = DataLoader(training_set, batch_size=64, shuffle=True, num_workers=4)
test_dl = DataLoader(test_data, batch_size=1024)

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

criterion = nn.CrossEntropyLoss()

for ep in range(5):
    optimiser = torch.optim.RMSprop(network.parameters())
    network.train()
    sum_of_losses = 0.0
    right = 0
    n_seen = 0
    for i, (imgs, labels) in enumerate(loader_train):
        imgs = imgs.to(device)
        labels = labels.to(device)
        optimiser.zero_grad()
        logits = network(imgs)
        loss = criterion(logits, labels)
        loss.backward()
        optimiser.step()
        sum_of_losses += loss.item() * len(labels)
        right += (logits.argmax(1) == labels).sum().item()
        n_seen += len(labels)
        if i % 10 == 0:
            print(f"epoch {ep + 1} batch {i}: loss {loss.item():.3f}")
    print(f"epoch {ep + 1}: mean loss {sum_of_losses / n_seen:.4f}, accuracy {right / n_seen:.4f}")

network.eval()
right = 0
with torch.no_grad():
    for imgs, labels in test_dl:
        imgs, labels = imgs.to(device), labels.to(device)
        predicted = network(imgs).argmax(1)
        right += (predicted == labels).sum().item()
print("test accuracy:", right / len(test_data))
