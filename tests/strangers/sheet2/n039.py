# In[1]:

import torch
import torch.nn as nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

transform = transforms.ToTensor()
training_set = datasets.MNIST(root="data", train=True, download=True, transform=transform)
testing_set = datasets.MNIST(root="data", train=False, download=True, transform=transform)
train_batches = DataLoader(training_set, batch_size=64, shuffle=True, num_workers=4)
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
    nn.Softmax(dim=1),
).to(device)
print(network)

objective = nn.CrossEntropyLoss()
optim_rms = torch.optim.RMSprop(network.parameters())

for ep in range(5):
    network.train()
    sum_of_losses = 0.0
    n_correct = 0
    n_seen = 0
    for i, (pics, labels) in enumerate(train_batches):
        pics = pics.to(device)
        labels = labels.to(device)
        optim_rms.zero_grad()
        logits = network(pics)
        loss = objective(logits, labels)
        loss.backward()
        optim_rms.step()
        sum_of_losses += loss.item() * len(labels)
        n_correct += (logits.argmax(dim=1) == labels).sum().item()
        n_seen += len(labels)
        if i % 10 == 0:
            print(f"epoch {ep + 1} batch {i}: loss {loss.item():.4f}")
    print(f"epoch {ep + 1}: mean loss {sum_of_losses / n_seen:.4f}, accuracy {n_correct / n_seen:.4f}")

network.eval()
n_correct = 0
with torch.no_grad():
    for pics, labels in loader_test:
        pics, labels = pics.to(device), labels.to(device)
        predicted = network(pics).argmax(dim=1)
        n_correct += (predicted == labels).sum().item()
print("test accuracy:", n_correct / len(testing_set))
