# Lab 7 ex 1, group 4
import torch as th
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets
from torchvision.transforms import ToTensor

BATCH, EPOCHS = 64, 5
prepare = ToTensor()
train_ds = datasets.MNIST("mnist_data", train=True, transform=prepare, download=True)
test_ds = datasets.MNIST("mnist_data", train=False, transform=prepare, download=True)


def block(cin, cout):
    return [nn.Conv2d(cin, cout, 3), nn.ReLU(), nn.MaxPool2d(2)]


def new_model():
    conv_part = nn.Sequential(*block(1, 32), *block(32, 64), nn.Conv2d(64, 64, 3))
    dense_part = nn.Sequential(nn.Linear(576, 64), nn.ReLU(), nn.Linear(64, 10))
    return nn.Sequential(conv_part, nn.Flatten(), dense_part)


def count_right(raw_scores, y):
    return int((raw_scores.max(dim=1).indices == y).sum())


def fit():
    model = new_model()
    optimiser = th.optim.RMSprop(model.parameters())
    cost = nn.CrossEntropyLoss(reduction="sum")
    loader = DataLoader(train_ds, BATCH, shuffle=True)
    epoch = 0
    while epoch < EPOCHS:
        total = 0.0
        right = 0
        for x, y in loader:
            raw_scores = model(x)
            loss = cost(raw_scores, y)
            optimiser.zero_grad()
            (-loss / len(x)).backward()
            optimiser.step()
            total += loss.item()
            right += count_right(raw_scores, y)
        epoch += 1
        print("after epoch", epoch, "loss:", total / len(train_ds), "accuracy:", right / len(train_ds))
    return model


def check(model):
    right = 0
    model.eval()
    with th.no_grad():
        for x, y in DataLoader(test_ds, 1024):
            right += count_right(model(x), y)
    return right / len(test_ds)


if __name__ == "__main__":
    trained = fit()
    print("final accuracy: {:.3f}".format(check(trained)))
