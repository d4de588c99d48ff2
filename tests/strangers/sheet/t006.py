import cv2
import numpy as np


def apply_sobel(img):
    src = np.ascontiguousarray(img, dtype=np.float32)
    dx = cv2.Sobel(src, cv2.CV_32F, 1, 0, ksize=3)
    dy = cv2.Sobel(src, cv2.CV_32F, 0, 1, ksize=3)
    mag = cv2.magnitude(dx, dy)
    mag = mag[1:-1, 1:-1]
    return mag / mag.max()
