import torch
from scipy.signal import convolve2d


def apply_custom_sobel(img):
    Gx = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
    Gy = [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]
    image = img.numpy()
    horizontal = convolve2d(image, Gx, mode="valid")
    vertical = convolve2d(image, Gy, mode="valid")
    total = (horizontal ** 2 + vertical ** 2) ** 0.5
    total = total / total.max()
    return torch.from_numpy(total)
