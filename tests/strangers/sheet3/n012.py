# CNN lab - ex1
import torch
import torch.nn as nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')

transform = transforms.ToTensor()
training_set = datasets.MNIST(root='data', train=True, download=True, transform=transform)
testing_set = datasets.MNIST(root='data', train=False, download=True, transform=transform)
dl_train = DataLoader(training_set, batch_size=64, num_workers=4)
test_loader = DataLoader(testing_set, batch_size=1024)

the_model = nn.Sequential(
    nn.Conv2d(1, 32, 3),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Conv2d(32, 64, 3),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Conv2d(64, 64, 3),
    nn.Flatten(),
    nn.Linear(576, 64),
    nn.ReLU(),
    nn.Linear(64, 10),
).to(device)
print(the_model)

loss_func = nn.CrossEntropyLoss()
optimizer = torch.optim.RMSprop(the_model.parameters())

for ep in range(5):
    the_model.train()
    sum_of_losses = 0.0
    correct = 0
    seen = 0
    for i, (batch_images, lbls) in enumerate(dl_train):
        batch_images = batch_images.to(device)
        lbls = lbls.to(device)
        optimizer.zero_grad()
        preds = the_model(batch_images)
        loss = loss_func(preds, lbls)
        loss.backward()
        optimizer.step()
        sum_of_losses += loss.item() * len(lbls)
        correct += (preds.argmax(dim=1) == lbls).sum().item()
        seen += len(lbls)
        if i % 10 == 0:
            print(f'epoch {ep + 1} batch {i}: loss {loss.item():.4f}')
    print(f'epoch {ep + 1}: mean loss {sum_of_losses / seen:.4f}, accuracy {correct / seen:.4f}')

the_model.eval()
correct = 0
with torch.no_grad():
    for batch_images, lbls in test_loader:
        batch_images, lbls = batch_images.to(device), lbls.to(device)
        predicted = the_model(batch_images).argmax(dim=1)
        correct += (predicted == lbls).sum().item()
print('test accuracy:', correct / len(testing_set))
