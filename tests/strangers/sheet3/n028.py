# Lab 7, exercise 1
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets
from torchvision.transforms import ToTensor

learning_rate = 1e-2
batch_size = 64
epochs = 5
dev = "cuda" if torch.cuda.is_available() else "cpu"
print(f"Using {dev} device")

training_data = datasets.MNIST(root="data", train=True, download=True, transform=ToTensor())
testing_set = datasets.MNIST(root="data", train=False, download=True, transform=ToTensor())
train_dataloader = DataLoader(training_data, batch_size=batch_size, shuffle=True, num_workers=4)
test_dataloader = DataLoader(testing_set, batch_size=1024)


class Lab7Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 32, kernel_size=3), nn.ReLU(), nn.MaxPool2d(kernel_size=2),
            nn.Conv2d(32, 64, kernel_size=3), nn.ReLU(), nn.MaxPool2d(kernel_size=2),
            nn.Conv2d(64, 64, kernel_size=3),
        )
        self.flatten = nn.Flatten()
        self.classifier = nn.Sequential(nn.Linear(576, 64), nn.ReLU(), nn.Linear(64, 10))

    def forward(self, x):
        x = self.features(x)
        x = self.flatten(x)
        logits = self.classifier(x)
        return logits


def train_loop(dataloader, digits_net, criterion, optimizer):
    size = len(dataloader.dataset)
    loss_sum, right = 0.0, 0
    digits_net.train()
    for batch, (X, y) in enumerate(dataloader):
        X, y = X.to(dev), y.to(dev)
        y_pred = digits_net(X)
        loss = criterion(y_pred, y)
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
        loss_sum += loss.item()
        right += (y_pred.argmax(1) == y).type(torch.float).sum().item()
        if batch % 10 == 0:
            print(f"loss: {loss.item():>7f}  [{batch * batch_size + len(X):>5d}/{size:>5d}]")
    print(f"mean loss {loss_sum / len(dataloader):.4f}, accuracy {right / size:.4f}")


def test_loop(dataloader, digits_net, criterion):
    digits_net.eval()
    size = len(dataloader.dataset)
    num_batches = len(dataloader)
    test_loss, n_correct = 0, 0
    with torch.no_grad():
        for X, y in dataloader:
            X, y = X.to(dev), y.to(dev)
            y_pred = digits_net(X)
            test_loss += criterion(y_pred, y).item()
            n_correct += (y_pred.argmax(1) == y).type(torch.float).sum().item()
    test_loss /= num_batches
    n_correct /= size
    print(f"Test Error: \n Accuracy: {(100 * n_correct):>0.1f}%, Avg loss: {test_loss:>8f} \n")


digits_net = Lab7Net().to(dev)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.RMSprop(digits_net.parameters(), lr=learning_rate)

for t in range(epochs):
    print(f"Epoch {t + 1}\n-------------------------------")
    train_loop(train_dataloader, digits_net, criterion, optimizer)
test_loop(test_dataloader, digits_net, criterion)
print("Done!")
