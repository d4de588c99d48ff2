import numpy as np

def sliding_sum(image, kernel):
    out_h = image.shape[0] - kernel.shape[0] + 1
    out_w = image.shape[1] - kernel.shape[1] + 1
    out = np.zeros((out_h, out_w))
    for y in range(out_h):
        for x in range(out_w):
            for kx in range(kernel.shape[1]):
                for ky in range(kernel.shape[0]):
                    if kx < kernel.shape[0] and ky < kernel.shape[1]:
                        out[y, x] += image[y + ky, x + kx] * kernel[kx, ky]
    return out
