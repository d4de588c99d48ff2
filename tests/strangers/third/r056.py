import numpy as np

def conv_3_1_2_zp(x_in, omega):
    x_out = np.zeros(len(x_in))
    x_pad = np.concatenate(([0, 0], x_in, [0, 0]))
    for c in range(len(x_in)):
        x_out[c] = omega[0] * x_pad[c] + omega[1] * x_pad[c + 2] + omega[2] * x_pad[c + 4]
    return x_out
