import torch
import torch.nn.functional as F


def conv_gradient_wrt_input(dloss_dy, kernel):
    """Solved with the full convolution of the gradient; any kernel size."""
    rk, ck = kernel.shape
    padded = F.pad(dloss_dy, (ck - 1, ck - 1, rk - 1, rk - 1))
    grad = torch.zeros(dloss_dy.shape[0] + rk - 1, dloss_dy.shape[1] + ck - 1, dtype=dloss_dy.dtype)
    for k in range(rk):
        for l in range(ck):
            grad += kernel[k, l] * padded[rk - 1 - k:rk - 1 - k + grad.shape[0], ck - 1 - l:ck - 1 - l + grad.shape[1]]
    return grad
