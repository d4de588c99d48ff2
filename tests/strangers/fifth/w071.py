import numpy as np
from scipy.signal import convolve2d, correlate2d


class ConvLayer:
    """Single image (C, H, W), valid cross-correlation, stride 1."""

    def __init__(self, kernels, biases):
        self.kernels = kernels.copy()
        self.biases = biases.copy()

    def forward(self, x):
        self.x = x
        return np.stack([
            sum(correlate2d(x[c], k[c], mode="valid") for c in range(len(x))) + b
            for k, b in zip(self.kernels, self.biases)
        ])

    def backward(self, grad, lr):
        dk = np.zeros_like(self.kernels)
        for f in range(dk.shape[0]):
            for c in range(dk.shape[1]):
                dk[f, c] = correlate2d(self.x[c], grad[f], mode="valid")
        self.kernels -= lr * dk
        self.biases -= lr * grad.sum(axis=(1, 2))
        dx = np.zeros_like(self.x)
        for f in range(dk.shape[0]):
            for c in range(dk.shape[1]):
                dx[c] += convolve2d(grad[f], self.kernels[f, c], mode="full")
        return dx
