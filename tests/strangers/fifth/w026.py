import numpy as np


# Now let's define a convolution with kernel size 3, stride 2, dilation 1, zero padding
def conv_3_2_1_zp(x_in, omega):
    x_out = np.zeros(int(np.ceil(len(x_in) / 2)))
    for i in range(len(x_out)):
        centre = 2 * i + 1
        for k in range(3):
            pos = centre + k - 1
            if 0 <= pos < len(x_in):
                x_out[i] += omega[k] * x_in[pos]
    return x_out
