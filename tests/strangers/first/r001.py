import numpy as np


def conv2d(input, weight, stride=1, padding=0):
    """Seven nested loops, nothing clever."""
    n_img, n_in, height, width = input.shape
    n_out, _, kh, kw = weight.shape
    out_h = (height + 2 * padding - kh) // stride + 1
    out_w = (width + 2 * padding - kw) // stride + 1
    result = np.zeros((n_img, n_out, out_h, out_w))
    for n in range(n_img):
        for o in range(n_out):
            for r in range(out_h):
                for c in range(out_w):
                    total = 0.0
                    for ch in range(n_in):
                        for u in range(kh):
                            for v in range(kw):
                                y = r * stride + u - padding
                                x = c * stride + v - padding
                                if 0 <= y < height and 0 <= x < width:
                                    total += input[n, ch, y, x] * weight[o, ch, u, v]
                    result[n, o, r, c] = total
    return result
