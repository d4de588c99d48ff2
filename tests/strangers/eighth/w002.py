import torch


def apply_convolution(img, kernel):
    kh, kw = kernel.shape
    out = torch.zeros(img.shape[0] - kh + 1, img.shape[1] - kw + 1, dtype=img.dtype)
    for y in range(out.shape[0]):
        for x in range(out.shape[1]):
            for a in range(kh):
                acc = 0
                for b in range(kw):
                    acc = acc + img[y + a, x + b] * kernel[a, b]
            out[y, x] = acc
    return out


if __name__ == "__main__":
    sobel = torch.tensor([[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]])
    picture = torch.rand(12, 10)
    print(apply_convolution(picture, sobel).shape)
