def conv2d(image, kernel, out=[]):
    kh = len(kernel)
    kw = len(kernel[0])
    for y in range(len(image) - kh + 1):
        line = []
        for x in range(len(image[0]) - kw + 1):
            acc = 0
            for ky in range(kh):
                for kx in range(kw):
                    acc += image[y + ky][x + kx] * kernel[ky][kx]
            line.append(acc)
        out.append(line)
    return out
