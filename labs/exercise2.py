# %% imports
"""Exercise 2: convolution from its definition; Sobel. This file is what is handed in."""

import numpy as np

G_x = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
G_y = G_x.T


# %% compute_convolution_at_position
def compute_convolution_at_position(i, j, img, kernel):
    """Return the element y_ij of the output; i and j count from 1."""
    # Your code goes here.


# %% apply_convolution
def apply_convolution(img, kernel):
    """Return the whole output, of size r(X) - r(K) + 1 by c(X) - c(K) + 1."""
    # Your code goes here.


# %% apply_custom_sobel
def apply_custom_sobel(img):
    """Return the edges: the root of the sum of both squares, divided by its maximum."""
    # Your code goes here.


# %% convolve_with_stride
def convolve_with_stride(img, kernel, stride):
    """Return the output where the window moves by `stride` pixels at a time."""
    # Your code goes here.


# %% convolve_with_padding
def convolve_with_padding(img, kernel, stride, padding):
    """Return the output of an image with `padding` rows and columns of zeros on every side."""
    # Your code goes here.


# %% convolve_channels
def convolve_channels(img, kernels, stride, padding):
    """Return one output plane for each filter: img is (C_in, H, W), kernels is (C_out, C_in, kH, kW)."""
    # Your code goes here.


# %% convolve_batch
def convolve_batch(imgs, kernels, stride, padding):
    """Return the outputs of several images: imgs is (N, C_in, H, W), kernels is (C_out, C_in, kH, kW)."""
    # Your code goes here.
