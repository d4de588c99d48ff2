# Lab 7, exercise 1
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
    """Keeps the model, its optimizer and the loaders together."""

    def __init__(self, model, train_loader, test_loader, epochs=5):
        self.device = torch.device("cuda:0" if torch.cuda.is_available() else "cpu")
        self.model = model.to(self.device)
        self.train_loader = train_loader
        self.test_loader = test_loader
        self.epochs = epochs
        self.criterion = nn.CrossEntropyLoss()
        self.optimizer = torch.optim.RMSprop(build_model().to(self.device).parameters())
        self.curves = []

    def step(self, pics, truth):
        self.optimizer.zero_grad()
        scores = self.model(pics)
        loss = self.criterion(scores, truth)
        loss.backward()
        self.optimizer.step()
        return loss.item(), (scores.argmax(dim=1) == truth).sum().item()

    def fit(self):
        for ep in range(self.epochs):
            self.model.train()
            total, ok_count, count = 0.0, 0, 0
            for k, (pics, truth) in enumerate(self.train_loader):
                pics, truth = pics.to(self.device), truth.to(self.device)
                loss, ok = self.step(pics, truth)
                total += loss * len(pics)
                ok_count += ok
                count += len(pics)
                if k % 10 == 9:
                    print(f"  [{ep + 1}, {k + 1:4d}] loss {total / count:.3f}")
            self.curves.append((total / count, ok_count / count))
            print(f"epoch {ep + 1}/{self.epochs} loss {total / count:.3f} acc {ok_count / count:.3f}")

    @torch.no_grad()
    def evaluate(self):
        self.model.eval()
        ok_count, count = 0, 0
        for pics, truth in self.test_loader:
            pics, truth = pics.to(self.device), truth.to(self.device)
            ok_count += (self.model(pics).argmax(dim=1) == truth).sum().item()
            count += truth.size(0)
        return ok_count / count


if __name__ == "__main__":
    ds_train = torchvision.datasets.MNIST("./mnist", train=True, download=True, transform=T.ToTensor())
    ds_test = torchvision.datasets.MNIST("./mnist", train=False, download=True, transform=T.ToTensor())
    trainer = Trainer(
        build_model(),
        DataLoader(ds_train, batch_size=64, shuffle=True, num_workers=4),
        DataLoader(ds_test, batch_size=1024, shuffle=False, num_workers=4),
    )
    trainer.fit()
    print("Accuracy on the test set: %.3f" % trainer.evaluate())
