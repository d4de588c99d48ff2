import numpy as np

apply_convolution = lambda img, kernel: np.array([[np.sum(img[i:i + kernel.shape[0], j:j + kernel.shape[1]] * kernel) for j in range(img.shape[1] - kernel.shape[1])] for i in range(img.shape[0] - kernel.shape[0])])
