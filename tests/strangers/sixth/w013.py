import numpy as np

G_x = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], dtype=float)
G_y = G_x[:, ::-1]


def apply_convolution(img, kernel):
    H, W = img.shape
    res = np.zeros((H - 2, W - 2))
    for i in range(H - 2):
        for j in range(W - 2):
            for k in range(3):
                for l in range(3):
                    res[i, j] += img[i + k, j + l] * kernel[k, l]
    return res


def apply_custom_sobel(img):
    gx = apply_convolution(img, G_x)
    gy = apply_convolution(img, G_y)
    e = np.sqrt(gx ** 2 + gy ** 2)
    return e / e.max()
