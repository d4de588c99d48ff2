import numpy as np

def my_imfilter(image: np.ndarray, filter: np.ndarray) -> np.ndarray:
    """
    Apply a filter to an image. Return the filtered image.
    - image: (m, n, c), filter: (k, j) with odd sides
    - the border is mirrored
    """
    assert filter.shape[0] % 2 == 1
    assert filter.shape[1] % 2 == 1
    k, j = filter.shape
    m, n, c = image.shape
    padded = np.pad(image, [(k // 2, k // 2), (j // 2, j // 2), (0, 0)], mode="reflect")
    filtered_image = np.zeros((m, n, c))
    for row in range(m):
        for col in range(n):
            window = padded[row:row + k, col:col + j, :]
            filtered_image[row, col, :] = np.sum(window * filter[:, :, np.newaxis])
    return filtered_image
