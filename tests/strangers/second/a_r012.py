import numpy as np


def _conv1d(x_in, omega, stride, dilation):
    half = (len(omega) - 1) // 2
    x_out = []
    for centre in range(0, len(x_in), stride):
        total = 0.0
        for k, weight in enumerate(omega):
            pos = centre + (k - half) * dilation
            if pos >= 0 and pos < len(x_in):
                total += weight * x_in[pos]
        x_out.append(total)
    return np.array(x_out)


def conv_3_1_1_zp(x_in, omega):
    return _conv1d(x_in, omega, 1, 1)


def conv_3_2_1_zp(x_in, omega):
    return _conv1d(x_in, omega, 2, 1)


def conv_5_1_1_zp(x_in, omega):
    return _conv1d(x_in, omega, 1, 1)


def conv_3_1_2_zp(x_in, omega):
    return _conv1d(x_in, omega, 1, 2)
