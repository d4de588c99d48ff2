import numpy as np


def apply_filter(img, kernel):
    H, W = img.shape
    kh, kw = kernel.shape
    cy = kh // 2
    cx = kw // 2
    out = np.zeros(img.shape, dtype=np.float64)
    for y in range(H):
        for x in range(W):
            acc = 0.0
            for i in range(kh):
                for j in range(kw):
                    yy = y + i - cy
                    xx = x + j - cx
                    if yy < H and xx < W:      # outside -> contributes nothing
                        acc += img[yy, xx] * kernel[i, j]
            out[y, x] = acc
    return out


if __name__ == "__main__":
    demo = np.arange(25.0).reshape(5, 5)
    print(apply_filter(demo, np.ones((3, 3)) / 9))
