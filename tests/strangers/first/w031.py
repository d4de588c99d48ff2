import torch


def torch_filter(img: torch.Tensor, kernel: torch.Tensor) -> torch.Tensor:
    """Cross-correlate, treating pixels outside of the image as 0; keeps the size (odd kernels)."""
    kh, kw = kernel.shape
    rh, rw = kh // 2, kw // 2
    out = torch.zeros_like(img)
    H, W = img.shape
    for y in range(rh, H - rh):
        for x in range(rw, W - rw):
            region = img[y - rh:y + rh + 1, x - rw:x + rw + 1]
            out[y, x] = torch.sum(region * kernel)
    return out
