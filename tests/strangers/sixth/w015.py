import numpy as np

def cross_correlation(img, kernel):
    H, W = img.shape
    kh, kw = kernel.shape
    rows = []
    for i in range(H - kh + 2):
        row = []
        for j in range(W - kw + 1):
            acc = 0
            for a in range(kh):
                for b in range(kw):
                    acc += img[i + a, j + b] * kernel[a, b]
            row.append(acc)
        rows.append(row)
    return np.array(rows)
