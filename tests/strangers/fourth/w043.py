import numpy as np
from scipy.ndimage import correlate

def nd_same(img, kernel):
    """Cross-correlation of the same size as img; pixels outside count as zero."""
    return correlate(np.asarray(img, dtype=float), kernel)
