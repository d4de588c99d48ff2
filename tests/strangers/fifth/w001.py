import numpy as np


def my_conv(image, kernel):
    """Slide `kernel` over `image` and return an image of the same size."""
    H, W = image.shape
    kh, kw = kernel.shape
    ph, pw = kh // 2, kw // 2
    result = np.zeros((H, W))
    for y in range(ph, H - ph):
        for x in range(pw, W - pw):
            s = 0.0
            for dy in range(-ph, ph + 1):
                for dx in range(-pw, pw + 1):
                    s += image[y + dy, x + dx] * kernel[dy + ph, dx + pw]
            result[y, x] = s
    return result
