import numpy as np


def conv2d_nhwc(images, kernel, stride=1, padding=0):
    """images (N, H, W, C), kernel (kh, kw, C, K) -> (N, H', W', K)"""
    images = np.pad(images, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    kh, kw, c_in, c_out = kernel.shape
    n, H, W, _ = images.shape
    out_h, out_w = (H - kh) // stride + 1, (W - kw) // stride + 1
    mat = kernel.transpose(2, 0, 1, 3).reshape(-1, c_out)
    out = np.zeros((n, out_h, out_w, c_out))
    for y in range(out_h):
        for x in range(out_w):
            block = images[:, y * stride:y * stride + kh, x * stride:x * stride + kw, :]
            out[:, y, x, :] = block.reshape(n, -1) @ mat
    return out
