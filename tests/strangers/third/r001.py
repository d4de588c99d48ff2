import numpy as np


def convolve(image, kernel):
    rows, cols = image.shape
    k_rows, k_cols = kernel.shape
    assert k_rows % 2 == 1 and k_cols % 2 == 1
    half_r, half_c = k_rows // 2, k_cols // 2
    out = np.zeros((rows, cols))
    for r in range(rows):
        for c in range(cols):
            acc = 0.0
            for i in range(-half_r, half_r + 1):
                for j in range(-half_c, half_c + 1):
                    if 0 <= r + i < rows and 0 <= c + j < cols:
                        acc += image[r + i, c + j] * kernel[i + half_r, j + half_c]
            out[r, c] = acc
    return out


if __name__ == "__main__":
    pic = np.zeros((7, 7))
    pic[3, 3] = 1
    sobel_x = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    print(convolve(pic, sobel_x))
