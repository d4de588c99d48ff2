import numpy as np


def my_imfilter(image, filter):
    """Filters every channel of image with the same filter (both sides odd)."""
    assert filter.shape[0] % 2 == 1
    assert filter.shape[1] % 2 == 1

    k, l = filter.shape
    m, n, channels = image.shape
    padded = np.pad(image, ((l // 2, l // 2), (k // 2, k // 2), (0, 0)))
    filtered_image = np.zeros(image.shape)
    for c in range(channels):
        for i in range(m):
            for j in range(n):
                window = padded[i:i + k, j:j + l, c]
                filtered_image[i, j, c] = np.sum(window * filter[:window.shape[0], :window.shape[1]])
    return filtered_image
