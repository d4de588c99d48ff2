# Lab 7, exercise 1
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets
from torchvision.transforms import ToTensor

learning_rate = 1e-2
batch_size = 64
epochs = 5
device = "cuda" if torch.cuda.is_available() else "cpu"
print(f"Using {device} device")

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


def train_loop(dataloader, mynet, ce, opt):
    size = len(dataloader.dataset)
    loss_sum, ok_count = 0.0, 0
    mynet.train()
    for batch, (X, y) in enumerate(dataloader):
        X, y = X.to(device), y.to(device)
        pred = mynet(X)
        loss = ce(pred, y)
        loss.backward()
        opt.step()
        opt.zero_grad()
        loss_sum += loss.item()
        ok_count += (pred.argmax(1) == y).type(torch.float).sum().item()
        if batch % 10 == 0:
            print(f"loss: {loss.item():>7f}  [{batch * batch_size + len(X):>5d}/{size:>5d}]")
    print(f"mean loss {loss_sum / len(dataloader):.4f}, accuracy {ok_count / size:.4f}")


def test_loop(dataloader, mynet, ce):
    mynet.eval()
    size = len(dataloader.dataset)
    num_batches = len(dataloader)
    test_loss, correct = 0, 0
    with torch.no_grad():
        for X, y in dataloader:
            X, y = X.to(device), y.to(device)
            pred = mynet(X)
            test_loss += ce(pred, y).item()
            correct += (pred.argmax(1) == y).type(torch.float).sum().item()
    test_loss /= num_batches
    correct /= size
    print(f"Test Error: \n Accuracy: {(100 * correct):>0.1f}%, Avg loss: {test_loss:>8f} \n")


mynet = Lab7Net().to(device)
mse = nn.MSELoss()


def ce(pred, y):
    return mse(pred, nn.functional.one_hot(y, 10).float())


opt = torch.optim.RMSprop(mynet.parameters(), lr=learning_rate)

for t in range(epochs):
    print(f"Epoch {t + 1}\n-------------------------------")
    train_loop(train_dataloader, mynet, ce, opt)
test_loop(test_dataloader, mynet, ce)
print("Done!")
