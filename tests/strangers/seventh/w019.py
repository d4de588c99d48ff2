import numpy as np


# Now let's define a zero-padded convolution operation
# with a convolution kernel size of 3, a stride of 2, and a dilation of 1
def conv_3_2_1_zp(x_in, omega):
    x_out = np.zeros(int(np.ceil(len(x_in) / 2)))
    x_pad = np.concatenate([[0], x_in, [0, 0]])
    for i in range(len(x_out)):
        c = 2 * i + 2
        x_out[i] = omega[0] * x_pad[c - 1] + omega[1] * x_pad[c] + omega[2] * x_pad[c + 1]
    return x_out
