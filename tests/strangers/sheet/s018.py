# exercise 2
import torch
import torch.nn.functional as F

GX = torch.tensor([[-1., 0., 1.],
                   [-2., 0., 2.],
                   [-1., 0., 1.]])
GY = GX.T


def apply_sobel(img):
    x = img[None, None]
    res_x = F.conv2d(x, GX[None, None], padding=1)
    img_y = F.conv2d(x, GY[None, None], padding=1)
    contours = torch.sqrt(res_x ** 2 + img_y ** 2)
    contours = contours[0, 0]
    return contours / contours.max()
