from scipy import signal

def apply_convolution(img, kernel):
    return signal.convolve2d(img, kernel, mode="valid")
