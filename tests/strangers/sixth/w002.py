def compute_convolution_at_position(i, j, img, kernel):
    rows, cols = kernel.shape
    y = 0.0
    for k in range(1, rows + 1):
        for l in range(1, cols + 1):
            y += img[i + k - 2, j + l - 2] * kernel[k - 1, l - 2]
    return y
