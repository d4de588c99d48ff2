import numpy as np


def my_imfilter(image, filter):
    fh, fw = filter.shape
    ph, pw = fw // 2, fh // 2
    big = np.pad(image, ((ph, ph), (pw, pw), (0, 0)), mode="reflect")
    out = np.zeros(image.shape, dtype=np.float64)
    for dy in range(fh):
        for dx in range(fw):
            shifted = big[dy:, dx:, :]
            rows = min(shifted.shape[0], out.shape[0])
            cols = min(shifted.shape[1], out.shape[1])
            out[:rows, :cols] += filter[dy, dx] * shifted[:rows, :cols]
    return out
