import numpy as np
from scipy import signal


class Convolutional:
    def __init__(self, kernels, biases):
        self.depth, self.input_depth = kernels.shape[:2]
        self.kernels = kernels
        self.biases = biases

    def forward(self, input):
        self.input = input
        self.output = self.biases
        for i in range(self.depth):
            for j in range(self.input_depth):
                self.output[i] += signal.correlate2d(self.input[j], self.kernels[i, j], "valid")
        return self.output
