from numba import jit
import numpy as np

@jit(nopython=True)
def conv_gradient_wrt_kernel(img, dloss_dy):
    """Gradient of the loss wrt. the kernel."""
    oh, ow = dloss_dy.shape
    kh = img.shape[0] - oh + 1
    kw = img.shape[1] - ow + 1
    dk = np.zeros((kh, kw))
    for i in range(oh):
        for j in range(ow):
            g = dloss_dy[0, j]
            for u in range(kh):
                for v in range(kw):
                    dk[u, v] += g * img[i + u, j + v]
    return dk
