import numpy as np

def apply_convolution(img, kernel):
    """Cross-correlate img with kernel."""
    H, W = np.shape(img)
    kH, kW = np.shape(kernel)
    rows = []
    for r in range(H - kH + 1):
        row = []
        for c in range(W - kW + 1):
            value = 0
            for u in range(kH):
                for v in range(kW):
                    value += img[r + u][c + v] * kernel[u][v - 1]
            row.append(value)
        rows.append(row)
    return np.array(rows)
