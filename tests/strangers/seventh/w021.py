import numpy as np


def my_imfilter(image: np.ndarray, filter: np.ndarray) -> np.ndarray:
    assert filter.shape[0] % 2 == 1
    assert filter.shape[1] % 2 == 1
    h, w, c = image.shape
    kh, kw = filter.shape
    padded = np.pad(image, ((kw // 2, kw // 2), (kh // 2, kh // 2), (0, 0)), mode="constant")
    filtered = np.zeros_like(image)
    for ch in range(c):
        for i in range(padded.shape[0] - kh + 1):
            for j in range(padded.shape[1] - kw + 1):
                filtered[i, j, ch] = np.sum(padded[i:i + kh, j:j + kw, ch] * filter)
    return filtered
