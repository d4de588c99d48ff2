import numpy as np

def apply_convolution(img, kernel):
    # square kernels only
    h, w = img.shape
    k = kernel.shape[0]
    out = np.zeros((h - k + 1, w - k + 1))
    for i in range(h - k + 1):
        for j in range(w - k):
            for m in range(k):
                for n in range(k):
                    out[i, j] += img[i + m, j + n] * kernel[n, m]
    return out
