import numpy as np


def multi_channel_conv(image, kernels):
    """image: (C, H, W); kernels: (F, C, k, l). One map for each kernel."""
    C, H, W = image.shape
    F, _, k, l = kernels.shape
    maps = np.zeros((F, H - k + 1, W - l + 1))
    for f in range(F):
        for y in range(H - k + 1):
            for x in range(W - l + 1):
                per_channel = []
                for c in range(C):
                    window = image[c, y:y + k, x:x + l]
                    per_channel.append(np.sum(window * kernels[f, c]))
                maps[f, y, x] = np.mean(per_channel)
    return maps
