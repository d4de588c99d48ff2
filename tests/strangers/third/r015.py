import numpy as np
import cv2


def my_filter2d(gray, kernel):
    size = kernel.shape[0]
    assert kernel.shape == (size, size) and size % 2 == 1
    r = size // 2
    big = np.pad(gray.astype(np.float64), r, mode="edge")
    res = np.zeros(gray.shape)
    for y in range(gray.shape[0]):
        for x in range(gray.shape[1]):
            res[y, x] = np.sum(big[y:y + size, x:x + size] * kernel)
    res[res < 0] = 0
    res[res > 255] = 255
    return res.astype(np.uint8)


photo = cv2.imread("garden.jpg", cv2.IMREAD_GRAYSCALE)
if photo is None:
    raise SystemExit("no picture")
cv2.imwrite("garden_blur.png", my_filter2d(photo, np.ones((5, 5)) / 25))
