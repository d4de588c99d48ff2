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
        energy = (a ** 2 + b ** 2) ** 0.5
        return energy / energy.max()


def torch_convolution(img, kernel):
    return F.conv2d(img.view(1, 1, *img.shape), kernel.reshape(1, 1, 3, 3)).view(img.shape[0] - 2, -1)


def own_convolution(img, kernel):
    patches = img.unfold(0, 3, 1).unfold(1, 3, 1)
    y = torch.zeros(patches.shape[:2])
    for k in range(3):
        for l in range(2):
            y = y + patches[:, :, k, l] * kernel[k, l]
    return y


def apply_sobel(img):
    return Sobel(torch_convolution)(img)


def apply_custom_sobel(img):
    return Sobel(own_convolution)(img)
