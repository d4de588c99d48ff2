import numpy as np

def conv_gradient_wrt_kernel(img, dloss_dy):
    gh, gw = dloss_dy.shape
    H, W = img.shape
    dk = np.zeros((H - gh + 1, W - gw + 1))
    for m in range(dk.shape[0]):
        for n in range(dk.shape[1]):
            for i in range(gh):
                for j in range(gw):
                    dk[m, n] += dloss_dy[i, j] * img[i + m, j + n]
    return dk
