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
testloader = torch.utils.data.DataLoader(testset, batch_size=1024, shuffle=False, num_workers=4)
classes = [str(d) for d in range(10)]


class MyCNN(nn.Module):
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
digits_net = MyCNN()
digits_net.to(device)

loss_func = nn.CrossEntropyLoss()
optim_rms = optim.RMSprop(digits_net.parameters())

for epoch in range(5):  # loop over the dataset multiple times
    run_loss = 0.0
    epoch_loss, epoch_right, epoch_total = 0.0, 0, 0
    for i, data in enumerate(train_loader, 0):
        inputs, labels = data[0].to(device), data[1].to(device)

        optim_rms.zero_grad()

        outputs = digits_net(inputs)
        loss = loss_func(outputs, labels)
        loss.backward()

        run_loss += loss.item()
        epoch_loss += loss.item() * labels.size(0)
        epoch_right += (torch.max(outputs, 1)[1] == labels).sum().item()
        epoch_total += labels.size(0)
        if i % 10 == 9:
            print(f'[{epoch + 1}, {i + 1:5d}] loss: {run_loss / 10:.3f}')
            run_loss = 0.0
    optim_rms.step()
    print(f'epoch {epoch + 1} loss {epoch_loss / epoch_total:.3f} accuracy {epoch_right / epoch_total:.3f}')

print('Finished Training')

n_correct = 0
total = 0
digits_net.eval()
with torch.no_grad():
    for data in testloader:
        pics, labels = data[0].to(device), data[1].to(device)
        outputs = digits_net(pics)
        _, predicted = torch.max(outputs, 1)
        total += labels.size(0)
        n_correct += (predicted == labels).sum().item()

print(f'Accuracy of the network on the {total} test pics: {100 * n_correct / total:.2f} %')
