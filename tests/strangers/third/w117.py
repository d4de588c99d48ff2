import numpy as np

def conv_3_2_1_zp(x_in, omega):
    n = len(x_in)
    x_out = np.zeros(n // 2)
    padded = np.concatenate(([0.0], x_in, [0.0, 0.0]))
    for i in range(len(x_out)):
        x_out[i] = np.dot(omega, padded[2 * i:2 * i + 3])
    return x_out
