import numpy as np


def conv_layer(img, kernels, bias):
    C, H, W = img.shape
    K, Ck, f, f2 = kernels.shape
    if f != f2 or C != Ck:
        raise ValueError("square kernels with the image's channels, please")
    feature_maps = np.zeros((K, H - f + 1, W - f + 1))
    for k in range(K):
        for top in range(H - f + 1):
            for left in range(W - f + 1):
                value = bias[k]
                for c in range(C):
                    value += (img[c, top:top + f, left:left + f] * kernels[k, c]).sum()
                feature_maps[k, top, left] = value
    return feature_maps
