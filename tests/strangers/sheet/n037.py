# -*- coding: utf-8 -*-
from collections import OrderedDict
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(42)

f = np.load("mnist.npz")
train_x = f["x_train"].astype(np.float32) / 255
train_y = f["y_train"].astype(np.int64)
test_x = f["x_test"].astype(np.float32) / 255
test_y = f["y_test"].astype(np.int64)
train_x = train_x[:, np.newaxis, :, :]
test_x = test_x[:, np.newaxis, :, :]

reseau = nn.Sequential(OrderedDict([
    ("conv1", nn.Conv2d(1, 32, 3)),
    ("relu1", nn.ReLU()),
    ("pool1", nn.MaxPool2d(2)),
    ("conv2", nn.Conv2d(32, 64, 3)),
    ("relu2", nn.ReLU()),
    ("pool2", nn.MaxPool2d(2)),
    ("conv3", nn.Conv2d(64, 64, 3)),
    ("flat", nn.Flatten()),
    ("fc1", nn.Linear(576, 64)),
    ("relu3", nn.ReLU()),
    ("fc2", nn.Linear(64, 10)),
]))
nb_params = sum(p.numel() for p in reseau.parameters())
print("nombre de parametres :", nb_params)

optimiseur = torch.optim.RMSprop(reseau.parameters(), lr=0.001)


def entrainer(nb_epoques, taille=64):
    for epoque in range(nb_epoques):
        ordre = np.random.permutation(len(train_x))
        somme = 0
        for debut in range(0, len(train_x), taille):
            indices = ordre[debut:debut + taille]
            x = torch.from_numpy(train_x[indices])
            y = torch.from_numpy(train_y[indices])
            sortie = reseau(x)
            perte = F.nll_loss(F.softmax(sortie, dim=1), y)
            optimiseur.zero_grad()
            perte.backward()
            optimiseur.step()
            somme += perte.item() * len(indices)
        print("epoque", epoque + 1, "perte", somme / len(train_x))


def precision(x, y):
    bons = 0
    with torch.no_grad():
        for debut in range(0, len(x), 1024):
            sortie = reseau(torch.from_numpy(x[debut:debut + 1024]))
            bons += np.sum(sortie.argmax(dim=1).numpy() == y[debut:debut + 1024])
    return bons / len(x)


entrainer(5)
print("precision :", precision(test_x, test_y))
