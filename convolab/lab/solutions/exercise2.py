# %% imports
"""Exercise 2: convolution from its definition; Sobel. This file is what is handed in."""

import numpy as np

G_x = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
G_y = G_x.T


# %% compute_convolution_at_position
def compute_convolution_at_position(i, j, img, kernel):
    """Return the element y_ij of the output; i and j count from 1."""
    ### BEGIN SOLUTION
    y = 0.0
    for k in range(kernel.shape[0]):
        for l in range(kernel.shape[1]):
            y += img[i - 1 + k, j - 1 + l] * kernel[k, l]
    return y
    ### END SOLUTION


# %% apply_convolution
def apply_convolution(img, kernel):
    """Return the whole output, of size r(X) - r(K) + 1 by c(X) - c(K) + 1."""
    ### BEGIN SOLUTION
    rows, columns = img.shape[0] - kernel.shape[0] + 1, img.shape[1] - kernel.shape[1] + 1
    output = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            output[i, j] = compute_convolution_at_position(i + 1, j + 1, img, kernel)
    return output
    ### END SOLUTION


# %% apply_custom_sobel
def apply_custom_sobel(img):
    """Return the edges: the root of the sum of both squares, divided by its maximum."""
    ### BEGIN SOLUTION
    edges = np.sqrt(apply_convolution(img, G_x) ** 2 + apply_convolution(img, G_y) ** 2)
    return edges / edges.max()
    ### END SOLUTION


# %% convolve_with_stride
def convolve_with_stride(img, kernel, stride):
    """Return the output where the window moves by `stride` pixels at a time."""
    ### BEGIN SOLUTION
    rows = (img.shape[0] - kernel.shape[0]) // stride + 1
    columns = (img.shape[1] - kernel.shape[1]) // stride + 1
    output = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            window = img[stride * i : stride * i + kernel.shape[0], stride * j : stride * j + kernel.shape[1]]
            output[i, j] = (window * kernel).sum()
    return output
    ### END SOLUTION


# %% convolve_with_padding
def convolve_with_padding(img, kernel, stride, padding):
    """Return the output of an image with `padding` rows and columns of zeros on every side."""
    ### BEGIN SOLUTION
    padded = np.zeros((img.shape[0] + 2 * padding, img.shape[1] + 2 * padding))
    padded[padding : padding + img.shape[0], padding : padding + img.shape[1]] = img
    return convolve_with_stride(padded, kernel, stride)
    ### END SOLUTION


# %% convolve_channels
def convolve_channels(img, kernels, stride, padding):
    """Return one output plane for each filter: img is (C_in, H, W), kernels is (C_out, C_in, kH, kW)."""
    ### BEGIN SOLUTION
    return np.stack(
        [
            sum(
                convolve_with_padding(plane, kernel, stride, padding) for plane, kernel in zip(img, filter, strict=True)
            )
            for filter in kernels
        ]
    )
    ### END SOLUTION


# %% convolve_batch
def convolve_batch(imgs, kernels, stride, padding):
    """Return the outputs of several images: imgs is (N, C_in, H, W), kernels is (C_out, C_in, kH, kW)."""
    ### BEGIN SOLUTION
    return np.stack([convolve_channels(img, kernels, stride, padding) for img in imgs])
    ### END SOLUTION
