import numpy as np


def conv2d(X, W, p=(0, 0), s=(1, 1)):
    X, W = np.asarray(X, dtype=float), np.asarray(W, dtype=float)
    kh, kw = W.shape
    n1, n2 = X.shape[0] + 2 * p[0], X.shape[1] + 2 * p[1]
    board = np.zeros((n1, n2))
    board[p[0]:n1 - p[0], p[1]:n2 - p[1]] = X
    rows = []
    for top in range(0, n1 - kh + 1, s[0]):
        rows.append([np.sum(board[top:top + kh, left:left + kw] * W)
                     for left in range(0, n2 - kw + 1, s[1])])
    return np.array(rows)


demo = [[2, 0, 1, 5], [1, 1, 4, 0], [3, 2, 2, 1], [0, 6, 1, 2]]
print('result:\n', conv2d(demo, [[1, 2, 0], [0, 1, 0], [2, 0, 1]], p=(1, 1), s=(1, 1)))
