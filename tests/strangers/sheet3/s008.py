# G_x finds vertical edges, G_y horizontal ones; the magnitude shows both
import torch
import torch.nn.functional as F

KX = torch.tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]])
KY = KX.T


def apply_sobel(img):
    x = img.reshape(1, 1, img.shape[0], img.shape[1])
    ix = F.conv2d(x, KX.reshape(1, 1, 3, 3))
    sy = F.conv2d(x, KY.reshape(1, 1, 3, 3))
    result_img = torch.sqrt(ix ** 2 + sy ** 2)[0, 0]
    return result_img / result_img.max()


def compute_convolution_at_position(i, j, img, kernel):
    y = 0.0
    for k in range(1, kernel.shape[0] + 1):
        for l in range(1, kernel.shape[1] + 1):
            y += img[i + k - 2, j + l - 2] * kernel[k - 1, l - 1]
    return y


def apply_convolution(img, kernel):
    out = torch.zeros(img.shape[0] - 2, img.shape[1] - 2)
    for i in range(1, out.shape[0] + 1):
        for j in range(1, out.shape[1] + 1):
            out[i - 1, j - 1] = compute_convolution_at_position(i, j, img, kernel)
    return out


def apply_custom_sobel(img):
    ix = apply_convolution(img, KX)
    sy = apply_convolution(img, KY)
    result_img = ix ** 2 + sy ** 2
    return result_img / result_img.max()
