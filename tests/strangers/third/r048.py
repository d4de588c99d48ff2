import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    pad, stride = conv_param['pad'], conv_param['stride']
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape

    assert (H + 2 * pad - HH) % stride == 0, 'bad height for this stride'
    assert (W + 2 * pad - WW) % stride == 0, 'bad width for this stride'
    H_prime = 1 + (H + 2 * pad - HH) // stride
    W_prime = 1 + (W + 2 * pad - WW) // stride

    out = np.zeros((N, F, H_prime, W_prime))
    for n in range(N):
        x_pad = np.pad(x[n], ((0, 0), (pad, pad), (pad, pad)), 'constant')
        for f in range(F):
            for h_prime in range(H_prime):
                for w_prime in range(W_prime):
                    h1 = h_prime * stride
                    w1 = w_prime * stride
                    window = x_pad[:, h1:h1 + HH, w1:w1 + WW]
                    out[n, f, h_prime, w_prime] = np.sum(window * w[f]) + b[f]
    cache = (x, w, b, conv_param)
    return out, cache
