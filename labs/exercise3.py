# %% imports
"""Exercise 3: the gradients of the convolution operator. This file is what is handed in."""

import numpy as np


# %% conv_gradient_wrt_kernel
def conv_gradient_wrt_kernel(img, dloss_dy):
    """Return the gradient with respect to the kernel: what the loss gains for each weight."""
    # Your code goes here.


# %% conv_gradient_wrt_input
def conv_gradient_wrt_input(dloss_dy, kernel):
    """Return the gradient with respect to the input, as large as the input was."""
    # Your code goes here.


# %% central_difference
def central_difference(loss, img, i, j, epsilon):
    """Return (loss(img + epsilon at i, j) - loss(img - epsilon at i, j)) / (2 * epsilon); i and j count from 1."""
    # Your code goes here.


# %% climb
def climb(img, gradient, steps, rate):
    """Return the image after so many steps of + rate * gradient(img)."""
    # Your code goes here.
