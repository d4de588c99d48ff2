import numpy as np


def convolve_nhwc(images, kernels, stride=1, padding=0):
    """images (B, H, W, Cin), kernels (kh, kw, Cin, Cout) -> (B, H', W', Cout)"""
    kh, kw, cin, cout = kernels.shape
    if padding:
        images = np.pad(images, [(0, 0), (padding, padding), (padding, padding), (0, 0)])
    B, H, W, _ = images.shape
    Ho = 1 + (H - kh) // stride
    Wo = 1 + (W - kw) // stride
    out = np.zeros((B, Ho, Wo, cout), dtype=np.result_type(images, kernels))
    for y in range(Ho):
        for x in range(Wo):
            block = images[:, y * stride:y * stride + kh, x * stride:x * stride + kw, :]
            out[:, y, x, :] = block.reshape(B, -1) @ kernels.reshape(-1, cout)
    return out
