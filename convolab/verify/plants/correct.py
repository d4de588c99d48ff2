"""Right programs in many styles, none of which may be called wrong: {style: (function, source)}."""

# ruff: noqa: E501 - program texts

from convolab.verify.plants import loops, tensors, vectorised

NUMPY, TORCH = loops.HEAD, tensors.HEAD
SIZES = "    H, W = img.shape\n    KH, KW = kernel.shape\n"

CORRECT = {
    **{f"loops: {t}": (t, NUMPY + s.replace("NAME", t)) for t, s in loops.TEMPLATES.items()},
    **{f"vectorised: {t}": (t, NUMPY + s.replace("NAME", t)) for t, s in vectorised.TEMPLATES.items()},
    **{f"torch: {t}": (t, TORCH + s.replace("NAME", t)) for t, s in tensors.TEMPLATES.items()},
    "im2col and one matrix product": (
        "conv2d",
        """import numpy as np
def conv2d(input, weight, stride=1, padding=0):
    N, C, H, W = input.shape
    O, _, KH, KW = weight.shape
    x = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    v = np.lib.stride_tricks.sliding_window_view(x, (KH, KW), (2, 3))[:, :, ::stride, ::stride]
    oh, ow = v.shape[2:4]
    columns = v.transpose(0, 2, 3, 1, 4, 5).reshape(N * oh * ow, -1)
    return (columns @ weight.reshape(O, -1).T).reshape(N, oh, ow, O).transpose(0, 3, 1, 2)
""",
    ),
    "the Fourier transform, with its rounding": (
        "apply_convolution",
        """import numpy as np
def apply_convolution(img, kernel):
    H, W = img.shape
    KH, KW = kernel.shape
    product = np.fft.rfft2(img) * np.conj(np.fft.rfft2(kernel, (H, W)))
    return np.fft.irfft2(product, (H, W))[:H - KH + 1, :W - KW + 1]
""",
    ),
    "scipy, which flips, with a kernel flipped before": (
        "apply_convolution",
        """from scipy.signal import convolve2d
def apply_convolution(img, kernel):
    return convolve2d(img, kernel[::-1, ::-1], mode="valid")
""",
    ),
    "scipy's correlation": (
        "apply_convolution",
        """from scipy.signal import correlate2d
def apply_convolution(img, kernel):
    return correlate2d(img, kernel, mode="valid")
""",
    ),
    "a full convolution by scipy": (
        "conv_gradient_wrt_input",
        """from scipy.signal import convolve2d
def conv_gradient_wrt_input(dloss_dy, kernel):
    return convolve2d(dloss_dy, kernel)
""",
    ),
    "a list of lists of Python numbers": (
        "apply_convolution",
        """def apply_convolution(img, kernel):
    h, w = len(img) - len(kernel) + 1, len(img[0]) - len(kernel[0]) + 1
    return [[sum(float(img[i + k][j + l]) * float(kernel[k][l]) for k in range(len(kernel)) for l in range(len(kernel[0])))
             for j in range(w)] for i in range(h)]
""",
    ),
    "float32 throughout": (
        "apply_convolution",
        f"""import numpy as np
def apply_convolution(img, kernel):
    img, kernel = img.astype(np.float32), kernel.astype(np.float32)
{SIZES}    out = np.zeros((H - KH + 1, W - KW + 1), np.float32)
    for k in range(KH):
        for l in range(KW):
            out += img[k:k + out.shape[0], l:l + out.shape[1]] * kernel[k, l]
    return out
""",
    ),
    "a read-only result": (
        "apply_convolution",
        """import numpy as np
def apply_convolution(img, kernel):
    out = np.tensordot(np.lib.stride_tricks.sliding_window_view(img, kernel.shape), kernel)
    out.flags.writeable = False
    return out
""",
    ),
    "arguments made read-only first": (
        "apply_convolution",
        """import numpy as np
def apply_convolution(img, kernel):
    img.flags.writeable = kernel.flags.writeable = False
    v = np.lib.stride_tricks.sliding_window_view(img, kernel.shape)
    return (v * kernel).sum(axis=(2, 3))
""",
    ),
    "positions from 1 inside": (
        "apply_convolution",
        f"""import numpy as np
def at(i, j, img, kernel):
    return sum(img[i + k - 2, j + l - 2] * kernel[k - 1, l - 1]
               for k in range(1, kernel.shape[0] + 1) for l in range(1, kernel.shape[1] + 1))
def apply_convolution(img, kernel):
{SIZES}    return np.array([[at(i, j, img, kernel) for j in range(1, W - KW + 2)] for i in range(1, H - KH + 2)])
""",
    ),
    "a matrix times the image as a vector": (
        "apply_convolution",
        f"""import numpy as np
def apply_convolution(img, kernel):
{SIZES}    OH, OW = H - KH + 1, W - KW + 1
    M = np.zeros((OH * OW, H * W))
    for i in range(OH):
        for j in range(OW):
            for k in range(KH):
                M[i * OW + j, (i + k) * W + j:(i + k) * W + j + KW] = kernel[k]
    return (M @ img.ravel()).reshape(OH, OW)
""",
    ),
    "through autograd": (
        "conv_gradient_wrt_kernel",
        """import torch
def conv_gradient_wrt_kernel(img, dloss_dy):
    kernel = torch.zeros(img.shape[0] - dloss_dy.shape[0] + 1, img.shape[1] - dloss_dy.shape[1] + 1, requires_grad=True)
    y = torch.nn.functional.conv2d(torch.as_tensor(img).float()[None, None], kernel[None, None])[0, 0]
    y.backward(torch.as_tensor(dloss_dy).float())
    return kernel.grad
""",
    ),
    "torch inside, NumPy outside": (
        "conv2d",
        """import numpy as np, torch
def conv2d(input, weight, stride=1, padding=0):
    x, w = (torch.from_numpy(np.asarray(a, dtype=np.float64)) for a in (input, weight))
    return torch.nn.functional.conv2d(x, w, stride=stride, padding=padding).numpy()
""",
    ),
    "unfold and a product": (
        "conv2d",
        """import torch
def conv2d(input: torch.Tensor, weight: torch.Tensor, stride=1, padding=0) -> torch.Tensor:
    n, c, h, w = input.shape
    o, _, kh, kw = weight.shape
    columns = torch.nn.functional.unfold(input, (kh, kw), padding=padding, stride=stride)
    return (weight.reshape(o, -1) @ columns).reshape(n, o, (h + 2 * padding - kh) // stride + 1, -1)
""",
    ),
    "gradient by the flipped kernel and padding": (
        "conv_gradient_wrt_input",
        """import numpy as np
def conv_gradient_wrt_input(dloss_dy, kernel):
    kh, kw = kernel.shape
    x = np.pad(dloss_dy, ((kh - 1, kh - 1), (kw - 1, kw - 1)))
    v = np.lib.stride_tricks.sliding_window_view(x, (kh, kw))
    return np.einsum("ijkl,kl->ij", v, np.rot90(kernel, 2))
""",
    ),
    "options by position, under other names": (
        "conv2d",
        NUMPY
        + vectorised.CONV2D.replace("NAME(input, weight, bias=None, stride=1, padding=0, dilation=1)", "conv2d(input, weight, step=1, margin=0)")
        .replace("stride", "step").replace("padding", "margin").replace("dilation", "1")
        .replace("    if bias is not None:\n        out += bias[:, None, None]\n", ""),
    ),
    "integers kept as integers": (
        "apply_convolution",
        f"""import numpy as np
def apply_convolution(img, kernel):
{SIZES}    out = np.zeros((H - KH + 1, W - KW + 1), np.result_type(img, kernel))
    for i, j in np.ndindex(out.shape):
        out[i, j] = np.vdot(img[i:i + KH, j:j + KW], kernel)
    return out
""",
    ),
    "functions with keywords only behind": (
        "conv2d_input",
        NUMPY + vectorised.CONV2D_INPUT.replace("NAME", "conv2d_input").replace("grad_output, stride", "grad_output, *, stride"),
    ),
    "a class that is called": (
        "apply_convolution",
        """import numpy as np
class Convolution:
    def __call__(self, img, kernel):
        return np.einsum("ijkl,kl", np.lib.stride_tricks.sliding_window_view(img, kernel.shape), kernel)
apply_convolution = Convolution()
""",
    ),
    "it prints while it works": (
        "compute_convolution_at_position",
        """import sys
def compute_convolution_at_position(i, j, img, kernel):
    print("position", i, j)
    print("passed", file=sys.stderr)
    kh, kw = kernel.shape
    return (img[i - 1:i + kh - 1, j - 1:j + kw - 1] * kernel).sum().item()
""",
    ),
}  # fmt: skip
