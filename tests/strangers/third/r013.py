import numpy as np


def my_imfilter(image, filter):
    assert filter.shape[0] % 2 == 1
    assert filter.shape[1] % 2 == 1
    fh, fw = filter.shape
    ph, pw = (fh - 1) // 2, (fw - 1) // 2
    padded = np.pad(image, [(ph, ph), (pw, pw), (0, 0)], mode='reflect')
    filtered_image = np.zeros(image.shape)
    for ch in range(image.shape[2]):
        for r in range(image.shape[0]):
            for c in range(image.shape[1]):
                filtered_image[r, c, ch] = np.sum(padded[r:r + fh, c:c + fw, ch] * filter)
    return filtered_image
