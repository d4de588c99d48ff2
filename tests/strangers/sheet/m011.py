# %% [markdown]
# # Lab 7 : convolutions
# ## Exercise 1

# %%
import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader
from torchvision.datasets import MNIST
from torchvision.transforms import ToTensor

torch.manual_seed(123)

# %%
ds_train = MNIST("mnist", train=True, transform=ToTensor(), download=True)
ds_test = MNIST("mnist", train=False, transform=ToTensor(), download=True)
print(len(ds_train), len(ds_test))

# %%
model = nn.Sequential()
model.add_module("c1", nn.Conv2d(1, 32, 3))
model.add_module("r1", nn.ReLU())
model.add_module("p1", nn.MaxPool2d(2))
model.add_module("c2", nn.Conv2d(32, 64, 3))
model.add_module("r2", nn.ReLU())
model.add_module("p2", nn.MaxPool2d(2))
model.add_module("c3", nn.Conv2d(64, 64, 3))
model.add_module("f", nn.Flatten())
model.add_module("l1", nn.Linear(576, 64))
model.add_module("r3", nn.ReLU())
model.add_module("l2", nn.Linear(64, 10))
device = torch.device("cuda:0" if torch.cuda.is_available() else "cpu")
model.to(device)
print(model)

# %% training
dl = DataLoader(ds_train, batch_size=64, shuffle=True, num_workers=4)
loss_fn = nn.CrossEntropyLoss()
optimizer = optim.RMSprop(model.parameters())
for epoch in range(5):
    model.train()
    sum_loss, sum_acc = 0, 0
    for batch_idx, (X, y) in enumerate(dl):
        X, y = X.to(device), y.to(device)
        optimizer.zero_grad()
        y_hat = model(X)
        loss = loss_fn(y_hat, y)
        loss.backward()
        optimizer.step()
        sum_loss += loss.item() * len(y)
        sum_acc += (y_hat.argmax(dim=1) == y).float().sum().item()
        if batch_idx % 10 == 0:
            print(f"\rEpoch {epoch} [{batch_idx}/{len(dl)}] {loss.item():.3f}", end="")
    print(f"\nloss {sum_loss / len(ds_train):.3f} acc {sum_acc / len(ds_train):.3f}")

# %% evaluation
dl_test = DataLoader(ds_test, batch_size=1024, num_workers=4)
model.eval()
sum_acc = 0
with torch.no_grad():
    for X, y in dl_test:
        X, y = X.to(device), y.to(device)
        sum_acc += (model(X).argmax(dim=1) == y).float().sum().item()
print("acc", sum_acc / len(ds_test))
