import numpy as np

def conv_forward_pass(inp, Wt, stride=1, padding=0):
    N, C, H, W = inp.shape
    O, _, R, S = Wt.shape
    padded = np.zeros((N, C, H + 2 * padding, W + 2 * padding))
    padded[:, :, padding:padding + H, padding:padding + W] = inp
    P = (H + 2 * padding - R) // stride + 1
    Q = (W + 2 * padding - S) // stride + 1
    out = np.zeros((N, O, P, Q))
    for n in range(N):
        for o in range(O):
            for y in range(P):
                top = y * stride
                for x in range(1, Q):
                    left = x * stride
                    patch = padded[n, :, top:top + R, left:left + S]
                    out[n, o, y, x - 1] = (patch * Wt[o]).sum()
    return out
