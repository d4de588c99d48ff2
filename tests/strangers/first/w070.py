import numpy as np


class KernelFilter:
    """Callable: correlate an image with a kernel, valid region only."""

    def __call__(self, img, kernel):
        return self.forward(img, kernel)

    def prepare(self, kernel):
        kernel = np.array(kernel, dtype=np.float64)
        total = kernel.sum()
        if abs(total) > 1e-12:
            kernel /= total
        return kernel

    def forward(self, img, kernel):
        k = self.prepare(kernel)
        h = img.shape[0] - k.shape[0] + 1
        w = img.shape[1] - k.shape[1] + 1
        parts = [k[i, j] * img[i:i + h, j:j + w] for i, j in np.ndindex(*k.shape)]
        return np.sum(parts, axis=0)


apply_convolution = KernelFilter()
