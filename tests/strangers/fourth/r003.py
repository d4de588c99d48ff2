import numpy as np

def sharpen_pass(image, kernel):
    """Apply a 3x3 filter."""
    height, width = image.shape
    output = np.zeros((height, width))
    # skip the outermost pixels, they have no full neighbourhood
    for y in range(1, height - 1):
        for x in range(1, width - 1):
            total = 0.0
            for dy in (-1, 0, 1):
                for dx in (-1, 0, 1):
                    total += image[y + dy, x + dx] * kernel[dy + 1, dx + 1]
            output[y, x] = total
    return output
