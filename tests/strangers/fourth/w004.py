import numpy as np

def apply_convolution(img, kernel):
    """
    Slide the kernel over the image (no padding) and
    collect the weighted sums in a new array.
    """
    img_h, img_w = img.shape
    k_h, k_w = kernel.shape
    out_h = img_h - k_h + 1
    out_w = img_w - k_w + 1
    out = np.zeros((out_h, out_w))

    for p in range(out_h):
        total = 0.0
        for q in range(out_w):
            for s in range(k_h):
                for t in range(k_w):
                    total += img[p + s, q + t] * kernel[s, t]
            out[p, q] = total
    return out
