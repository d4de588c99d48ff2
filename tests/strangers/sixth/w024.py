import numpy as np

def separable_correlate(img, u, v):
    """
    Cross-correlation of img with the rank-one kernel np.outer(u, v), without padding,
    computed in two one-dimensional passes.
    """
    rows = np.array([np.correlate(r, v, mode="valid") for r in img])
    cols = np.array([np.convolve(c, u, mode="valid") for c in rows.T])
    return cols.T
