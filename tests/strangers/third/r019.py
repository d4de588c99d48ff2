def apply_kernel(pixels, kernel):
    height = len(pixels)
    width = len(pixels[0])

    def px(y, x):
        if y < 0 or x < 0 or y >= height or x >= width:
            return 0
        return pixels[y][x]

    out = [[0] * width for _ in range(height)]
    for y in range(height):
        for x in range(width):
            v = 0
            for dy in (-1, 0, 1):
                for dx in (-1, 0, 1):
                    v += px(y + dy, x + dx) * kernel[dy + 1][dx + 1]
            out[y][x] = v
    return out
