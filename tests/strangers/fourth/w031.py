import numpy as np


def conv_gradient_wrt_kernel(img, dloss_dy):
    """One kernel entry at a time: the patch of img this entry saw, weighted by the upstream gradient."""
    oh, ow = dloss_dy.shape
    kh, kw = img.shape[0] - oh + 1, img.shape[1] - ow + 1
    grad = np.empty((kh, kw))
    for (a, b), _ in np.ndenumerate(grad):
        patch = img[a:a + oh, b:b + ow]
        grad[a, b] = dloss_dy.mean() * np.sum(patch)
    return grad
