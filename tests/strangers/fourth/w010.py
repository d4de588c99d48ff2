import numpy as np

def conv2d(input, weight, stride=1, padding=0):
    """Cross-correlation, (N, C, H, W) with (O, C, kh, kw), virtual zero padding."""
    batch, cin, H, W = input.shape
    cout, _, kh, kw = weight.shape
    oh = (H + 2 * padding - kh) // stride + 1
    ow = (W + 2 * padding - kw) // stride + 1
    out = np.zeros((batch, cout, oh, ow))

    for n in range(batch):
        for o in range(cout):
            for y in range(oh):
                for x in range(ow):
                    s = 0.0
                    for c in range(cin):
                        for dy in range(kh):
                            for dx in range(kw):
                                row = y * stride + dy - padding
                                col = x * stride + dx - padding
                                if row < H and col < W:
                                    s += input[n, c, row, col] * weight[o, c, dy, dx]
                    out[n, o, y, x] = s
    return out
