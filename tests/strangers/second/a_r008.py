from scipy.signal import convolve2d, correlate2d


def grad_x(dy, k):
    # the adjoint of a valid correlation is the full convolution
    return convolve2d(dy, k, mode="full")


def grad_k(x, dy):
    return correlate2d(x, dy, mode="valid")
