import numpy as np

# kernel size 3, stride 1, dilation 2, zero padding
def conv_3_1_2_zp(x_in, omega):
    x_out = np.zeros(len(x_in))
    n = len(x_in)
    for i in range(n):
        value = omega[1] * x_in[i]
        if i > 0:
            value += omega[0] * x_in[i - 2]
        if i + 2 < n:
            value += omega[2] * x_in[i + 2]
        x_out[i] = value
    return x_out
