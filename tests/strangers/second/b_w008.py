import torch


def dconv_dx(x_shape, w, dout, stride=1, padding=0):
    """Gradient of a convolution with respect to its input (scatter version)."""
    N, C, H, W = x_shape
    kh, kw = w.shape[2:]
    p, s = padding, stride
    dx = dout.new_zeros((N, C, H + 2 * p, W + 2 * p))
    contrib = torch.einsum('nfij,fcab->ncijab', dout, w)
    for i in range(contrib.size(2)):
        for j in range(contrib.size(3)):
            dx[..., i * s:i * s + kh, j * s:j * s + kw] += contrib[:, :, i, j]
    return dx[..., p:-p, p:-p]
