def convolve(matrix, mask):
    """Every pixel spreads the mask around itself; no libraries needed."""
    H, W = len(matrix), len(matrix[0])
    h, w = len(mask), len(mask[0])
    result = [[0.0] * (W + w - 1) for _ in range(H + h - 1)]
    for y in range(H):
        for x in range(W):
            for dy in range(h):
                for dx in range(w):
                    result[y + dy][x + dx] += matrix[y][x] * mask[dy][dx]
    return result
