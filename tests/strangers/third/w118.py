def conv_3_1_2_zp(x_in, omega):
    x_out = [0.0] * len(x_in)
    for i in range(len(x_in)):
        total = omega[1] * x_in[i]
        if i - 1 >= 0:
            total += omega[0] * x_in[i - 1]
        if i + 2 < len(x_in):
            total += omega[2] * x_in[i + 2]
        x_out[i] = total
    return x_out
