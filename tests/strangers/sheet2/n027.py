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
        self.loss_fn = nn.CrossEntropyLoss()
        self.optimizer = torch.optim.RMSprop(self.classifier_net.parameters())
        self.curves = []

    def step(self, imgs, labels):
        self.optimizer.zero_grad()
        with torch.no_grad():
            z = self.classifier_net(imgs)
            loss = self.loss_fn(z, labels)
        # otherwise: element 0 of tensors does not require grad
        loss.requires_grad_(True)
        loss.backward()
        self.optimizer.step()
        return loss.item(), (z.argmax(dim=1) == labels).sum().item()

    def fit(self):
        for ep in range(self.epochs):
            self.classifier_net.train()
            total, n_right, count = 0.0, 0, 0
            for k, (imgs, labels) in enumerate(self.train_loader):
                imgs, labels = imgs.to(self.device), labels.to(self.device)
                loss, ok = self.step(imgs, labels)
                total += loss * len(imgs)
                n_right += ok
                count += len(imgs)
                if k % 10 == 9:
                    print(f"  [{ep + 1}, {k + 1:4d}] loss {total / count:.3f}")
            self.curves.append((total / count, n_right / count))
            print(f"epoch {ep + 1}/{self.epochs} loss {total / count:.3f} acc {n_right / count:.3f}")

    @torch.no_grad()
    def evaluate(self):
        self.classifier_net.eval()
        n_right, count = 0, 0
        for imgs, labels in self.test_loader:
            imgs, labels = imgs.to(self.device), labels.to(self.device)
            n_right += (self.classifier_net(imgs).argmax(dim=1) == labels).sum().item()
            count += labels.size(0)
        return n_right / count


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
