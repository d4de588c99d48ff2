import numpy as np


# kernel size 3, stride 1, dilation 1, zero padding
def conv_3_1_1_zp(x_in, omega):
    x_out = np.zeros_like(x_in)
    for i in range(len(x_in)):
        left = x_in[i - 1] if i >= 1 else 0
        right = x_in[i + 1] if i + 1 < len(x_in) else 0
        x_out[i] = omega[0] * left + omega[1] * x_in[i] + omega[2] * right
    return x_out


# kernel size 3, stride 1, dilation 2, zero padding
def conv_3_1_2_zp(x_in, omega):
    x_out = np.zeros_like(x_in)
    for i in range(len(x_in)):
        left = x_in[i - 2] if i >= 2 else 0
        right = x_in[i + 1] if i + 1 < len(x_in) else 0
        x_out[i] = omega[0] * left + omega[1] * x_in[i] + omega[2] * right
    return x_out
