# Lab 7, exercise 1
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader
from torchvision.datasets import MNIST
from torchvision.transforms import ToTensor


class MNISTModule(nn.Module):
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
            print(f'step {batch_idx}: train_loss={loss.item():.3f} train_acc={acc.item():.3f}')
        return {'loss': loss, 'acc': acc, 'n': len(y)}

    def test_step(self, batch, batch_idx):
        x, y = batch
        y_hat = self(x)
        return (y_hat.argmax(-1) == y).sum().item(), len(y)

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.01)

    def train_dataloader(self):
        ds = MNIST('data', train=True, download=True, transform=ToTensor())
        return DataLoader(ds, batch_size=64, shuffle=True, num_workers=4)

    def test_dataloader(self):
        ds = MNIST('data', train=False, download=True, transform=ToTensor())
        return DataLoader(ds, batch_size=1024)


def fit(module, max_epochs, device):
    optimiser = module.configure_optimizers()
    loader = module.train_dataloader()
    for ep in range(max_epochs):
        module.train()
        loss_sum, acc_sum, n_sum = 0.0, 0.0, 0
        for idx, batch in enumerate(loader):
            batch = [t.to(device) for t in batch]
            out = module.training_step(batch, idx)
            optimiser.zero_grad()
            out['loss'].backward()
            optimiser.step()
            loss_sum += out['loss'].item() * out['n']
            acc_sum += out['acc'].item() * out['n']
            n_sum += out['n']
        print(f'Epoch {ep}: loss {loss_sum / n_sum:.4f} acc {acc_sum / n_sum:.4f}')


def test(module, device):
    module.eval()
    good, total = 0, 0
    with torch.no_grad():
        for idx, batch in enumerate(module.test_dataloader()):
            batch = [t.to(device) for t in batch]
            r, n = module.test_step(batch, idx)
            good += r
            total += n
    print({'test_acc': good / total})


device = 'cuda' if torch.cuda.is_available() else 'cpu'
lit = MNISTModule().to(device)
fit(lit, 5, device)
test(lit, device)
