"""Programs for exercise 1: right ones in several styles, and mistakes planted in two of them by replacing a few lines."""

SCRIPT = """
import torch
import torch.nn as nn
import torch.optim as optim
import matplotlib.pyplot as plt
from torch.utils.data import DataLoader
from torchvision import datasets, transforms
from torchsummary import summary

transform = transforms.ToTensor()
train_set = datasets.MNIST("./data", train=True, download=True, transform=transform)
test_set = datasets.MNIST("./data", train=False, download=True, transform=transform)

fig, axes = plt.subplots(5, 20, figsize=(20, 5))
for i, ax in enumerate(axes.flatten()):
    ax.imshow(train_set[i][0].squeeze(), cmap="gray")
    ax.axis("off")
plt.show()

model = nn.Sequential(
    nn.Conv2d(1, 32, 3),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Conv2d(32, 64, 3),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Conv2d(64, 64, 3),
    nn.Flatten(),
    nn.Linear(576, 64),
    nn.ReLU(),
    nn.Linear(64, 10),
)
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
model = model.to(device)
summary(model, (1, 28, 28))

train_loader = DataLoader(train_set, batch_size=64, shuffle=True, num_workers=4)
test_loader = DataLoader(test_set, batch_size=1024, num_workers=4)
criterion = nn.CrossEntropyLoss()
optimizer = optim.RMSprop(model.parameters(), lr=0.001)

for epoch in range(5):
    running_loss = 0.0
    correct = 0
    model.train()
    for step, (images, labels) in enumerate(train_loader):
        images, labels = images.to(device), labels.to(device)
        optimizer.zero_grad()
        outputs = model(images)
        loss = criterion(outputs, labels)
        loss.backward()
        optimizer.step()
        running_loss += loss.item()
        correct += (outputs.argmax(1) == labels).sum().item()
        if step % 10 == 0:
            print(f"Epoch {epoch + 1}, batch {step}, loss {loss.item():.4f}")
    print(f"Epoch {epoch + 1}: loss {running_loss / len(train_loader):.4f}, accuracy {correct / len(train_set):.4f}")

model.eval()
correct = 0
total = 0
with torch.no_grad():
    for images, labels in test_loader:
        images, labels = images.to(device), labels.to(device)
        outputs = model(images)
        _, predicted = torch.max(outputs, 1)
        total += labels.size(0)
        correct += (predicted == labels).sum().item()
print(f"Test accuracy: {correct / total:.4f}")
"""

FUNCTIONS = """
import torch
from torch import nn
import torch.nn.functional as F
from torch.utils.data import DataLoader
import torchvision
import torchvision.transforms as T
from tqdm import tqdm


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, kernel_size=3)
        self.conv2 = nn.Conv2d(32, 64, kernel_size=3)
        self.conv3 = nn.Conv2d(64, 64, kernel_size=3)
        self.fc1 = nn.Linear(64 * 3 * 3, 64)
        self.fc2 = nn.Linear(64, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = self.conv3(x)
        x = x.view(x.size(0), -1)
        x = F.relu(self.fc1(x))
        return self.fc2(x)


def train(model, loader, optimizer, loss_fn, device):
    model.train()
    total_loss = 0
    for x, y in tqdm(loader):
        x = x.to(device)
        y = y.to(device)
        pred = model(x)
        loss = loss_fn(pred, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total_loss += loss.item() * x.size(0)
    return total_loss / len(loader.dataset)


@torch.no_grad()
def evaluate(model, loader, device):
    model.eval()
    hits = 0
    for x, y in loader:
        logits = model(x.to(device))
        hits += logits.argmax(dim=1).eq(y.to(device)).sum().item()
    return hits / len(loader.dataset)


def main():
    device = "cuda" if torch.cuda.is_available() else "cpu"
    tf = T.Compose([T.ToTensor()])
    train_data = torchvision.datasets.MNIST(root="data", train=True, download=True, transform=tf)
    test_data = torchvision.datasets.MNIST(root="data", train=False, download=True, transform=tf)
    train_dl = DataLoader(train_data, 64, shuffle=True)
    test_dl = DataLoader(test_data, 1024)
    model = Net().to(device)
    optimizer = torch.optim.RMSprop(model.parameters(), lr=1e-3)
    loss_fn = nn.CrossEntropyLoss()
    for epoch in range(1, 6):
        loss = train(model, train_dl, optimizer, loss_fn, device)
        print("epoch", epoch, "loss", loss)
    acc = evaluate(model, test_dl, device)
    print("test acc: %.2f%%" % (100 * acc))


if __name__ == "__main__":
    main()
"""

ARRAYS = """
import gzip
import numpy as np
import torch
from torch import nn


def load_images(path):
    with gzip.open(path, "rb") as f:
        data = np.frombuffer(f.read(), np.uint8, offset=16)
    return data.reshape(-1, 1, 28, 28)


def load_labels(path):
    with gzip.open(path, "rb") as f:
        return np.frombuffer(f.read(), np.uint8, offset=8)


X_train = torch.tensor(load_images("data/train-images-idx3-ubyte.gz")).float() / 255
y_train = torch.tensor(load_labels("data/train-labels-idx1-ubyte.gz")).long()
X_test = torch.tensor(load_images("data/t10k-images-idx3-ubyte.gz")).float() / 255
y_test = torch.tensor(load_labels("data/t10k-labels-idx1-ubyte.gz")).long()

net = nn.Sequential(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
                    nn.Conv2d(64, 64, 3), nn.Flatten(), nn.Linear(576, 64), nn.ReLU(), nn.Linear(64, 10))
opt = torch.optim.Adam(net.parameters())
batch = 64
for epoch in range(3):
    order = torch.randperm(len(X_train))
    losses = []
    for start in range(0, len(X_train), batch):
        idx = order[start:start + batch]
        opt.zero_grad()
        loss = nn.functional.cross_entropy(net(X_train[idx]), y_train[idx])
        loss.backward()
        opt.step()
        losses.append(loss.item())
    print("epoch", epoch, "mean loss", np.mean(losses))
with torch.no_grad():
    correct = 0
    for start in range(0, len(X_test), 500):
        scores = net(X_test[start:start + 500])
        correct += int((scores.argmax(-1) == y_test[start:start + 500]).sum())
print("accuracy on the test set", correct / len(X_test))
"""

LOOSE = ARRAYS.replace(
    ARRAYS[ARRAYS.index("net = nn.Sequential") : ARRAYS.index("batch = 64")],
    """
def made(*shape):
    return (torch.randn(*shape) * 0.05).requires_grad_()


W1, W2, W3, W4, W5 = made(32, 1, 3, 3), made(64, 32, 3, 3), made(64, 64, 3, 3), made(64, 576), made(10, 64)
b1, b2, b3, b4, b5 = made(32), made(64), made(64), made(64), made(10)


def net(x):
    x = torch.relu(nn.functional.conv2d(x, W1, b1))
    x = torch.relu(nn.functional.conv2d(nn.functional.max_pool2d(x, 2), W2, b2))
    x = nn.functional.conv2d(nn.functional.max_pool2d(x, 2), W3, b3)
    x = torch.relu(nn.functional.linear(x.flatten(1), W4, b4))
    return nn.functional.linear(x, W5, b5)


opt = torch.optim.Adam([W1, W2, W3, W4, W5, b1, b2, b3, b4, b5])
""",
)

STYLES = {"script": SCRIPT, "functions": FUNCTIONS, "arrays": ARRAYS, "loose": LOOSE}

# A mistake's code: for each style, texts and what stands in their place. A code may have several plants.
PLANTS = [
    ("pixels-not-scaled", {
        "script": [("transform = transforms.ToTensor()", "transform = transforms.Compose([transforms.PILToTensor(), transforms.Lambda(lambda t: t.float())])")],
        "functions": [("T.Compose([T.ToTensor()])", "T.Compose([T.ToTensor(), T.Lambda(lambda x: x * 255)])")],
    }),
    ("pixels-scaled-twice", {
        "script": [("images, labels = images.to(device), labels.to(device)", "images, labels = images.to(device) / 255, labels.to(device)")],
        "functions": [("T.Compose([T.ToTensor()])", "T.Compose([T.ToTensor(), T.Lambda(lambda x: x / 255.0)])")],
    }),
    ("softmax-before-cross-entropy", {
        "script": [("    nn.Linear(64, 10),\n", "    nn.Linear(64, 10),\n    nn.Softmax(dim=1),\n")],
        "functions": [("loss = loss_fn(pred, y)", "loss = loss_fn(torch.softmax(pred, dim=1), y)")],
    }),
    ("log-softmax-before-cross-entropy", {
        "script": [("    nn.Linear(64, 10),\n", "    nn.Linear(64, 10),\n    nn.LogSoftmax(dim=1),\n")],
        "functions": [("return self.fc2(x)", "return F.log_softmax(self.fc2(x), dim=1)")],
    }),
    ("sigmoid-before-cross-entropy", {
        "script": [("    nn.Linear(64, 10),\n", "    nn.Linear(64, 10),\n    nn.Sigmoid(),\n")],
        "functions": [("return self.fc2(x)", "return torch.sigmoid(self.fc2(x))")],
    }),
    ("activation-before-loss", {
        "script": [("    nn.Linear(64, 10),\n", "    nn.Linear(64, 10),\n    nn.ReLU(),\n")],
        "functions": [("return self.fc2(x)", "return F.relu(self.fc2(x))")],
    }),
    ("nll-without-log", {
        "script": [("criterion = nn.CrossEntropyLoss()", "criterion = nn.NLLLoss()")],
        "functions": [("loss_fn = nn.CrossEntropyLoss()", "loss_fn = nn.NLLLoss()"), ("return self.fc2(x)", "return F.softmax(self.fc2(x), 1)")],
    }),
    ("distance-for-classes", {
        "script": [("criterion = nn.CrossEntropyLoss()", "criterion = nn.MSELoss()"), ("criterion(outputs, labels)", "criterion(outputs, nn.functional.one_hot(labels, 10).float())")],
        "functions": [("loss = loss_fn(pred, y)", "loss = F.mse_loss(pred, F.one_hot(y, 10).float())")],
    }),
    ("no-zero-grad", {
        "script": [("        optimizer.zero_grad()\n", "")],
        "functions": [("        optimizer.zero_grad()\n", ""), ("    total_loss = 0\n", "    total_loss = 0\n    optimizer.zero_grad()\n")],
    }),
    ("zero-grad-before-step", {
        "script": [("        optimizer.zero_grad()\n", ""), ("        optimizer.step()\n", "        optimizer.zero_grad()\n        optimizer.step()\n")],
        "functions": [("        optimizer.zero_grad()\n", ""), ("        loss.backward()\n", "        loss.backward()\n        model.zero_grad()\n")],
    }),
    ("step-before-backward", {
        "script": [("        loss.backward()\n        optimizer.step()\n", "        optimizer.step()\n        loss.backward()\n")],
        "functions": [("        optimizer.zero_grad()\n        loss.backward()\n        optimizer.step()\n", "        optimizer.step()\n        optimizer.zero_grad()\n        loss.backward()\n")],
    }),
    ("step-before-backward", {
        "script": [("        optimizer.zero_grad()\n", "        optimizer.step()\n        optimizer.zero_grad()\n"), ("        loss.backward()\n        optimizer.step()\n", "        loss.backward()\n")],
        "functions": [("        pred = model(x)\n", "        optimizer.step()\n        pred = model(x)\n"), ("        loss.backward()\n        optimizer.step()\n", "        loss.backward()\n")],
    }),
    ("one-step-an-epoch", {
        "script": [("        optimizer.step()\n", ""), ('    print(f"Epoch {epoch + 1}: loss', '    optimizer.step()\n    print(f"Epoch {epoch + 1}: loss')],
        "functions": [("        optimizer.step()\n", ""), ("        optimizer.zero_grad()\n", ""), ("    return total_loss / len(loader.dataset)", "    optimizer.step()\n    optimizer.zero_grad()\n    return total_loss / len(loader.dataset)")],
    }),
    ("backward-twice", {
        "script": [("        loss.backward()\n", "        loss.backward(retain_graph=True)\n        loss.backward()\n")],
        "functions": [("        loss.backward()\n", "        loss.backward(retain_graph=True)\n        loss.backward()\n")],
    }),
    ("step-twice", {
        "script": [("        optimizer.step()\n", "        optimizer.step()\n        optimizer.step()\n")],
        "functions": [("        optimizer.step()\n", "        optimizer.step()\n        print('.')\n        optimizer.step()\n")],
    }),
    ("pixels-cut", {
        "script": [("images, labels = images.to(device), labels.to(device)", "images, labels = (images * 255 // 255).to(device), labels.to(device)")],
        "functions": [("T.Compose([T.ToTensor()])", "T.Compose([T.PILToTensor(), T.Lambda(lambda x: (x // 255).float())])")],
    }),
    ("images-changed", {
        "script": [("transform = transforms.ToTensor()", "transform = transforms.Compose([transforms.ToTensor(), transforms.Lambda(lambda t: t.transpose(1, 2))])")],
        "functions": [("        x = x.to(device)\n", "        x = x.flip(3).to(device)\n")],
    }),
    ("loss-negated", {
        "script": [("loss = criterion(outputs, labels)", "loss = -criterion(outputs, labels)")],
        "functions": [("        loss.backward()\n", "        (-loss / 2).backward()\n")],
    }),
    ("rate-too-high", {
        "script": [("lr=0.001", "lr=1.0")],
        "functions": [("lr=1e-3", "lr=0.5")],
    }),
    ("optimiser-made-anew", {
        "script": [("        optimizer.zero_grad()\n", "        optimizer = optim.RMSprop(model.parameters(), lr=0.001)\n        optimizer.zero_grad()\n")],
        "functions": [("        optimizer.zero_grad()\n", "        optimizer = torch.optim.Adam(model.parameters())\n        optimizer.zero_grad()\n")],
    }),
    ("weights-alike", {
        "script": [("device = torch", "for p in model.parameters():\n    nn.init.zeros_(p)\ndevice = torch")],
        "functions": [("    model = Net().to(device)\n", "    model = Net().to(device)\n    for p in model.parameters():\n        p.data.fill_(0.1)\n")],
    }),
    ("layers-cut-off", {
        "script": [("    nn.Flatten(),\n", "    Cut(),\n    nn.Flatten(),\n"), ("model = nn.Sequential(", "class Cut(nn.Module):\n    def forward(self, x):\n        return x.detach()\n\n\nmodel = nn.Sequential(")],
        "functions": [("x = self.conv3(x)", "x = self.conv3(x.detach())")],
    }),
    ("no-backward", {
        "script": [("        loss.backward()\n", "")],
        "functions": [("        loss.backward()\n", "")],
    }),
    ("no-step", {
        "script": [("        optimizer.step()\n", "")],
        "functions": [("        optimizer.step()\n", "")],
    }),
    ("no-shuffling", {
        "script": [("batch_size=64, shuffle=True", "batch_size=64, shuffle=False")],
        "functions": [("DataLoader(train_data, 64, shuffle=True)", "DataLoader(train_data, 64)")],
    }),
    ("labels-shifted", {
        "script": [("test_set = ", "train_set.targets = torch.roll(train_set.targets, 1)\ntest_set = ")],
        "functions": [("        y = y.to(device)\n", "        y = torch.roll(y.to(device), 1)\n")],
    }),
    ("labels-shuffled-apart", {
        "script": [("test_set = ", "train_set.data = train_set.data[torch.randperm(len(train_set.data))]\ntest_set = ")],
        "functions": [("        y = y.to(device)\n", "        y = y[torch.randperm(len(y))].to(device)\n")],
    }),
    ("trained-on-test-set", {
        "script": [("DataLoader(train_set, batch_size=64", "DataLoader(test_set, batch_size=64")],
        "functions": [('root="data", train=True', 'root="data", train=False')],
    }),
    ("one-batch-an-epoch", {
        "script": [('        if step % 10 == 0:\n            print(f"Epoch {epoch + 1}, batch {step}, loss {loss.item():.4f}")\n', "        break\n")],
        "functions": [("        total_loss += loss.item() * x.size(0)\n    return total_loss / len(loader.dataset)", "        total_loss += loss.item()\n        return total_loss")],
    }),
    ("network-made-anew", {
        "script": [("    running_loss = 0.0\n", "    running_loss = 0.0\n    model = nn.Sequential(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(64, 64, 3), nn.Flatten(), nn.Linear(576, 64), nn.ReLU(), nn.Linear(64, 10))\n    optimizer = optim.RMSprop(model.parameters(), lr=0.001)\n")],
        "functions": [("        loss = train(model", "        model = Net().to(device)\n        optimizer = torch.optim.RMSprop(model.parameters(), lr=1e-3)\n        loss = train(model")],
    }),
    ("optimiser-of-another-network", {
        "script": [("for epoch in range(5):\n", "model = nn.Sequential(*[type(m)(*a) for m, a in zip(model, [(1, 32, 3), (), (2,), (32, 64, 3), (), (2,), (64, 64, 3), (), (576, 64), (), (64, 10)])])\nfor epoch in range(5):\n")],
        "functions": [("torch.optim.RMSprop(model.parameters()", "torch.optim.RMSprop(Net().parameters()")],
    }),
    ("optimiser-of-a-part", {
        "script": [("optim.RMSprop(model.parameters()", "optim.RMSprop(model[8:].parameters()")],
        "functions": [("torch.optim.RMSprop(model.parameters()", "torch.optim.RMSprop(list(model.fc1.parameters()) + list(model.fc2.parameters())")],
    }),
    ("frozen-layers", {
        "script": [("device = torch", "for p in model[0].parameters():\n    p.requires_grad = False\ndevice = torch")],
        "functions": [("    model = Net().to(device)\n", "    model = Net().to(device)\n    model.conv1.requires_grad_(False)\n")],
    }),
    ("rate-of-zero", {
        "script": [("lr=0.001", "lr=0.0")],
        "functions": [("lr=1e-3", "lr=0")],
    }),
    ("trained-in-evaluation-mode", {
        "script": [("    nn.Linear(576, 64),\n    nn.ReLU(),\n", "    nn.Linear(576, 64),\n    nn.ReLU(),\n    nn.Dropout(0.5),\n"), ("    model.train()\n", ""), ("for epoch in range(5):\n", "model.eval()\nfor epoch in range(5):\n")],
        "functions": [("    model.train()\n", ""), ("self.fc1 =", "self.bn = nn.BatchNorm2d(64)\n        self.fc1 ="), ("self.conv3(x)", "self.bn(self.conv3(x))"), ("        print(\"epoch\"", "        evaluate(model, test_dl, device)\n        print(\"epoch\"")],
    }),
    ("loss-kept-with-graph", {
        "script": [("running_loss += loss.item()", "running_loss += loss")],
        "functions": [("total_loss = 0\n", "total_loss = []\n"), ("total_loss += loss.item() * x.size(0)", "total_loss.append(loss)"), ("return total_loss / len(loader.dataset)", "return sum(total_loss) / len(total_loss)")],
    }),
    ("loss-divided-twice", {
        "script": [("running_loss / len(train_loader)", "running_loss / len(train_set)")],
        "functions": [("total_loss / len(loader.dataset)", "total_loss / len(loader.dataset) / len(loader)")],
    }),
    ("argmax-over-images", {
        "script": [("torch.max(outputs, 1)", "torch.max(outputs, 0)"), ("(predicted == labels).sum().item()", "(predicted[:len(labels)] == labels[:10]).sum().item()")],
        "functions": [("logits.argmax(dim=1).eq(y.to(device))", "logits.argmax().eq(y.to(device))")],
    }),
    ("evaluated-on-training-set", {
        "script": [("for images, labels in test_loader", "for images, labels in train_loader")],
        "functions": [('root="data", train=False', 'root="data", train=True')],
    }),
    ("evaluated-in-training-mode", {
        "script": [("model.eval()\n", ""), ("    nn.Linear(576, 64),\n    nn.ReLU(),\n", "    nn.Linear(576, 64),\n    nn.ReLU(),\n    nn.Dropout(0.5),\n")],
        "functions": [("    model.eval()\n", ""), ("self.fc1 =", "self.bn = nn.BatchNorm2d(64)\n        self.fc1 ="), ("self.conv3(x)", "self.bn(self.conv3(x))")],
    }),
    ("evaluated-with-gradients", {
        "script": [("with torch.no_grad():", "if True:")],
        "functions": [("@torch.no_grad()\n", "")],
    }),
    ("rate-falls-every-batch", {
        "script": [("lr=0.001)\n", "lr=0.001)\nscheduler = optim.lr_scheduler.ExponentialLR(optimizer, 0.1)\n"), ("        optimizer.step()\n", "        optimizer.step()\n        scheduler.step()\n")],
        "functions": [("        optimizer.step()\n", "        optimizer.step()\n        optimizer.param_groups[0]['lr'] /= 10\n")],
    }),
    ("yes-or-no-for-classes", {
        "script": [("nn.CrossEntropyLoss()", "nn.BCEWithLogitsLoss()"), ("criterion(outputs, labels)", "criterion(outputs, nn.functional.one_hot(labels, 10).float())")],
        "functions": [("return self.fc2(x)", "return torch.sigmoid(self.fc2(x))"), ("nn.CrossEntropyLoss()", "lambda p, y: F.binary_cross_entropy(p, F.one_hot(y, 10).float())")],
    }),
    ("part-of-the-images", {
        "functions": [("    train_dl =", "    train_data = torch.utils.data.Subset(train_data, range(len(train_data) // 10))\n    train_dl =")],
        "arrays": [("    for start in range(0, len(X_train), batch):", "    for start in range(0, len(X_train) // batch, batch):")],
    }),
    ("evaluated-untrained", {
        "script": [("model.eval()\n", "model = nn.Sequential(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(64, 64, 3), nn.Flatten(), nn.Linear(576, 64), nn.ReLU(), nn.Linear(64, 10))\nmodel.eval()\n")],
        "functions": [("evaluate(model, test_dl", "evaluate(Net(), test_dl")],
    }),
    ("test-scaled-otherwise", {
        "script": [('train=False, download=True, transform=transform', 'train=False, download=True, transform=transforms.Compose([transforms.ToTensor(), transforms.Lambda(lambda t: t * 255)])')],
        "functions": [("logits = model(x.to(device))", "logits = model(x.to(device) * 255)")],
    }),
    ("accuracy-divided-by-batches", {
        "script": [("correct / total", "correct / len(test_loader)")],
        "functions": [("return hits / len(loader.dataset)", "return hits / len(loader)")],
    }),
    ("only-the-last-batch", {
        "script": [("        total += labels.size(0)\n        correct += ", "        total = labels.size(0)\n        correct = ")],
        "functions": [("        logits = model", "        hits = 0\n        logits = model")],
    }),
    ("one-batch-evaluated", {
        "script": [("        correct += (predicted == labels).sum().item()\n", "        correct += (predicted == labels).sum().item()\n        break\n")],
        "functions": [("    return hits / len(loader.dataset)", "        return hits / len(y)")],
    }),
    ("extra-relu", {
        "script": [("    nn.Conv2d(64, 64, 3),\n", "    nn.Conv2d(64, 64, 3),\n    nn.ReLU(),\n")],
        "functions": [("x = self.conv3(x)", "x = F.relu(self.conv3(x))")],
    }),
    ("missing-relu", {
        "script": [("    nn.Linear(576, 64),\n    nn.ReLU(),\n", "    nn.Linear(576, 64),\n")],
        "functions": [("F.relu(self.conv2(x))", "self.conv2(x)")],
    }),
    ("flatten-size", {
        "script": [("nn.Linear(576, 64)", "nn.Linear(1024, 64)")],
        "functions": [("64 * 3 * 3", "64 * 5 * 5")],
    }),
    ("flatten-missing", {
        "script": [("    nn.Flatten(),\n", "")],
        "functions": [("        x = x.view(x.size(0), -1)\n", "")],
    }),
    ("filters", {
        "script": [("nn.Conv2d(1, 32, 3)", "nn.Conv2d(1, 16, 3)"), ("nn.Conv2d(32, 64, 3)", "nn.Conv2d(16, 64, 3)")],
        "functions": [("nn.Conv2d(64, 64, kernel_size=3)", "nn.Conv2d(64, 128, kernel_size=3)"), ("64 * 3 * 3", "128 * 3 * 3")],
    }),
    ("kernel-size", {
        "script": [("nn.Conv2d(64, 64, 3)", "nn.Conv2d(64, 64, 5)"), ("nn.Linear(576, 64)", "nn.Linear(64, 64)")],
        "functions": [("nn.Conv2d(1, 32, kernel_size=3)", "nn.Conv2d(1, 32, kernel_size=5)")],
    }),
    ("convolution-padding", {
        "script": [("nn.Conv2d(64, 64, 3)", "nn.Conv2d(64, 64, 3, padding=1)"), ("nn.Linear(576, 64)", "nn.Linear(1600, 64)")],
        "functions": [("nn.Conv2d(1, 32, kernel_size=3)", 'nn.Conv2d(1, 32, kernel_size=3, padding="same")'), ("64 * 3 * 3", "64 * 4 * 4")],
    }),
    ("missing-pooling", {
        "script": [("    nn.ReLU(),\n    nn.MaxPool2d(2),\n    nn.Conv2d(64", "    nn.ReLU(),\n    nn.Conv2d(64"), ("nn.Linear(576, 64)", "nn.Linear(5184, 64)")],
        "functions": [("F.max_pool2d(F.relu(self.conv2(x)), 2)", "F.relu(self.conv2(x))"), ("64 * 3 * 3", "64 * 9 * 9")],
    }),
    ("other-pooling", {
        "script": [("nn.MaxPool2d(2)", "nn.AvgPool2d(2)")],
        "functions": [("F.max_pool2d(F.relu(self.conv2(x)), 2)", "F.avg_pool2d(F.relu(self.conv2(x)), 2)")],
    }),
    ("outputs", {
        "script": [("nn.Linear(64, 10)", "nn.Linear(64, 9 + 2)")],
        "functions": [("nn.Linear(64, 10)", "nn.Linear(64, 100)")],
    }),
    ("missing-convolution", {
        "script": [("    nn.Conv2d(64, 64, 3),\n", ""), ("nn.Linear(576, 64)", "nn.Linear(1600, 64)")],
        "functions": [("        x = self.conv3(x)\n", ""), ("64 * 3 * 3", "64 * 5 * 5")],
    }),
    ("hidden-size", {
        "script": [("nn.Linear(576, 64)", "nn.Linear(576, 128)"), ("nn.Linear(64, 10)", "nn.Linear(128, 10)")],
        "functions": [("nn.Linear(64 * 3 * 3, 64)", "nn.Linear(64 * 3 * 3, 32)"), ("nn.Linear(64, 10)", "nn.Linear(32, 10)")],
    }),
]  # fmt: skip

# Further mistakes, planted once: a style, and what stands in place of what.
ONCE = [
    ("no-zero-grad", "loose", [("        opt.zero_grad()\n", "")]),
    ("labels-shifted", "loose", [("y_train[idx])", "y_train[(idx + 1) % len(y_train)])")]),
    (
        "extra-relu",
        "loose",
        [
            (
                "x = nn.functional.conv2d(nn.functional.max_pool2d(x, 2), W3, b3)",
                "x = torch.relu(nn.functional.conv2d(nn.functional.max_pool2d(x, 2), W3, b3))",
            )
        ],
    ),
    ("evaluated-with-gradients", "loose", [("with torch.no_grad():", "if True:")]),
    (
        "evaluated-before-training",
        "functions",
        [
            ("    acc = evaluate(model, test_dl, device)\n", ""),
            (
                "    for epoch in range(1, 6):\n",
                "    acc = evaluate(model, test_dl, device)\n    for epoch in range(1, 6):\n",
            ),
        ],
    ),
    (
        "trained-on-test-set",
        "functions",
        [("    acc =", "    train(model, test_dl, optimizer, loss_fn, device)\n    acc =")],
    ),
    (
        "accuracy-of-another-total",
        "functions",
        [
            ("    hits = 0\n", "    hits = counted = 0\n"),
            (
                "eq(y.to(device)).sum().item()\n    return hits / len(loader.dataset)",
                "eq(y.to(device)).sum().item()\n        counted += 64\n    return hits / counted",
            ),
        ],
    ),
    (
        "trained-without-gradients",
        "script",
        [
            (
                "        outputs = model(images)\n        loss = criterion(outputs, labels)\n",
                "        with torch.no_grad():\n            outputs = model(images)\n        loss = criterion(outputs, labels).requires_grad_()\n",
            )
        ],
    ),
    (
        "optimiser-of-a-part",
        "loose",
        [("torch.optim.Adam([W1, W2, W3, W4, W5, b1, b2, b3, b4, b5])", "torch.optim.Adam([W5, b5])")],
    ),
    (
        "no-zero-grad",
        "script",
        [
            ("        optimizer.zero_grad()\n", "        other.zero_grad()\n"),
            ("device = torch", "other = nn.Linear(2, 2)\ndevice = torch"),
        ],
    ),
    (
        "no-zero-grad",
        "arrays",
        [
            ("        opt.zero_grad()\n", ""),
            (
                "        opt.step()\n",
                "        with torch.no_grad():\n            for p in net.parameters():\n                p -= 0.05 * p.grad\n",
            ),
        ],
    ),
    ("labels-shifted", "script", [("test_set = ", "train_set.targets = train_set.targets + 1\ntest_set = ")]),
    ("loss-raises", "script", [("criterion(outputs, labels)", "criterion(outputs, labels.float())")]),
    ("trained-without-gradients", "functions", [("def train(model", "@torch.no_grad()\ndef train(model")]),
    ("loss-divided-twice", "script", [("criterion(outputs, labels)\n", "criterion(outputs, labels) / len(images)\n")]),
    ("labels-of-other-images", "script", [("(predicted == labels)", "(predicted == labels.roll(1))")]),
    (
        "only-the-first-batch",
        "functions",
        [
            (
                "        hits += logits",
                "        if hits:\n            continue\n        n = len(y)\n        hits += logits",
            ),
            ("return hits / len(loader.dataset)", "return hits / n"),
        ],
    ),
    ("accuracy-of-another-total", "script", [("correct / total:.4f", "correct / len(train_set):.4f")]),
    ("other-activation", "functions", [("F.relu(self.fc1(x))", "torch.tanh(self.fc1(x))")]),
    (
        "extra-convolution",
        "script",
        [
            ("    nn.Conv2d(64, 64, 3),\n", "    nn.Conv2d(64, 64, 3),\n    nn.Conv2d(64, 64, 3),\n"),
            ("nn.Linear(576, 64)", "nn.Linear(64, 64)"),
        ],
    ),
    ("extra-pooling", "functions", [("self.conv3(x)", "F.max_pool2d(self.conv3(x), 2)"), ("64 * 3 * 3", "64")]),
    ("extra-dense", "script", [("    nn.Linear(64, 10),\n", "    nn.Linear(64, 64),\n    nn.Linear(64, 10),\n")]),
    (
        "missing-dense+missing-relu",
        "functions",
        [
            ("return self.fc2(x)", "return x"),
            ("x = F.relu(self.fc1(x))", "x = self.fc1(x)"),
            ("64 * 3 * 3, 64", "64 * 3 * 3, 10"),
        ],
    ),
    (
        "convolution-stride",
        "functions",
        [
            ("nn.Conv2d(64, 64, kernel_size=3)", "nn.Conv2d(64, 64, kernel_size=3, stride=2)"),
            ("64 * 3 * 3", "64 * 2 * 2"),
        ],
    ),
    ("no-bias", "script", [("nn.Conv2d(1, 32, 3)", "nn.Conv2d(1, 32, 3, bias=False)")]),
    ("channels-mismatch", "script", [("nn.Conv2d(32, 64, 3)", "nn.Conv2d(16, 64, 3)")]),
    (
        "other-layer",
        "functions",
        [("x = self.conv3(x)", "x = self.conv3(x).softmax(1)")],
    ),
    ("does-not-run", "functions", [("x = self.conv3(x)", "x = self.conv4(x)")]),
]

# Right programs: a style with replacements, each another free choice.
RIGHT = {
    "script": (SCRIPT, []),
    "functions": (FUNCTIONS, []),
    "arrays": (ARRAYS, []),
    "Adam, batches of 128, normalised": (SCRIPT, [
        ("optim.RMSprop(model.parameters(), lr=0.001)", "optim.Adam(model.parameters(), lr=3e-4, weight_decay=1e-4)"),
        ("batch_size=64", "batch_size=128"),
        ("transform = transforms.ToTensor()", "transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.1307,), (0.3081,))])"),
    ]),
    "log_softmax with NLLLoss": (FUNCTIONS, [
        ("return self.fc2(x)", "return F.log_softmax(self.fc2(x), dim=1)"),
        ("nn.CrossEntropyLoss()", "nn.NLLLoss()"),
    ]),
    "dropout and batch norm": (SCRIPT, [
        ("    nn.Linear(576, 64),\n    nn.ReLU(),\n", "    nn.Linear(576, 64),\n    nn.BatchNorm1d(64),\n    nn.ReLU(),\n    nn.Dropout(0.5),\n"),
    ]),
    "losses in a list, validation": (FUNCTIONS, [
        ("total_loss = 0\n", "total_loss = []\n"),
        ("total_loss += loss.item() * x.size(0)", "total_loss.append(loss.item())"),
        ("return total_loss / len(loader.dataset)", "return sum(total_loss) / len(total_loss)"),
        ("    train_dl = DataLoader", "    train_data, val_data = torch.utils.data.random_split(train_data, [55000, 5000])\n    val_dl = DataLoader(val_data, 500)\n    train_dl = DataLoader"),
        ("        print(\"epoch\"", "        print('val', evaluate(model, val_dl, device))\n        print(\"epoch\""),
    ]),
    "another network": (FUNCTIONS, [
        ("kernel_size=3)", "kernel_size=5, padding=2)"),
        ("        x = self.conv3(x)\n", ""),
        ("64 * 3 * 3, 64)", "64 * 7 * 7, 512)"),
        ("nn.Linear(64, 10)", "nn.Linear(512, 10)"),
    ]),
    "SGD with momentum and a schedule": (SCRIPT, [
        ("optim.RMSprop(model.parameters(), lr=0.001)", "optim.SGD(model.parameters(), lr=0.05, momentum=0.9)\nscheduler = optim.lr_scheduler.StepLR(optimizer, 1, 0.7)"),
        ("    print(f\"Epoch {epoch + 1}: loss", "    scheduler.step()\n    print(f\"Epoch {epoch + 1}: loss"),
    ]),
    "gradients added up over two batches": (SCRIPT, [
        ("        optimizer.zero_grad()\n", ""),
        ("        optimizer.step()\n", "        if step % 2 == 1 or step == len(train_loader) - 1:\n            optimizer.step()\n            optimizer.zero_grad()\n"),
    ]),
    "weights and functions alone": (LOOSE, []),
    "layers that no module holds": (LOOSE, [
        ("W1, W2, W3, W4, W5 = made(32, 1, 3, 3), made(64, 32, 3, 3), made(64, 64, 3, 3), made(64, 576), made(10, 64)\n", "c1, c2, c3, l4, l5 = nn.Conv2d(1, 32, 3), nn.Conv2d(32, 64, 3), nn.Conv2d(64, 64, 3), nn.Linear(576, 64), nn.Linear(64, 10)\n"),
        ("nn.functional.conv2d(x, W1, b1)", "c1(x)"), ("nn.functional.conv2d(nn.functional.max_pool2d(x, 2), W2, b2)", "c2(nn.functional.max_pool2d(x, 2))"),
        ("nn.functional.conv2d(nn.functional.max_pool2d(x, 2), W3, b3)", "c3(nn.functional.max_pool2d(x, 2))"), ("nn.functional.linear(x.flatten(1), W4, b4)", "l4(x.flatten(1))"),
        ("nn.functional.linear(x, W5, b5)", "l5(x)"), ("torch.optim.Adam([W1, W2, W3, W4, W5, b1, b2, b3, b4, b5])", "torch.optim.Adam([p for c in (c1, c2, c3, l4, l5) for p in c.parameters()])"),
    ]),
    "a helper that makes a block of layers": (FUNCTIONS, [
        ("class Net(nn.Module):", "def conv_block(c_in, c_out):\n    return nn.Sequential(nn.Conv2d(c_in, c_out, kernel_size=3), nn.ReLU(), nn.MaxPool2d(2))\n\n\nclass Net(nn.Module):"),
        ("self.conv1 = nn.Conv2d(1, 32, kernel_size=3)", "self.conv1 = conv_block(1, 32)"), ("F.max_pool2d(F.relu(self.conv1(x)), 2)", "self.conv1(x)"),
    ]),
    "weights changed by hand": (ARRAYS, [
        ("        opt.zero_grad()\n", "        net.zero_grad()\n"),
        ("        opt.step()\n", "        with torch.no_grad():\n            for p in net.parameters():\n                p -= 0.05 * p.grad\n"),
    ]),
    "a network for each of three seeds": (FUNCTIONS, [
        ("    model = Net().to(device)\n    optimizer = torch.optim.RMSprop(model.parameters(), lr=1e-3)\n", ""),
        ("    for epoch in range(1, 6):\n", "    for seed in range(3):\n        torch.manual_seed(seed)\n        model = Net().to(device)\n        optimizer = torch.optim.RMSprop(model.parameters(), lr=1e-3)\n        epoch = 1\n"),
    ]),
    "a network for each of three batch sizes": (FUNCTIONS, [
        ("    model = Net().to(device)\n    optimizer = torch.optim.RMSprop(model.parameters(), lr=1e-3)\n", ""),
        ("    for epoch in range(1, 6):\n", "    for batch in (16, 32, 64):\n        train_dl = DataLoader(train_data, batch, shuffle=True)\n        model = Net().to(device)\n        optimizer = torch.optim.RMSprop(model.parameters(), lr=1e-3)\n        epoch = 1\n"),
    ]),
    "pixels scaled by the network itself": (FUNCTIONS, [
        ("    def forward(self, x):\n", "    def forward(self, x):\n        x = x / 255\n"),
        ("T.Compose([T.ToTensor()])", "T.Compose([T.PILToTensor(), T.Lambda(lambda t: t.float())])"),
    ]),
    "pixels that add up to one": (FUNCTIONS, [("T.ToTensor()]", "T.ToTensor(), T.Lambda(lambda t: t / t.sum())]")]),
    "gradients added up over sixteen batches": (SCRIPT, [
        ("        optimizer.zero_grad()\n", ""),
        ("        optimizer.step()\n", "        if (step + 1) % 16 == 0:\n            optimizer.step()\n            optimizer.zero_grad()\n"),
    ]),
    "a list of detached losses": (SCRIPT, [
        ("    running_loss = 0.0\n", "    running_loss = 0.0\n    losses = []\n"),
        ("running_loss += loss.item()", "running_loss += loss.item()\n        losses.append(loss.detach())"),
    ]),
    "a first layer without a size": (SCRIPT, [("nn.Linear(576, 64)", "nn.LazyLinear(64)"), ("summary(model, (1, 28, 28))\n", "")]),
    "a class that trains": (FUNCTIONS, [
        ("def main():", "class Trainer:\n    def __init__(self, model, train_loader):\n        self.model, self.loader = model, train_loader\n        self.opt = torch.optim.Adam(model.parameters())\n\n    def fit(self):\n        for x, y in self.loader:\n            self.opt.zero_grad()\n            F.cross_entropy(self.model(x), y).backward()\n            self.opt.step()\n\n\ndef prepare(path):"),
        ('if __name__ == "__main__":\n    main()\n', ""), ("def train(model", "def other(model"),
    ]),
    "only functions": (FUNCTIONS, [('if __name__ == "__main__":\n    main()\n', ""), ("def main():", "def prepare(path):")]),
}  # fmt: skip


def planted(text, changes):
    """The program with every replacement made; each must apply."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text
