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
        nn.Linear(in_features=576, out_features=64),
        nn.ReLU(),
        nn.Linear(in_features=64, out_features=10),
    )


class Trainer:
    """Keeps the classifier_net, its optimizer and the loaders together."""

    def __init__(self, classifier_net, train_loader, test_loader, epochs=5):
        self.device = torch.device("cuda:0" if torch.cuda.is_available() else "cpu")
        self.classifier_net = classifier_net.to(self.device)
        self.train_loader = train_loader
        self.test_loader = test_loader
        self.epochs = epochs
        self.criterion = nn.CrossEntropyLoss()
        self.optimizer = torch.optim.RMSprop(self.classifier_net.parameters())
        self.history = []

    def step(self, imgs, y_batch):
        self.optimizer.zero_grad()
        z = self.classifier_net(imgs)
        loss = self.criterion(z, y_batch)
        loss.backward()
        self.optimizer.step()
        return loss.item(), (z.argmax(dim=1) == y_batch).sum().item()

    def fit(self):
        total, n_right, count = 0.0, 0, 0
        for e_no in range(self.epochs):
            self.classifier_net.train()
            for k, (imgs, y_batch) in enumerate(self.train_loader):
                imgs, y_batch = imgs.to(self.device), y_batch.to(self.device)
                loss, ok = self.step(imgs, y_batch)
                total += loss * len(imgs)
                n_right += ok
                count += len(imgs)
                if k % 10 == 9:
                    print(f"  [{e_no + 1}, {k + 1:4d}] loss {total / count:.3f}")
            self.history.append((total / count, n_right / count))
            print(f"epoch {e_no + 1}/{self.epochs} loss {total / count:.3f} acc {n_right / count:.3f}")

    @torch.no_grad()
    def evaluate(self):
        self.classifier_net.eval()
        n_right, count = 0, 0
        for imgs, y_batch in self.test_loader:
            imgs, y_batch = imgs.to(self.device), y_batch.to(self.device)
            n_right += (self.classifier_net(imgs).argmax(dim=1) == y_batch).sum().item()
            count += y_batch.size(0)
        return n_right / count


if __name__ == "__main__":
    train_set = torchvision.datasets.MNIST("./mnist", train=True, download=True, transform=T.ToTensor())
    mnist_test = torchvision.datasets.MNIST("./mnist", train=False, download=True, transform=T.ToTensor())
    trainer = Trainer(
        build_model(),
        DataLoader(train_set, batch_size=64, shuffle=True, num_workers=4),
        DataLoader(mnist_test, batch_size=1024, shuffle=False, num_workers=4),
    )
    trainer.fit()
    print("Accuracy on the test set: %.3f" % trainer.evaluate())
