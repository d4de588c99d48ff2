import numpy as np

def convolve_batch(feat, ker, stride=1, padding=0):
    n_img, n_in, h, w = feat.shape
    n_out, _, kh, kw = ker.shape
    frame = np.zeros((n_img, n_in, h + 2 * padding, w + 2 * padding), dtype=feat.dtype)
    frame[:, :, 2 * padding:, 2 * padding:] = feat
    oh = int((h - kh + 2 * padding) / stride) + 1
    ow = int((w - kw + 2 * padding) / stride) + 1
    result = np.zeros((n_img, n_out, oh, ow))
    for b in range(n_img):
        for k in range(n_out):
            for c in range(n_in):
                for y in range(oh):
                    for x in range(ow):
                        for dy in range(kh):
                            for dx in range(kw):
                                result[b, k, y, x] += (frame[b, c, y * stride + dy, x * stride + dx]
                                                       * ker[k, c, dy, dx])
    return result
