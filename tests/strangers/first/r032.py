import numpy as np


def conv_backward_input(x_shape, W, dY):
    kh, kw, c_in, c_out = W.shape
    _, oh, ow, _ = dY.shape
    dX = np.zeros(x_shape)
    for r in range(oh):
        for c in range(ow):
            # (N, O) x (kh, kw, I, O) -> (N, kh, kw, I)
            dX[:, r:r + kh, c:c + kw, :] += np.einsum("no,ijko->nijk", dY[:, r, c, :], W)
    return dX
