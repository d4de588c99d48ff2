import torch
from torch.nn.functional import conv2d


def sobel_kernels():
    smooth = torch.tensor([1.0, 2.0, 1.0])
    difference = torch.tensor([-1.0, 0.0, 1.0])
    # outer products: rows smoothed, columns differentiated, and the reverse
    return torch.outer(smooth, difference), torch.outer(difference, smooth)


def apply_sobel(img):
    g_x, g_y = sobel_kernels()
    x = conv2d(img.unsqueeze(0).unsqueeze(0), g_x.unsqueeze(0).unsqueeze(0))
    y = conv2d(img.unsqueeze(0).unsqueeze(0), g_y.unsqueeze(0).unsqueeze(0))
    out = torch.sqrt(x**2 + y**2)
    out = out / out.max()
    return out[0][0]


def apply_custom_sobel(img):
    dx = img[:, 2:] - img[:, :-2]
    dx = dx[:-2] + 2 * dx[1:-1] + dx[2:]
    dy = img[2:, :] - img[:-2, :]
    dy = dy[:, :-2] + 2 * dy[:, 1:-1] + dy[:, 2:]
    out = torch.sqrt(dx**2 + dy**2)
    return out / out.max()
