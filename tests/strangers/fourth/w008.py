import numpy as np

def conv_gradient_wrt_kernel(img, dloss_dy):
    h, w = dloss_dy.shape
    kh = img.shape[0] - h + 1
    kw = img.shape[1] - w + 1
    dk = np.zeros((kh, kw))
    for u in range(kh):
        for v in range(kw):
            for i in range(h):
                for j in range(w - 1):
                    dk[u, v] += dloss_dy[i, j] * img[i + u, j + v]
    return dk
