def compute_convolution_at_position(i, j, img, kernel):
    """Value of the feature map at row i, column j (1-based)."""
    rows, cols = len(kernel), len(kernel[0])
    y0 = i - 1
    x0 = i - 1
    s = 0.0
    for m in range(rows):
        for n in range(cols):
            s = s + img[y0 + m][x0 + n] * kernel[m][n]
    return s
