import numpy as np

def conv_3_1_2_zp(x_in, omega):
    """kernel size 3, stride 1, dilation 2, zero padding"""
    x_out = np.zeros(len(x_in))
    for c in range(len(x_in)):
        left = x_in[c - 2] if c - 2 >= 0 else 0
        right = x_in[c + 1] if c + 1 < len(x_in) else 0
        x_out[c] = omega[0] * left + omega[1] * x_in[c] + omega[2] * right
    return x_out
