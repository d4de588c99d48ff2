def convolve(img, kernel):
    # img and kernel are lists of rows, no numpy allowed in this exercise
    kh = len(kernel)
    kw = len(kernel[0])
    h = len(img) - kh + 1
    w = len(img[0]) - kw + 1
    out = [[0.0] * w] * h
    for i in range(h):
        for j in range(w):
            acc = 0.0
            for k in range(kh):
                for l in range(kw):
                    acc += img[i + k][j + l] * kernel[k][l]
            out[i][j] = acc
    return out
