import numpy as np


def conv_numpy_1(image, weights, pad=1):
    image = np.pad(image, ((0, 0), (0, 0), (pad, pad), (pad, pad)), 'constant')
    _, _, hIn, wIn = image.shape
    _, _, kh, kw = weights.shape
    out = np.zeros((1, 1, hIn - kh + 1, wIn - kw + 1), dtype=np.float32)
    for y in range(out.shape[2]):
        for x in range(out.shape[3]):
            for ky in range(kh):
                for kx in range(kw):
                    out[0, 0, y, x] += image[0, 0, y + ky, x + kx] * weights[0, 0, ky, kx]
    return out


def conv_numpy_4(image, weights, stride=1, pad=1):
    image = np.pad(image, ((0, 0), (0, 0), (pad, pad), (pad, pad)), 'constant')
    batch, cIn, hIn, wIn = image.shape
    cOut, cIn, kh, kw = weights.shape
    hOut = 1 + (hIn - kh) // stride
    wOut = 1 + (wIn - kw) // stride
    out = np.zeros((batch, cOut, hOut, wOut), dtype=np.float32)
    for n in range(batch):
        for o in range(cOut):
            for c in range(cIn):
                for y in range(hOut):
                    for x in range(wOut):
                        for ky in range(kh):
                            for kx in range(kw):
                                out[n, o, y, x] += image[n, c, y * stride + ky, x * stride + kx] * weights[o, c, ky, kx]
    return out
