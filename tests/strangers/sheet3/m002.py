# -*- coding: utf-8 -*-
# my solution for the first exercise
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
        x = self.fc2(x)
        return x


device = torch.device('cuda:0' if torch.cuda.is_available() else 'cpu')
mynet = Net()
mynet.to(device)

objective = nn.CrossEntropyLoss()
optimiser = optim.RMSprop(mynet.parameters())

for e_no in range(5):  # loop over the dataset multiple times
    run_loss = 0.0
    epoch_loss, epoch_right, epoch_total = 0.0, 0, 0
    for i, data in enumerate(train_loader, 0):
        inputs, labels = data[0].to(device), data[1].to(device)

        optimiser.zero_grad()

        yhat = mynet(inputs)
        loss = objective(yhat, labels)
        loss.backward()
        optimiser.step()

        run_loss += loss.item()
        epoch_loss += loss.item() * labels.size(0)
        epoch_right += (torch.max(yhat, 1)[1] == labels).sum().item()
        epoch_total += labels.size(0)
        if i % 10 == 9:
            print(f'[{e_no + 1}, {i + 1:5d}] loss: {run_loss / 10:.3f}')
            run_loss = 0.0
    print(f'epoch {e_no + 1} loss {epoch_loss / epoch_total:.3f} accuracy {epoch_right / epoch_total:.3f}')

print('Finished Training')

n_correct = 0
total = 0
mynet.eval()
with torch.no_grad():
    for data in test_batches:
        pics, labels = data[0].to(device), data[1].to(device)
        yhat = mynet(pics)
        _, predicted = torch.max(yhat, 1)
        total += labels.size(0)
        n_correct += (predicted == labels).sum().item()

print(f'Accuracy of the network on the {total} test pics: {100 * n_correct / total:.2f} %')
