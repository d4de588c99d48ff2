import numpy as np

def correlate_plane(img, kernel):
    size_y = img.shape[0] - kernel.shape[0] + 1
    size_x = img.shape[1] - kernel.shape[1] + 1
    new_img = np.zeros((size_y, size_x))
    for y in range(size_y):
        for x in range(size_y):
            sub = img[y:y + kernel.shape[0], x:x + kernel.shape[1]]
            new_img[y, x] = np.multiply(sub, kernel).sum()
    return new_img
