import numpy as np
import scipy.sparse as sp


def build_operator(kernel, shape):
    h, w = shape
    n = h * w
    op = sp.csr_matrix((n, n))
    for a in range(kernel.shape[0]):
        for b in range(kernel.shape[1]):
            di = a - kernel.shape[0] // 2
            dj = b - kernel.shape[1] // 2
            off = di * w + dj
            if abs(off) >= n:
                continue
            diag = np.full(n, float(kernel[a, b]))
            if off >= 0:
                diag = diag[:n - off]
            else:
                diag = diag[-off:]
            op = op + sp.diags([diag], [off], shape=(n, n))
    return op


def conv_sparse(img, kernel):
    return (build_operator(kernel, img.shape) @ np.asarray(img, dtype=float).ravel()).reshape(img.shape)
