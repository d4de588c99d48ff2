import numpy as np


def conv_3_1_1_zp(x_in, omega):
    padded = [0] + list(x_in) + [0]
    return np.array([sum(omega[k] * padded[i + k] for k in range(3)) for i in range(len(x_in))])


def conv_3_2_1_zp(x_in, omega):
    padded = [0] + list(x_in) + [0]
    return np.array([sum(omega[k] * padded[i + k] for k in range(3)) for i in range(0, len(x_in), 2)])


def conv_5_1_1_zp(x_in, omega):
    padded = [0, 0] + list(x_in) + [0, 0]
    return np.array([sum(omega[k] * padded[i + k] for k in range(5)) for i in range(len(x_in))])


def conv_3_1_2_zp(x_in, omega):
    padded = [0, 0] + list(x_in) + [0, 0]
    x_out = np.zeros(len(x_in))
    for i in range(len(x_in)):
        x_out[i] = omega[0] * padded[i + 1] + omega[1] * padded[i + 2] + omega[2] * padded[i + 3]
    return x_out
