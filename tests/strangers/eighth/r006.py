import numpy as np


def conv_5_1_1_zp(x_in, omega):
    x_out = np.zeros(len(x_in))
    for i in range(len(x_in)):
        for k in range(-2, 3):
            if 0 <= i + k < len(x_in):
                x_out[i] = x_out[i] + omega[k + 2] * x_in[i + k]
    return x_out
