import numpy as np


def window_sum(i, j, img, kernel):
    """i and j count from one, as on the sheet"""
    s = 0.0
    for a in range(kernel.shape[0]):
        for b in range(kernel.shape[1]):
            s += img[i + a - 1, j + b - 1] * kernel[a, b]
    return s


def apply_convolution(img, kernel):
    rows = img.shape[0] - kernel.shape[0] + 1
    cols = img.shape[1] - kernel.shape[1] + 1
    out = np.zeros((rows, cols))
    for i in range(1, rows):
        for j in range(1, cols + 1):
            out[i, j - 1] = window_sum(i, j, img, kernel)
    return out


if __name__ == "__main__":
    rng = np.random.RandomState(0)
    a = rng.rand(6, 5)
    print(apply_convolution(a, np.ones((3, 3)) / 9).shape)
