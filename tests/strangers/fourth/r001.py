def compute_convolution_at_position(i, j, img, kernel):
    top, left = i - 1, j - 1
    return sum(img[top + a][left + b] * kernel[a][b]
               for a in range(len(kernel))
               for b in range(len(kernel[0])))
