import numpy as np


def my_imfilter(image, filter):
    H, W, channels = image.shape
    fh, fw = filter.shape
    assert fh % 2 and fw % 2
    ph, pw = fh // 2, fw // 2
    padded = np.pad(image, ((ph, ph), (pw, pw), (0, 0)))
    output = np.zeros(image.shape)
    for y in range(2 * ph, H):
        for x in range(2 * pw, W):
            block = padded[y - ph:y + ph + 1, x - pw:x + pw + 1]
            for c in range(channels):
                output[y - ph, x - pw, c] = (block[:, :, c] * filter).sum()
    return output
