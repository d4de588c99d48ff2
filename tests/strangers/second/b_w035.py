import numpy as np


def _slide(x, w):
    kh, kw = w.shape[:2]
    win = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(1, 2))
    return np.einsum("nyxcij,ijcf->nyxf", win, w)


def grad_x(input_size, weight, grad_output):
    """NHWC / HWIO, stride 1, no padding."""
    kh, kw, _, _ = weight.shape
    turned = weight[:, ::-1].transpose(0, 1, 3, 2)
    g = np.pad(grad_output, ((0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1), (0, 0)))
    dx = _slide(g, turned)
    assert dx.shape == tuple(input_size)
    return dx
