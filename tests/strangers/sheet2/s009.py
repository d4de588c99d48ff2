# lab 7 ex 2
import torch
from torch import nn

filter_x = torch.Tensor([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
filter_y = filter_x.transpose(0, 1)


def make_layer(kernel):
    layer = nn.Conv2d(1, 1, 3, bias=False)
    layer.weight.data = kernel.clone().view(1, 1, 3, 3)
    return layer


def apply_sobel(img):
    with torch.no_grad():
        batch = img.unsqueeze(0).unsqueeze(0)
        dx = make_layer(filter_x)(batch).squeeze()
        dy = make_layer(filter_y)(batch).squeeze()
    e = torch.hypot(dx, dy)
    return e / torch.max(e)


def convolve(img, kernel):
    """Adds up nine shifted copies of the image, one for each weight."""
    h, w = img.shape[0] - 2, img.shape[1] - 2
    out = torch.zeros((h, w))
    for k in range(3):
        for l in range(3):
            out += kernel[k, l] * img[k:k + h, l:l + w]
    return out


def apply_custom_sobel(img):
    dx = torch.relu(convolve(img, filter_x))
    dy = torch.relu(convolve(img, filter_y))
    e = torch.sqrt(dx * dx + dy * dy)
    return e / torch.max(e)
