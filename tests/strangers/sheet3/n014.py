# CNN lab - ex1
import numpy as np
import torch
from torch import nn


class ConvClassifier:
    def __init__(self, epochs=5, batch_size=64, lr=0.01):
        self.epochs = epochs
        self.batch_size = batch_size
        self.lr = lr
        self.net = nn.Sequential(
            nn.Conv2d(1, 32, 3), nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3), nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(64, 64, 3),
            nn.Flatten(),
            nn.Linear(576, 64), nn.ReLU(),
            nn.Linear(64, 10),
        )

    def _tensor(self, X):
        X = np.asarray(X, dtype=np.float32) / 255
        return torch.tensor(X).reshape(-1, 1, 28, 28)

    def fit(self, X, y):
        X = self._tensor(X)
        y = torch.tensor(np.asarray(y), dtype=torch.long)
        criterion = nn.CrossEntropyLoss()
        optimizer = torch.optim.RMSprop(self.net.parameters(), lr=self.lr)
        self.net.train()
        for ep in range(self.epochs):
            order = np.random.permutation(len(X))
            running = 0.0
            right = 0
            for step, start in enumerate(range(0, len(X), self.batch_size)):
                pick = order[start:start + self.batch_size]
                logits = self.net(X[pick])
                loss = criterion(logits, y[pick])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                running += loss.item() * len(pick)
                right += (logits.argmax(1) == y[pick]).sum().item()
                if step % 10 == 0:
                    print(f"\repoch {ep + 1} step {step} loss {loss.item():.3f}", end="")
            print(f"\nepoch {ep + 1}: loss {running / len(X):.3f}, accuracy {right / len(X):.3f}")
        return self

    def predict(self, X):
        self.net.eval()
        X = self._tensor(X)
        parts = []
        with torch.no_grad():
            for start in range(0, len(X), 1024):
                parts.append(self.net(X[start:start + 1024]).argmax(dim=1))
        return torch.cat(parts).numpy()

    def score(self, X, y):
        return float(np.mean(self.predict(X[:1024]) == np.asarray(y[:1024])))


data = np.load("mnist.npz")
X_train, y_train = data["x_train"], data["y_train"]
X_test, y_test = data["x_test"], data["y_test"]

clf = ConvClassifier()
clf.fit(X_train, y_train)
print("score on test data:", clf.score(X_test, y_test))
