def convolve(matrix, mask):
    rows = len(matrix) - len(mask) + 1
    cols = len(matrix[0]) - len(mask[0]) + 1
    answer = [[0] * cols] * rows
    for i in range(rows):
        for j in range(cols):
            for k, mask_row in enumerate(mask):
                for l, m in enumerate(mask_row):
                    answer[i][j] += matrix[i + k][j + l] * m
    return answer
