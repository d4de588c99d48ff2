import numpy as np


def my_imfilter(image, filter):
    """
    image: (H, W, C), filter: (k, l), both odd. Returns the filtered image of the same size;
    the border is reflected about the edge pixel (d c b | a b c d), which itself is not repeated.
    """
    assert filter.shape[0] % 2 == 1
    assert filter.shape[1] % 2 == 1
    k, l = filter.shape
    pad = ((k // 2, k // 2), (l // 2, l // 2), (0, 0))
    padded = np.pad(image, pad, mode="symmetric")
    filtered_image = np.zeros(image.shape)
    for i in range(image.shape[0]):
        for j in range(image.shape[1]):
            patch = padded[i:i + k, j:j + l]
            filtered_image[i, j] = np.sum(patch * filter[:, :, None], axis=(0, 1))
    return filtered_image
