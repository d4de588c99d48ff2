import numpy as np

def conv_layer(images, filters, bias, stride=1, padding=0):
    n_img, n_ch, h, w = images.shape
    n_filt, _, fh, fw = filters.shape
    images = np.pad(images, [(0, 0), (0, 0), (padding,) * 2, (padding,) * 2], mode="constant")
    h_out = (h - fh + 2 * padding) // stride + 1
    w_out = (w - fw + 2 * padding) // stride + 1
    result = np.zeros((n_img, n_filt, h_out, w_out))
    for img in range(n_img):
        for filt in range(n_filt):
            for r in range(h_out):
                for c in range(w_out):
                    for ch in range(n_ch):
                        patch = images[img, ch, r * stride:r * stride + fh, c * stride:c * stride + fw]
                        result[img, filt, r, c] += (patch * filters[filt, ch]).sum()
                        result[img, filt, r, c] += bias[filt]
    return result
