# lab 7 ex 2
import torch
import torch.nn.functional as F


class Sobel:
    """Sobel's filter; `convolution` is a function of an image and a kernel."""

    kernel = torch.tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])

    def __init__(self, convolution):
        self.convolution = convolution

    def __call__(self, img):
        a = self.convolution(img, self.kernel)
        b = self.convolution(img, self.kernel.T)
        norm = (a ** 2 + b ** 2) ** 0.5
        return norm / norm.max()


def torch_convolution(img, kernel):
    return F.conv2d(img.view(1, 1, *img.shape), kernel.reshape(1, 1, 3, 3)).view(img.shape[0] - 2, -1)


def apply_convolution(img, kernel):
    windows = img.unfold(0, 3, 1).unfold(1, 3, 1)
    out = torch.zeros(windows.shape[:2])
    for k in range(3):
        for l in range(3):
            out = out + windows[:, :, k, l] * kernel[k, l]
    return out


def apply_sobel(img):
    return Sobel(torch_convolution)(img)


def apply_custom_sobel(img):
    return Sobel(apply_convolution)(img)
