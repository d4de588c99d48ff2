import numpy as np

def same_padding(size, k, stride):
    total = max(k - stride, 0)
    return total // 2, total - total // 2

def conv2d_same(x, w, stride=1):
    """
    Does what tf.nn.conv2d(x, w, stride, "SAME") does.

    Args:
        x: images, (N, H, W, C_in)
        w: weights, (kh, kw, C_in, C_out)
        stride: the same for rows and columns
    Returns:
        (N, ceil(H / stride), ceil(W / stride), C_out)
    """
    kh, kw, C, F = w.shape
    x = np.pad(x, ((0, 0), same_padding(x.shape[1], kh, stride), same_padding(x.shape[2], kw, stride), (0, 0)))
    oh = (x.shape[1] - kh) // stride + 1
    ow = (x.shape[2] - kw) // stride + 1
    y = np.zeros((x.shape[0], oh, ow, F))
    for i in range(oh):
        for j in range(ow):
            patch = x[:, i * stride:i * stride + kh, j * stride:j * stride + kw, :]
            y[:, i, j, :] = np.tensordot(patch, w, axes=3)
    return y
