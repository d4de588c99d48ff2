import numpy as np


def conv2d(input, weight, stride=1, padding=0):
    N, C, H, W = input.shape
    O, C2, kH, kW = weight.shape
    assert C == C2
    xp = np.pad(input, [(0, 0), (0, 0), (padding,) * 2, (padding,) * 2])
    Hp, Wp = xp.shape[2:]
    outH = 1 + (Hp - kH) // stride
    outW = 1 + (Wp - kW) // stride
    out = np.zeros([N, O, outH, outW])
    for n in range(N):
        for o in range(O):
            for i in range(outH):
                for j in range(outW):
                    s = 0.0
                    for c in range(C):
                        for p in range(kH):
                            for q in range(kW):
                                r, t = i * stride + p, j * stride + q
                                if r >= H or t >= W:
                                    continue
                                s += input[n, c, r, t] * weight[o, c, p, q]
                    out[n, o, i, j] = s
    return out
