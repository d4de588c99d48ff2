"""
Lab 7: convolutions
Exercise 1 (classification of handwritten digits)
"""
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
    """Keeps the my_model, its optimizer and the loaders together."""

    def __init__(self, my_model, train_loader, test_loader, epochs=5):
        self.device = torch.device("cuda:0" if torch.cuda.is_available() else "cpu")
        self.my_model = my_model.to(self.device)
        self.train_loader = train_loader
        self.test_loader = test_loader
        self.epochs = epochs
        self.loss_fn = nn.CrossEntropyLoss()
        self.optimizer = torch.optim.RMSprop(self.my_model.parameters())
        self.curves = []

    def step(self, pics, digits):
        self.optimizer.zero_grad()
        scores = self.my_model(pics)
        loss = self.loss_fn(scores, digits)
        loss.backward()
        self.optimizer.step()
        return loss.item(), (scores.argmax(dim=1) == digits).sum().item()

    def fit(self):
        for e_no in range(self.epochs):
            self.my_model.train()
            total, ok_count, count = 0.0, 0, 0
            for k, (pics, digits) in enumerate(self.train_loader):
                pics, digits = pics.to(self.device), digits.to(self.device)
                loss, ok = self.step(pics, digits)
                total += loss * len(pics)
                ok_count += ok
                count += len(pics)
                if k % 10 == 9:
                    print(f"  [{e_no + 1}, {k + 1:4d}] loss {total / count:.3f}")
            self.curves.append((total / count, ok_count / count))
            print(f"epoch {e_no + 1}/{self.epochs} loss {total / count:.3f} acc {ok_count / count:.3f}")

    @torch.no_grad()
    def evaluate(self):
        self.my_model.eval()
        ok_count, count = 0, 0
        for pics, digits in self.test_loader:
            pics, digits = pics.to(self.device), digits.to(self.device)
            ok_count += (self.my_model(pics).argmax(dim=1) == digits).sum().item()
            count += digits.size(0)
        return ok_count / count


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
