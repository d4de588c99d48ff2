def apply_convolution(img, kernel):
    """Plain Python, works on lists of lists as well as on arrays."""
    img_rows, img_cols = len(img), len(img[0])
    k_rows, k_cols = len(kernel), len(kernel[0])
    out = []
    r = 0
    while r + k_rows <= img_rows:
        line = []
        c = 0
        while c + k_cols <= img_cols:
            acc = 0.0
            for a in range(k_rows):
                for b in range(k_cols):
                    acc += img[r + a][c + b] * kernel[a][b]
            line.append(acc)
            c += 1
        out.append(line)
        r += 1
    return out
