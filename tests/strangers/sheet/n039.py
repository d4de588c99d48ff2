# -*- coding: utf-8 -*-
import numpy as np
import torch
import torch.nn as nn


def conv_block(c_in, c_out):
    return nn.Sequential(nn.Conv2d(c_in, c_out, kernel_size=3), nn.ReLU(), nn.MaxPool2d(kernel_size=2, stride=2))


def build_model():
    return nn.Sequential(
        conv_block(1, 32),
        conv_block(32, 64),
        nn.Conv2d(64, 64, kernel_size=3),
        nn.Flatten(),
        nn.Linear(in_features=576, out_features=64),
        nn.ReLU(),
        nn.Linear(in_features=64, out_features=10),
    )


def get_data(filename):
    archive = np.load(filename)
    images = archive["x_train"][:, None].astype("float32") / 255.
    labels = archive["y_train"].astype("int64")
    test_images = archive["x_test"][:, None].astype("float32") / 255.
    test_labels = archive["y_test"].astype("int64")
    return [torch.from_numpy(a) for a in (images, labels, test_images, test_labels)]


def batches(x, y, size, shuffle):
    order = torch.randperm(len(x)) if shuffle else torch.arange(len(x))
    for chunk in order.split(size):
        yield x[chunk], y[chunk]


def train(model, x, y, n_epochs):
    optimiser = torch.optim.RMSprop(model.parameters(), lr=0.01)
    loss_fn = nn.CrossEntropyLoss(reduction="mean")
    for epoch in range(n_epochs):
        total_loss = 0
        correct = 0
        for xb, y_batch in batches(x, y, 64, shuffle=True):
            scores = model(xb)
            loss = loss_fn(scores, y_batch)
            loss.backward()
            optimiser.step()
            optimiser.zero_grad()
            total_loss += loss.item() * len(xb)
            correct += int(torch.sum(torch.argmax(scores, dim=1) == y_batch))
        print("Epoch %i: loss %.3f, accuracy %.3f" % (epoch + 1, total_loss / len(x), correct / len(x)))


def evaluate(model, x, y):
    correct = 0
    model.eval()
    with torch.no_grad():
        for xb, y_batch in batches(x, y, 1024, shuffle=False):
            scores = model(xb)
            correct += int(torch.sum(torch.argmax(scores, dim=1) == y_batch))
    return correct / len(x)


if __name__ == "__main__":
    torch.manual_seed(1)
    images, labels, test_images, test_labels = get_data("mnist.npz")
    for epoch in range(5):
        model = build_model()
        train(model, images, labels, n_epochs=1)
    print("Evaluation:", evaluate(model, test_images, test_labels))
