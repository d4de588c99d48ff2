from scipy.signal import fftconvolve

def fft_conv_same(image, kernel):
    return fftconvolve(image, kernel, mode="same")
