import numpy as np


def conv2d(input, weight, stride=1, padding=0):
    if padding:
        input = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)), mode="constant")
    b, ci, hi, wi = input.shape
    co, _, kh, kw = weight.shape
    ho = (hi - kh) // stride + 1
    wo = (wi - kw) // stride + 1
    res = np.zeros((b, co, ho, wo))
    for n in range(b):
        for k in range(co):
            for c in range(ci):
                for y in range(ho):
                    for x in range(wo):
                        for dy in range(kw):
                            for dx in range(kh):
                                if dy < kh and dx < kw:
                                    res[n, k, y, x] += input[n, c, y * stride + dy, x * stride + dx] * weight[k, c, dy, dx]
    return res
