import numpy as np


def tap(x, i):
    """x[i], or zero outside the signal"""
    if 0 <= i < len(x):
        return x[i]
    return 0.0


def conv_3_2_1_zp(x_in, omega):
    x_out = np.zeros(len(x_in) // 2)
    for k in range(len(x_out)):
        c = 2 * k
        x_out[k] = omega[0] * tap(x_in, c - 1) + omega[1] * tap(x_in, c) + omega[2] * tap(x_in, c + 1)
    return x_out


def conv_5_1_1_zp(x_in, omega):
    x_out = np.zeros(len(x_in))
    for i in range(len(x_out)):
        for d in range(-2, 3):
            x_out[i] += omega[d + 2] * tap(x_in, i + d)
    return x_out
