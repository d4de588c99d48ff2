import math
import torch

GX = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
GY = [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]


def apply_sobel(img):
    kernels = torch.tensor([GX, GY], dtype=img.dtype).view(2, 1, 3, 3)
    both = torch.conv2d(img.view(1, 1, *img.shape), kernels)[0]
    norm = torch.linalg.norm(both, dim=0)
    return norm / norm.max()


def apply_custom_sobel(img):
    pixels = img.tolist()
    rows = len(pixels) - 2
    cols = len(pixels[0]) - 2
    picture = []
    for i in range(rows):
        line = []
        for j in range(cols):
            sx = 0
            sy = 0
            for k in range(3):
                for l in range(3):
                    sx += pixels[i + k][j + l] * GX[k][l]
                    sy += pixels[i + k][j + l] * GY[k][l]
            line.append(math.sqrt(sx * sx + sy * sy))
        picture.append(line)
    picture = torch.tensor(picture)
    return picture / picture.max()
