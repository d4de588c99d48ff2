from scipy.ndimage import correlate


def correlate_zero(img, kernel):
    """cross-correlation of a grey picture with an odd kernel, same size, zero padding"""
    return correlate(img.astype(float), kernel)
