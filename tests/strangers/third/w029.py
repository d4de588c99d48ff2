def compute_convolution_at_position(i, j, img, kernel):
    total = 0.0
    n_rows = kernel.shape[1]
    n_cols = kernel.shape[0]
    for a in range(n_rows):
        for b in range(n_cols):
            r, c = i - 1 + a, j - 1 + b
            if r < img.shape[0] and c < img.shape[1]:
                total += img[r, c] * kernel[b, a]
    return total
