def filter_image(img, kernel):
    h, w = len(img), len(img[0])
    kh, kw = len(kernel), len(kernel[0])
    ch, cw = kh // 2, kw // 2
    result = []
    for y in range(h):
        line = []
        for x in range(w):
            s = 0.0
            for j in range(kh):
                yy = min(max(y + j - ch, 0), h - 1)
                for i in range(kw):
                    xx = min(max(x + i - cw, 0), w - 1)
                    s += img[yy][xx] * kernel[j][i]
            line.append(s)
        result.append(line)
    return result
