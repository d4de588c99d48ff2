import numpy as np

def filter_image(image, kernel):
    """Filter a grey picture, output of the same size."""
    h, w = image.shape
    kh, kw = kernel.shape
    new_image = np.zeros((h, w))
    for y in range(h):
        for x in range(w):
            pixel = 0.0
            for ky in range(kh):
                for kx in range(kw):
                    yy = y + ky - (kh // 2 - 1)
                    xx = x + kx - kw // 2
                    if yy >= 0 and yy < h and xx >= 0 and xx < w:
                        pixel += kernel[ky, kx] * image[yy, xx]
            new_image[y, x] = pixel
    return new_image
