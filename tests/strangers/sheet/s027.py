# Sobel
import cv2
import numpy as np


def apply_sobel(img):
    src = np.ascontiguousarray(img, dtype=np.float32)
    dx = cv2.Sobel(src, cv2.CV_32F, 1, 0, ksize=3)
    dy = cv2.Sobel(src, cv2.CV_32F, 0, 1, ksize=3)
    sob = cv2.addWeighted(np.abs(dx), 0.5, np.abs(dy), 0.5, 0)
    return sob / sob.max()
