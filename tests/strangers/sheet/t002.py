import numpy as np

G_x = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
G_y = G_x.T


def compute_convolution_at_position(i, j, img, kernel):
    """y_ij, i and j counted from 1"""
    s = 0
    for k in range(1, 4):
        for l in range(1, 4):
            s += img[i + k - 2, j + l - 2] * kernel[k - 1, l - 1]
    return s


def apply_convolution(img, kernel):
    h, w = img.shape
    result = np.zeros((h - 2, w - 2))
    for i in range(1, h - 1):
        for j in range(1, w - 1):
            result[i - 1, j - 1] = compute_convolution_at_position(i, j, img, kernel)
    return result


def apply_custom_sobel(img):
    img = np.asarray(img)
    a = apply_convolution(img, G_x)
    b = apply_convolution(img, G_y)
    e = np.sqrt(a ** 2 + b ** 2)
    return e / np.max(e)
