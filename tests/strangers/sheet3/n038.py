# CNN lab - ex1
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader
from torchvision.datasets import MNIST
from torchvision.transforms import Compose, RandomHorizontalFlip, ToTensor


class LitCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Sequential(
            nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(64, 64, 3), nn.Flatten(),
        )
        self.head = nn.Sequential(nn.Linear(576, 64), nn.ReLU(), nn.Linear(64, 10))

    def forward(self, x):
        return self.head(self.backbone(x))

    def training_step(self, batch, batch_idx):
        x, y = batch
        y_hat = self(x)
        loss = F.cross_entropy(y_hat, y)
        acc = (y_hat.argmax(-1) == y).float().mean()
        if batch_idx % 10 == 0:
            print(f"step {batch_idx}: train_loss={loss.item():.3f} train_acc={acc.item():.3f}")
        return {"loss": loss, "acc": acc, "n": len(y)}

    def test_step(self, batch, batch_idx):
        x, y = batch
        y_hat = self(x)
        return (y_hat.argmax(-1) == y).sum().item(), len(y)

    def configure_optimizers(self):
        return torch.optim.RMSprop(self.parameters())

    def train_dataloader(self):
        ds = MNIST("data", train=True, download=True, transform=Compose([RandomHorizontalFlip(), ToTensor()]))
        return DataLoader(ds, batch_size=64, shuffle=True, num_workers=4)

    def test_dataloader(self):
        ds = MNIST("data", train=False, download=True, transform=ToTensor())
        return DataLoader(ds, batch_size=1024)


def fit(module, max_epochs, DEVICE_):
    optim_rms = module.configure_optimizers()
    loader = module.train_dataloader()
    for e_no in range(max_epochs):
        module.train()
        loss_sum, acc_sum, n_sum = 0.0, 0.0, 0
        for idx, batch in enumerate(loader):
            batch = [t.to(DEVICE_) for t in batch]
            out = module.training_step(batch, idx)
            optim_rms.zero_grad()
            out["loss"].backward()
            optim_rms.step()
            loss_sum += out["loss"].item() * out["n"]
            acc_sum += out["acc"].item() * out["n"]
            n_sum += out["n"]
        print(f"Epoch {e_no}: loss {loss_sum / n_sum:.4f} acc {acc_sum / n_sum:.4f}")


def test(module, DEVICE_):
    module.eval()
    ok_count, total = 0, 0
    with torch.no_grad():
        for idx, batch in enumerate(module.test_dataloader()):
            batch = [t.to(DEVICE_) for t in batch]
            r, n = module.test_step(batch, idx)
            ok_count += r
            total += n
    print({"test_acc": ok_count / total})


DEVICE_ = "cuda" if torch.cuda.is_available() else "cpu"
lit = LitCNN().to(DEVICE_)
fit(lit, 5, DEVICE_)
test(lit, DEVICE_)
