# CNN lab - ex1
import argparse
import numpy as np
import torch
import torch.nn as nn


def batches(x, y, size, rng=None):
    """Yields (batch_images, y_batch) as tensors; in random order if rng is given."""
    index = np.arange(len(x))
    if rng is not None:
        rng.shuffle(index)
    for a in range(0, len(x), size):
        part = index[a:a + size]
        batch_images = torch.as_tensor(x[part], dtype=torch.float32)[:, None] / 255
        yield batch_images, torch.as_tensor(y[part], dtype=torch.int64)


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.c2, self.c3 = nn.Conv2d(1, 32, 3), nn.Conv2d(32, 64, 3), nn.Conv2d(64, 64, 3)
        self.d1, self.d2 = nn.Linear(576, 64), nn.Linear(64, 10)

    def forward(self, x):
        for c in (self.c1, self.c2):
            x = torch.max_pool2d(torch.relu(c(x)), 2)
        x = self.c3(x).flatten(start_dim=1)
        return self.d2(torch.relu(self.d1(x)))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--data", default="mnist.npz")
    p.add_argument("--epochs", type=int, default=5)
    args = p.parse_args()
    z = np.load(args.data)
    rng = np.random.default_rng(7)
    net = Model()
    ce = nn.CrossEntropyLoss(reduction="sum")
    opt = torch.optim.RMSprop(net.parameters(), lr=1e-2)
    n = len(z["x_train"])
    x_train, y_train, x_test, y_test = z["x_train"], z["y_train"], z["x_test"], z["y_test"]
    for ep in range(args.epochs):
        net.train()
        loss_sum = n_right = 0
        for k, (batch_images, y_batch) in enumerate(batches(x_train, y_train, 64, rng)):
            opt.zero_grad(set_to_none=True)
            out = net(batch_images)
            loss = ce(out, y_batch)
            (loss / len(y_batch)).backward()
            opt.step()
            loss_sum += loss.item()
            n_right += (out.argmax(-1) == y_batch).sum().item()
            if k % 10 == 0:
                print("epoch", ep + 1, "batch", k, "loss", loss.item() / len(y_batch))
        print("epoch", ep + 1, "mean loss", loss_sum / n, "accuracy", n_right / n)
    net.eval()
    with torch.inference_mode():
        n_right = sum((net(a).argmax(-1) == b).sum().item() for a, b in batches(x_test, y_test, 1024))
    print("test accuracy", n_right / len(x_test))


if __name__ == "__main__":
    main()
