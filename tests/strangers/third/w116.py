import numpy as np

# kernel 3, stride 1, dilation 1
def conv_3_1_1_zp(x_in, omega):
    n = len(x_in)
    x_out = np.zeros(n)
    for i in range(n):
        x_out[i] = omega[0] * x_in[i - 1] + omega[1] * x_in[i]
        if i + 1 < n:
            x_out[i] = x_out[i] + omega[2] * x_in[i + 1]
    return x_out
