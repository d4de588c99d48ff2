import numpy as np

def dK(img, dloss_dy):
    I, J = img.shape
    P, Q = dloss_dy.shape
    dk = np.zeros((I - P + 1, J - Q + 1))
    for k in range(1, I - P + 1):
        for l in range(1, J - Q + 1):
            total = 0.0
            for i in range(1, P + 1):
                for j in range(1, Q + 1):
                    total += dloss_dy[i - 1, j - 1] * img[i + k - 2, j + l - 2]
            dk[k - 1, l - 1] = total
    return dk
