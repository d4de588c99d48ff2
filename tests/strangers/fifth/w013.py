import numpy as np


def my_imfilter(image, filter):
    """Apply a filter to an image, one colour channel at a time.

    Pads the image by reflection about the edge pixel (d c b | a b c d | c b a).
    Raises an error for even filters.
    """
    fh, fw = filter.shape
    assert fh % 2 == 1 and fw % 2 == 1, "filter must be odd"
    H, W, C = image.shape
    out = np.zeros((H, W, C))
    padded = np.pad(image, ((fh // 2, fh // 2), (fw // 2, fw // 2), (0, 0)), mode="symmetric")
    for c in range(C):
        for i in range(H):
            for j in range(W):
                out[i, j, c] = np.sum(padded[i:i + fh, j:j + fw, c] * filter)
    return out
