import numpy as np


class Conv1D:
    # y_i = sum_k x_(i+k) w_k
    def __init__(self, w):
        self.w = np.asarray(w, dtype=float)

    def forward(self, x):
        self.x = x
        return np.correlate(x, self.w, "valid")

    def backward(self, dy):
        dx = np.correlate(dy, self.w, "full")
        dw = np.convolve(self.x, dy, "valid")
        return dx, dw
