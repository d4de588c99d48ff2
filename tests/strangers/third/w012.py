import numpy as np


def apply_convolution(img, kernel):
    img = np.asarray(img, dtype=float)
    kernel = np.asarray(kernel, dtype=int)
    kh, kw = kernel.shape
    out_h = img.shape[0] - kh + 1
    out_w = img.shape[1] - kw + 1
    output = np.zeros((out_h, out_w))
    for i in range(out_h):
        for j in range(out_w):
            output[i, j] = (img[i:i + kh, j:j + kw] * kernel).sum()
    return output


if __name__ == "__main__":
    test = np.arange(25).reshape(5, 5)
    sharpen = np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])
    print(apply_convolution(test, sharpen))
