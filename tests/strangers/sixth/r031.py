import torch


def force_pair(v):
    return (v, v) if isinstance(v, int) else tuple(v)


def conv2d_minimal(x, weights):
    return conv2d(x, weights)


def conv2d(x, weights, stride=1, padding=0):
    """Like torch's conv2d using bias=False; stride and padding are ints or pairs."""
    sh, sw = force_pair(stride)
    ph, pw = force_pair(padding)
    b, ic, h, w = x.shape
    oc, _, kh, kw = weights.shape
    xp = x.new_zeros(b, ic, h + 2 * ph, w + 2 * pw)
    xp[..., ph:ph + h, pw:pw + w] = x
    oh = 1 + (h + 2 * ph - kh) // sh
    ow = 1 + (w + 2 * pw - kw) // sw
    s_b, s_ic, s_h, s_w = xp.stride()
    view = xp.as_strided((b, ic, oh, ow, kh, kw), (s_b, s_ic, s_h * sh, s_w * sw, s_h, s_w))
    return torch.einsum("bihwkl,oikl->bohw", view, weights)
