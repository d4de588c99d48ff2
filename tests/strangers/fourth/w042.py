import numpy as np
from scipy import ndimage

def blur(img, k):
    k = k / k.sum()
    return ndimage.correlate(img, k, mode="constant", cval=0.0)
