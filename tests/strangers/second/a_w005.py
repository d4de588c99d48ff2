import numpy as np

def clamp(v, hi):
    return v if v < hi else hi

def apply_kernel(image, kernel):
    h, w = len(image), len(image[0])
    m, n = len(kernel), len(kernel[0])
    out = []
    for i in range(h - m + 2):
        top = clamp(i, h - m)
        line = []
        for j in range(w - n + 2):
            left = clamp(j, w - n)
            s = 0.0
            for a in range(m):
                for b in range(n):
                    s += image[top + a][left + b] * kernel[a][b]
            line.append(s)
        out.append(line)
    return np.array(out)
