import numpy as np


def convolve2D(image, kernel, padding=0, strides=1):
    kernel = kernel[::-1, ::-1]
    xk, yk = kernel.shape
    xo = (image.shape[0] + 2 * padding - xk) // strides + 1
    yo = (image.shape[1] + 2 * padding - yk) // strides + 1
    output = np.zeros((xo, yo))

    if padding != 0:
        padded = np.zeros((image.shape[0] + 2 * padding, image.shape[1] + 2 * padding))
        padded[padding:-padding, padding:-padding] = image
    else:
        padded = image

    for y in range(image.shape[1]):
        if y > image.shape[1] - yk:
            break
        if y % strides == 0:
            for x in range(image.shape[0]):
                if x > image.shape[0] - xk:
                    break
                if x % strides == 0:
                    output[x // strides, y // strides] = (kernel * padded[x:x + xk, y:y + yk]).sum()
    return output
