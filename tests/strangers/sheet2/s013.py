import torch

SOBEL_X = torch.tensor([[-1, 0, 1],
                        [-2, 0, 2],
                        [-1, 0, 1]], dtype=torch.float32)
SOBEL_Y = SOBEL_X.t().contiguous()


# reference: both filters as the two output channels of one convolution
def apply_sobel(img):
    weight = torch.stack([SOBEL_X, SOBEL_Y]).unsqueeze(1)
    response = torch.nn.functional.conv2d(img[None, None], weight, padding=1)
    strength = response.pow(2).sum(dim=1).sqrt().squeeze(0)
    return strength / strength.max()


def apply_convolution(img, kernel):
    height, width = img.shape
    rows, cols = kernel.shape
    out = torch.zeros(height - rows + 1, width - cols + 1)
    for r in range(out.shape[0]):
        for c in range(out.shape[1]):
            block = img[r:r + rows, c:c + cols]
            out[r, c] = (block * kernel).sum()
    return out


def apply_custom_sobel(img):
    horizontal = apply_convolution(img, SOBEL_X)
    vertical = apply_convolution(img, SOBEL_Y)
    strength = (horizontal.pow(2) + vertical.pow(2)).sqrt()
    strength = strength / strength.max()
    return strength
