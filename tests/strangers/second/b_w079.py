def compute_convolution_at_position(i, j, img, kernel):
    """Value of the valid cross-correlation at row i, column j (both from 1)."""
    total = 0
    rows, cols = len(kernel), len(kernel[0])
    for m in range(rows):
        for n in range(cols):
            y = (i - 1) + (m - 1)
            x = (j - 1) + (n - 1)
            total += img[y][x] * kernel[m][n]
    return total
