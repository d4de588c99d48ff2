import numpy as np

def conv_hwc(image, w, stride=1, padding=0):
    H, W, _ = image.shape
    kh, kw, cin, cout = w.shape
    canvas = np.zeros((H + 2 * padding, W + 2 * padding, cin))
    canvas[padding:padding + H, padding:padding + W] = image
    oh = (H + 2 * padding - kh) // stride + 1
    ow = (W + 2 * padding - kw) // stride + 1
    out = np.zeros((oh, ow, cout))
    for i in range(oh):
        for j in range(ow):
            for o in range(cout):
                for c in range(min(cin, cout)):
                    patch = canvas[i * stride:i * stride + kh, j * stride:j * stride + kw, c]
                    out[i, j, o] += np.vdot(patch, w[:, :, c, o])
    return out
