import torch
from torch import nn

fx = torch.Tensor([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
fy = fx.transpose(0, 1)


def make_layer(kernel):
    layer = nn.Conv2d(1, 1, 3, bias=False)
    layer.weight.data = kernel.clone().view(1, 1, 3, 3)
    return layer


def apply_sobel(img):
    with torch.no_grad():
        batch = img.unsqueeze(0).unsqueeze(0)
        dx = make_layer(fx)(batch).squeeze()
        dy = make_layer(fy)(batch).squeeze()
    norm_ = torch.hypot(dx, dy)
    return norm_ / torch.max(norm_)


def correlate(img, kernel):
    """Adds up nine shifted copies of the image, one for each weight."""
    h, w = img.shape[0] - 2, img.shape[1] - 2
    out = torch.zeros((h, w))
    for k in range(3):
        for l in range(3):
            out += kernel[k, l] * img[k:k + h, l:l + w]
    return out


def apply_custom_sobel(img):
    dx = correlate(img, fx)
    dy = correlate(img, fy)
    norm_ = torch.sqrt(dx * dx + dy * dy)
    return norm_ / torch.max(norm_)
