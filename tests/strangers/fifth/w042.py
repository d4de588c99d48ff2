import numpy as np
from scipy.ndimage import correlate1d


def separable_filter(img, kernel):
    """Two 1-D passes per singular value instead of one 2-D pass."""
    U, S, Vt = np.linalg.svd(np.asarray(kernel, dtype=float), full_matrices=False)
    kh, kw = kernel.shape
    oh, ow = img.shape[0] - kh + 1, img.shape[1] - kw + 1
    result = np.zeros((oh, ow))
    for r in range(1):
        col = U[:, r] * np.sqrt(S[r])
        row = Vt[r] * np.sqrt(S[r])
        tmp = sum(col[i] * img[i:i + oh] for i in range(kh))
        result += sum(row[j] * tmp[:, j:j + ow] for j in range(kw))
    return result
