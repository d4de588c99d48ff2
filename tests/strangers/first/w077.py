import numpy as np
import numba


@numba.njit(fastmath=True)
def _loops(x, w, stride, y):
    for n in range(y.shape[0]):
        for i in range(y.shape[2]):
            for j in range(y.shape[3]):
                acc = 0.0
                for k in range(w.shape[0]):
                    for c in range(w.shape[1]):
                        for a in range(w.shape[2]):
                            for b in range(w.shape[3]):
                                acc += x[n, c, i * stride + a, j * stride + b] * w[k, c, a, b]
                    y[n, k, i, j] = acc


def conv_nb(image, kernels, stride=1, pad=0):
    image = np.pad(image, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    shape = (image.shape[0], kernels.shape[0],
             (image.shape[2] - kernels.shape[2]) // stride + 1,
             (image.shape[3] - kernels.shape[3]) // stride + 1)
    y = np.empty(shape)
    _loops(image, kernels, stride, y)
    return y
