def compute_convolution_at_position(i, j, img, kernel):
    height, width = img.shape
    k_rows, k_cols = kernel.shape
    value = 0
    for m in range(k_rows):
        for n in range(k_cols):
            y = (i - 1) + m
            x = j + n
            if 0 <= y < height and 0 <= x < width:
                value += img[y, x] * kernel[m, n]
    return value
