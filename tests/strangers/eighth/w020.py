import numpy as np


def conv_3_1_2_zp(x_in, omega):
    x_out = np.zeros_like(x_in)
    n = len(x_in)
    for i in range(n):
        left = x_in[i - 2] if i - 2 >= 0 else 0
        right = x_in[i + 1] if i + 1 < n else 0
        x_out[i] = omega[0] * left + omega[1] * x_in[i] + omega[2] * right
    return x_out
