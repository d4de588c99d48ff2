# %% imports
"""Exercise 3: the gradients of the convolution operator. This file is what is handed in."""

import numpy as np


# %% conv_gradient_wrt_kernel
def conv_gradient_wrt_kernel(img, dloss_dy):
    """Return the gradient with respect to the kernel: what the loss gains for each weight."""
    ### BEGIN SOLUTION
    rows, columns = img.shape[0] - dloss_dy.shape[0] + 1, img.shape[1] - dloss_dy.shape[1] + 1
    gradient = np.zeros((rows, columns))
    for k in range(rows):
        for l in range(columns):
            for i in range(dloss_dy.shape[0]):
                for j in range(dloss_dy.shape[1]):
                    gradient[k, l] += dloss_dy[i, j] * img[i + k, j + l]
    return gradient
    ### END SOLUTION


# %% conv_gradient_wrt_input
def conv_gradient_wrt_input(dloss_dy, kernel):
    """Return the gradient with respect to the input, as large as the input was."""
    ### BEGIN SOLUTION
    rows, columns = dloss_dy.shape[0] + kernel.shape[0] - 1, dloss_dy.shape[1] + kernel.shape[1] - 1
    gradient = np.zeros((rows, columns))
    for i in range(1, rows + 1):
        for j in range(1, columns + 1):
            for k in range(max(1, i - rows + kernel.shape[0]), min(kernel.shape[0], i) + 1):
                for l in range(max(1, j - columns + kernel.shape[1]), min(kernel.shape[1], j) + 1):
                    gradient[i - 1, j - 1] += dloss_dy[i - k, j - l] * kernel[k - 1, l - 1]
    return gradient
    ### END SOLUTION


# %% central_difference
def central_difference(loss, img, i, j, epsilon):
    """Return (loss(img + epsilon at i, j) - loss(img - epsilon at i, j)) / (2 * epsilon); i and j count from 1."""
    ### BEGIN SOLUTION
    step = np.zeros_like(img)
    step[i - 1, j - 1] = epsilon
    return (loss(img + step) - loss(img - step)) / (2 * epsilon)
    ### END SOLUTION


# %% climb
def climb(img, gradient, steps, rate):
    """Return the image after so many steps of + rate * gradient(img)."""
    ### BEGIN SOLUTION
    for _ in range(steps):
        img = img + rate * gradient(img)
    return img
    ### END SOLUTION
