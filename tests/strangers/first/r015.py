import numpy as np


def _zp(x_in, omega, stride, dilation):
    n = len(x_in)
    half = (len(omega) // 2) * dilation
    x_out = np.zeros(n)
    for i in range(n):
        centre = i * stride
        for k, weight in enumerate(omega):
            pos = centre - half + k * dilation
            if 0 <= pos < n:
                x_out[i] += weight * x_in[pos]
    return x_out


def conv_3_1_1_zp(x_in, omega):
    return _zp(x_in, omega, 1, 1)


def conv_3_2_1_zp(x_in, omega):
    n_out = (len(x_in) + 1) // 2
    return _zp(x_in, omega, 2, 1)[:n_out]


def conv_5_1_1_zp(x_in, omega):
    return _zp(x_in, omega, 1, 1)


def conv_3_1_2_zp(x_in, omega):
    return _zp(x_in, omega, 1, 2)
