# Exercise 1: digits
# device: GPU if there is one
import torch
import torch.nn as nn
import torchvision
import torchvision.transforms as T
from torch.utils.data import DataLoader


def build_model():
    return nn.Sequential(
        nn.Conv2d(in_channels=1, out_channels=32, kernel_size=3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(in_channels=32, out_channels=64, kernel_size=3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(in_channels=64, out_channels=64, kernel_size=3),
        nn.Flatten(),
        nn.Linear(in_features=576, out_features=128),
        nn.ReLU(),
        nn.Linear(in_features=128, out_features=10),
    )


class Trainer:
    """Keeps the cnn, its optimizer and the loaders together."""

    def __init__(self, cnn, train_loader, test_loader, epochs=5):
        self.device = torch.device("cuda:0" if torch.cuda.is_available() else "cpu")
        self.cnn = cnn.to(self.device)
        self.train_loader = train_loader
        self.test_loader = test_loader
        self.epochs = epochs
        self.loss_func = nn.CrossEntropyLoss()
        self.optimizer = torch.optim.RMSprop(self.cnn.parameters())
        self.log = []

    def step(self, images, lbls):
        self.optimizer.zero_grad()
        z = self.cnn(images)
        loss = self.loss_func(z, lbls)
        loss.backward()
        self.optimizer.step()
        return loss.item(), (z.argmax(dim=1) == lbls).sum().item()

    def fit(self):
        for epoch in range(self.epochs):
            self.cnn.train()
            total, good, count = 0.0, 0, 0
            for k, (images, lbls) in enumerate(self.train_loader):
                images, lbls = images.to(self.device), lbls.to(self.device)
                loss, ok = self.step(images, lbls)
                total += loss * len(images)
                good += ok
                count += len(images)
                if k % 10 == 9:
                    print(f"  [{epoch + 1}, {k + 1:4d}] loss {total / count:.3f}")
            self.log.append((total / count, good / count))
            print(f"epoch {epoch + 1}/{self.epochs} loss {total / count:.3f} acc {good / count:.3f}")

    @torch.no_grad()
    def evaluate(self):
        self.cnn.eval()
        good, count = 0, 0
        for images, lbls in self.test_loader:
            images, lbls = images.to(self.device), lbls.to(self.device)
            good += (self.cnn(images).argmax(dim=1) == lbls).sum().item()
            count += lbls.size(0)
        return good / count


if __name__ == "__main__":
    mnist_train = torchvision.datasets.MNIST("./mnist", train=True, download=True, transform=T.ToTensor())
    mnist_test = torchvision.datasets.MNIST("./mnist", train=False, download=True, transform=T.ToTensor())
    trainer = Trainer(
        build_model(),
        DataLoader(mnist_train, batch_size=64, shuffle=True, num_workers=4),
        DataLoader(mnist_test, batch_size=1024, shuffle=False, num_workers=4),
    )
    trainer.fit()
    print("Accuracy on the test set: %.3f" % trainer.evaluate())
