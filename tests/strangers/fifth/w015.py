def convolution(image, kernel):
    """Pure python, no dependencies."""
    oh = len(image) - len(kernel) + 1
    ow = len(image[0]) - len(kernel[0]) + 1
    result = [[0.0] * ow] * oh
    for i in range(oh):
        for j in range(ow):
            acc = 0.0
            for u, krow in enumerate(kernel):
                for v, kval in enumerate(krow):
                    acc += image[i + u][j + v] * kval
            result[i][j] = acc
    return result
