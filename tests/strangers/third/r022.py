def compute_convolution_at_position(i, j, img, kernel):
    y = 0.0
    for m, k_row in enumerate(kernel, start=1):
        for n, k_val in enumerate(k_row, start=1):
            y += k_val * img[i + m - 2][j + n - 2]
    return y
