def conv_lists(matrix, kernel):
    n, m = len(matrix), len(matrix[0])
    kn, km = len(kernel), len(kernel[0])
    return [
        [
            sum(matrix[i + a][j + b] * kernel[a][b] for a in range(kn) for b in range(km))
            for j in range(m - km + 1)
        ]
        for i in range(n - kn + 1)
    ]
