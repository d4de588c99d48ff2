import torch
import torch.nn as nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

transform = transforms.ToTensor()
train_data = datasets.MNIST(root="data", train=True, download=True, transform=transform)
testing_set = datasets.MNIST(root="data", train=False, download=True, transform=transform)
dl_train = DataLoader(train_data, batch_size=64, shuffle=True, num_workers=4)
loader_test = DataLoader(testing_set, batch_size=1024)

classifier_net = nn.Sequential(
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
print(classifier_net)

criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.RMSprop(classifier_net.parameters())

for epoch in range(5):
    classifier_net.train()
    total_loss = 0.0
    num_ok = 0
    seen = 0
    for i, (images, truth) in enumerate(dl_train):
        images = images.to(device)
        truth = truth.to(device)
        optimizer.zero_grad()
        outputs = classifier_net(images)
        loss = criterion(outputs, truth)
        loss.backward()
        optimizer.step()
        total_loss += loss.item() * len(truth)
        num_ok += (outputs.argmax(1) == truth).sum().item()
        seen += len(truth)
        if i % 10 == 0:
            print(f"epoch {epoch + 1} batch {i}: loss {loss.item():.3f}")
    print(f"epoch {epoch + 1}: mean loss {total_loss / seen:.4f}, accuracy {num_ok / seen:.4f}")

classifier_net.eval()
num_ok = 0
with torch.no_grad():
    for images, truth in loader_test:
        images, truth = images.to(device), truth.to(device)
        predicted = classifier_net(images).argmax(1)
        num_ok += (predicted == truth).sum().item()
print("test accuracy:", num_ok / len(testing_set))
