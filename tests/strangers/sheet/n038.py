# Exercise 1
# images: float tensor (N, 1, 28, 28) with values 0..1 ; labels: long tensor (N,)
import torch
import torch.nn as nn


def make_network():
    return nn.Sequential(
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
    )


def train(network, images, labels, epochs=5, batch_size=64):
    criterion = nn.NLLLoss()
    optimizer = torch.optim.RMSprop(network.parameters())
    history = []
    network.train()
    for epoch in range(epochs):
        order = torch.randperm(images.shape[0])
        acc_loss = 0.0
        n_correct = 0
        for start in range(0, images.shape[0], batch_size):
            pick = order[start:start + batch_size]
            x = images[pick]
            t = labels[pick]
            y = network(x)
            loss = criterion(y, t)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            acc_loss += loss.item() * x.shape[0]
            n_correct += (y.argmax(dim=1) == t).sum().item()
        history.append(acc_loss / images.shape[0])
        print(f"Epoch {epoch + 1}: {history[-1]:.4f} {n_correct / images.shape[0]:.4f}")
    return history


def evaluate(network, images, labels, batch_size=1024):
    network.eval()
    n_correct = 0
    with torch.no_grad():
        for start in range(0, images.shape[0], batch_size):
            y = network(images[start:start + batch_size])
            n_correct += (y.argmax(dim=1) == labels[start:start + batch_size]).sum().item()
    return n_correct / images.shape[0]
