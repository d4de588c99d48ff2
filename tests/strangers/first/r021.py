import numpy as np


def my_imfilter(image, filter):
    assert filter.shape[0] % 2 == 1 and filter.shape[1] % 2 == 1, "filter dimensions must be odd"
    fh, fw = filter.shape
    m, n, c = image.shape
    padded = np.pad(image, ((fh // 2, fh // 2), (fw // 2, fw // 2), (0, 0)), mode="reflect")
    filtered_image = np.zeros((m, n, c))
    for channel in range(c):
        plane = padded[:, :, channel]
        for i in range(m):
            for j in range(n):
                filtered_image[i, j, channel] = np.sum(plane[i:i + fh, j:j + fw] * filter)
    return filtered_image
