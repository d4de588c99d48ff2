#!/usr/bin/env python3
import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
import torchvision
import torchvision.transforms as transforms

batch_size = 64
trainset = torchvision.datasets.MNIST(root='./data', train=True, download=True, transform=transforms.ToTensor())
train_loader = torch.utils.data.DataLoader(trainset, batch_size=batch_size, shuffle=True, num_workers=4)
testset = torchvision.datasets.MNIST(root='./data', train=False, download=True, transform=transforms.ToTensor())
test_batches = torch.utils.data.DataLoader(testset, batch_size=1024, shuffle=False, num_workers=4)
classes = [str(d) for d in range(10)]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3)
        self.pool = nn.MaxPool2d(2, 2)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.conv3 = nn.Conv2d(64, 64, 3)
        self.fc1 = nn.Linear(576, 64)
        self.fc2 = nn.Linear(64, 10)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        x = self.conv3(x)
        x = torch.flatten(x, 1)  # flatten all dimensions except batch
        x = F.relu(self.fc1(x))
        x = F.softmax(self.fc2(x), dim=1)
        return x


device = torch.device('cuda:0' if torch.cuda.is_available() else 'cpu')
net = Net()
net.to(device)

loss_func = nn.NLLLoss()
optim_rms = optim.RMSprop(net.parameters())

for epoch in range(5):  # loop over the dataset multiple times
    loss_acc = 0.0
    epoch_loss, epoch_right, epoch_total = 0.0, 0, 0
    for i, data in enumerate(train_loader, 0):
        feats_in, truth = data[0].to(device), data[1].to(device)

        # zero the parameter gradients
        optim_rms.zero_grad()

        # forward + backward + optimize
        preds = net(feats_in)
        loss = loss_func(preds, truth)
        loss.backward()
        optim_rms.step()

        # print statistics
        loss_acc += loss.item()
        epoch_loss += loss.item() * truth.size(0)
        epoch_right += (torch.max(preds, 1)[1] == truth).sum().item()
        epoch_total += truth.size(0)
        if i % 10 == 9:
            print(f'[{epoch + 1}, {i + 1:5d}] loss: {loss_acc / 10:.3f}')
            loss_acc = 0.0
    print(f'epoch {epoch + 1} loss {epoch_loss / epoch_total:.3f} accuracy {epoch_right / epoch_total:.3f}')

print('Finished Training')

n_right = 0
total = 0
net.eval()
with torch.no_grad():
    for data in test_batches:
        x_batch, truth = data[0].to(device), data[1].to(device)
        preds = net(x_batch)
        _, predicted = torch.max(preds, 1)
        total += truth.size(0)
        n_right += (predicted == truth).sum().item()

print(f'Accuracy of the network on the {total} test x_batch: {100 * n_right / total:.2f} %')
