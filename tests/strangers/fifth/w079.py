import numpy as np


def conv_gradient_wrt_kernel(img, dloss_dy):
    """dL/dk[a, b], the same size as the kernel."""
    oh, ow = dloss_dy.shape
    kh, kw = img.shape[0] - oh + 1, img.shape[1] - ow + 1
    dk = np.empty((kh, kw))
    for a in range(kh):
        for b in range(kw):
            dk[a, b] = img[a:a + oh, b:b + ow].sum()
    return dk
