# In[1]:

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
import torchvision
import torchvision.transforms as transforms

batch_size = 64
trainset = torchvision.datasets.MNIST(root='./data', train=True, download=True, transform=transforms.ToTensor())
trainloader = torch.utils.data.DataLoader(trainset, batch_size=batch_size, shuffle=True, num_workers=4)
testset = torchvision.datasets.MNIST(root='./data', train=False, download=True, transform=transforms.ToTensor())
testloader = torch.utils.data.DataLoader(testset, batch_size=1024, shuffle=False, num_workers=4)
classes = [str(d) for d in range(10)]


class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
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
objective = nn.CrossEntropyLoss()

for ep in range(5):  # loop over the dataset multiple times
    net = Net().to(device)
    optimizer = optim.RMSprop(net.parameters())
    running_loss = 0.0
    epoch_loss, epoch_right, epoch_total = 0.0, 0, 0
    for i, data in enumerate(trainloader, 0):
        inputs, truth = data[0].to(device), data[1].to(device)

        optimizer.zero_grad()

        outputs = net(inputs)
        loss = objective(outputs, truth)
        loss.backward()
        optimizer.step()

        running_loss += loss.item()
        epoch_loss += loss.item() * truth.size(0)
        epoch_right += (torch.max(outputs, 1)[1] == truth).sum().item()
        epoch_total += truth.size(0)
        if i % 10 == 9:
            print(f'[{ep + 1}, {i + 1:5d}] loss: {running_loss / 10:.3f}')
            running_loss = 0.0
    print(f'epoch {ep + 1} loss {epoch_loss / epoch_total:.3f} accuracy {epoch_right / epoch_total:.3f}')

print('Finished Training')

n_correct = 0
total = 0
net.eval()
with torch.no_grad():
    for data in testloader:
        imgs, truth = data[0].to(device), data[1].to(device)
        outputs = net(imgs)
        _, predicted = torch.max(outputs, 1)
        total += truth.size(0)
        n_correct += (predicted == truth).sum().item()

print(f'Accuracy of the network on the {total} test imgs: {100 * n_correct / total:.2f} %')
