import torch
import torch.nn as nn
import torchvision

torch.manual_seed(7)

training = torchvision.datasets.MNIST('.', train=True, download=True)
testing = torchvision.datasets.MNIST('.', train=False, download=True)

x = training.data.float().unsqueeze(1) / 255
t = training.targets
xt = testing.data.float().unsqueeze(1) / 255
tt = testing.targets

device = 'cuda' if torch.cuda.is_available() else 'cpu'

layers = []
layers.append(nn.Conv2d(1, 32, 3))
layers.append(nn.ReLU())
layers.append(nn.MaxPool2d(2))
layers.append(nn.Conv2d(32, 64, 3))
layers.append(nn.ReLU())
layers.append(nn.MaxPool2d(2))
layers.append(nn.Conv2d(64, 64, 3))
layers.append(nn.Flatten())
layers.append(nn.Linear(576, 64))
layers.append(nn.ReLU())
layers.append(nn.Linear(64, 10))
cnn = nn.Sequential(*layers).to(device)

loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, t), batch_size=64, shuffle=True)
ce = nn.CrossEntropyLoss()
rms = torch.optim.RMSprop(cnn.parameters())

for epoch in range(1, 6):
    s = c = 0
    for n, (a, b) in enumerate(loader):
        a = a.to(device); b = b.to(device)
        rms.zero_grad()
        z = cnn(a)
        l = ce(z, b)
        l.backward()
        rms.step()
        s += l.item()
        c += (z.argmax(1) == b).sum().item()
        if n % 10 == 0: print(epoch, n, l.item())
    print('epoch', epoch, 'loss', s / len(loader), 'acc', c / len(x))

with torch.no_grad():
    c = 0
    for a, b in zip(xt.split(1024), tt.split(1024)):
        z = cnn(a.to(device))
        c += (z.argmax(1).cpu() == b).sum().item()
    print('test acc', c / len(xt))
