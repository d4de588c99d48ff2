"""
Lab 7: convolutions
Exercise 1 (classification of handwritten digits)
"""
import torch, torch.nn as nn
from torchvision import datasets, transforms

def conv_block(cin, cout):
    return [nn.Conv2d(cin, cout, 3), nn.ReLU(), nn.MaxPool2d(2)]

def dense_part():
    return [nn.Flatten(), nn.Linear(576, 64), nn.ReLU(), nn.Linear(64, 10)]

def loader(train):
    data = datasets.MNIST('.', train=train, download=True, transform=transforms.ToTensor())
    return torch.utils.data.DataLoader(data, batch_size=64 if train else 1024, shuffle=train, num_workers=4)

gpu = torch.device('cuda' if torch.cuda.is_available() else 'cpu')
network = nn.Sequential(*conv_block(1, 32), *conv_block(32, 64), nn.Conv2d(64, 64, 3), *dense_part()).to(gpu)
optim_rms = torch.optim.RMSprop(network.parameters())
cost = nn.CrossEntropyLoss()

batches = loader(True)
for e_no in range(5):
    losses, accs, sizes = [], [], []
    for number, (x, y) in enumerate(batches):
        x, y = x.to(gpu), y.to(gpu)
        z = network(x)
        loss = cost(z, y)
        network.zero_grad()
        loss.backward()
        optim_rms.step()
        losses.append(loss.item() * len(y))
        accs.append((z.argmax(1) == y).sum().item())
        sizes.append(len(y))
        if number % 10 == 0:
            print('.', end='', flush=True)
    print(f'\n{e_no + 1}: loss {sum(losses) / sum(sizes):.3f} accuracy {sum(accs) / sum(sizes):.3f}')

# no dropout and no batch norm in here, but eval() does not hurt
network.eval()
with torch.no_grad():
    n_good = [(network(x.to(gpu)).argmax(1) == y.to(gpu)) for x, y in loader(False)]
print('test accuracy:', torch.cat(n_good).float().mean().item())
