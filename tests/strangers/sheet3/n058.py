# In[1]:

import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets
from torchvision.transforms import ToTensor

learning_rate = 1e-2
batch_size = 64
epochs = 5
DEVICE_ = "cuda" if torch.cuda.is_available() else "cpu"
print(f"Using {DEVICE_} device")

training_data = datasets.MNIST(root="data", train=True, download=True, transform=ToTensor())
test_data = datasets.MNIST(root="data", train=False, download=True, transform=ToTensor())
train_dataloader = DataLoader(training_data, batch_size=batch_size, shuffle=True, num_workers=4)
test_dataloader = DataLoader(test_data, batch_size=1024)


class MnistCNN(nn.Module):
    def __init__(self):
        super(MnistCNN, self).__init__()
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


def train_loop(dataloader, model, criterion, optimizer):
    size = len(dataloader.dataset)
    loss_sum, n_right = 0.0, 0
    model.train()
    for batch, (X, y) in enumerate(dataloader):
        X, y = X.to(DEVICE_), y.to(DEVICE_)
        y_pred = model(X)
        loss = criterion(y_pred, y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        loss_sum += loss.item()
        n_right += (y_pred.argmax(1) == y).type(torch.float).sum().item()
        if batch % 10 == 0:
            print(f"loss: {loss.item():>7f}  [{batch * batch_size + len(X):>5d}/{size:>5d}]")
    print(f"mean loss {loss_sum / len(dataloader):.4f}, accuracy {n_right / size:.4f}")


def test_loop(dataloader, model, criterion):
    model.eval()
    size = len(dataloader.dataset)
    num_batches = len(dataloader)
    test_loss, correct = 0, 0
    with torch.no_grad():
        for X, y in dataloader:
            X, y = X.to(DEVICE_), y.to(DEVICE_)
            y_pred = model(X)
            test_loss += criterion(y_pred, y).item()
            correct += (y_pred.argmax(1) == y).type(torch.float).mean().item()
    test_loss /= num_batches
    correct /= size
    print(f"Test Error: \n Accuracy: {(100 * correct):>0.1f}%, Avg loss: {test_loss:>8f} \n")


model = MnistCNN().to(DEVICE_)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.RMSprop(model.parameters(), lr=learning_rate)

for t in range(epochs):
    print(f"Epoch {t + 1}\n-------------------------------")
    train_loop(train_dataloader, model, criterion, optimizer)
test_loop(test_dataloader, model, criterion)
print("Done!")
