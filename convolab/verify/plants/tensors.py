"""The functions with torch: its own convolution and its gradients, and tensor operations around them."""

from typing import Any

# ruff: noqa: E501 - tables of replaced texts

HEAD = "import torch\nimport torch.nn.functional as F\nimport torch.nn.grad as G\n"

TEMPLATES = {
    "compute_convolution_at_position": """
def NAME(i, j, img, kernel):
    KH, KW = kernel.shape
    window = img[i - 1:i - 1 + KH, j - 1:j - 1 + KW]
    out = torch.sum(window * kernel)
    return out
""",
    "apply_convolution": """
def NAME(img, kernel):
    out = F.conv2d(img[None, None], kernel[None, None])[0, 0]
    return out
""",
    "conv_gradient_wrt_input": """
def NAME(dloss_dy, kernel):
    out = F.conv_transpose2d(dloss_dy[None, None], kernel[None, None])[0, 0]
    return out
""",
    "conv_gradient_wrt_kernel": """
def NAME(img, dloss_dy):
    out = F.conv2d(img[None, None], dloss_dy[None, None])[0, 0]
    return out
""",
    "conv2d": """
def NAME(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    N, C, H, W = input.shape
    CO, CG, KH, KW = weight.shape
    out = F.conv2d(input, weight, bias, stride, padding, dilation, groups)
    return out
""",
    "conv2d_input": """
def NAME(input_size, weight, grad_output, stride=1, padding=0, dilation=1, groups=1):
    N, C, H, W = input_size
    CO, CG, KH, KW = weight.shape
    out = G.conv2d_input(input_size, weight, grad_output, stride, padding, dilation, groups)
    return out
""",
    "conv2d_weight": """
def NAME(input, weight_size, grad_output, stride=1, padding=0, dilation=1, groups=1):
    N, C, H, W = input.shape
    CO, CG, KH, KW = weight_size
    out = G.conv2d_weight(input, weight_size, grad_output, stride, padding, dilation, groups)
    return out
""",
}
F, X, W = "forward", "input_gradient", "weight_gradient"
FOUR = ("    N, C, H, W", "    N, C, H, W")  # where the arrays are (N, C, H, W)
ARRAY = ("2d", "2d")  # where out is an array, not one element


def _before(argument: str, text: str) -> list[Any]:
    """Return the change that begins the body with a statement about an argument."""
    return [("    out = ", f"    {argument} = {text}\n    out = ")]


def _kernel(code: str, one: str, other: str) -> list[Any]:
    return [
        (code, "", [*_before("kernel", f"kernel{one}"), ("kernel):", "kernel):")]),
        (code, F, [*_before("weight", f"weight{other}"), ("input, weight, bias=None", "input, weight, bias=None")]),
        (code, X, [*_before("weight", f"weight{other}"), ("input_size, weight", "input_size, weight")]),
    ]


PLANTS = [
    *_kernel("flipped-kernel", ".flip(0, 1)", ".flip(2, 3)"),
    ("flipped-kernel", W, [("return out", "return out.flip(-2, -1)")]),
    *_kernel("flipped-rows", ".flip(0)", ".flip(2)"),
    ("flipped-rows", W, [("return out", "return out.flip(-2)")]),
    *_kernel("flipped-columns", ".flip(1)", ".flip(3)"),
    ("flipped-columns", W, [("return out", "return out.flip(-1)")]),
    ("transposed-kernel", F, [("kernel[None, None]", "kernel.T[None, None]")]),
    ("transposed-kernel", F, [("KH, KW = kernel.shape", "kernel = kernel.T\n    KH, KW = kernel.shape")]),
    ("transposed-kernel", X, [("kernel[None, None]", "kernel.T[None, None]")]),
    ("transposed-kernel", F, [("F.conv2d(input, weight, ", "F.conv2d(input, weight.mT, ")]),
    ("transposed-output", "", [("return out", "return out.mT"), ARRAY]),
    ("transposed-input", F, [("img[None, None]", "img.T[None, None]")]),
    ("transposed-input", X, [("dloss_dy[None, None]", "dloss_dy.T[None, None]")]),
    ("transposed-input", F, [("F.conv2d(input, ", "F.conv2d(input.mT, ")]),
    ("row-index-for-column", F, [("j - 1:j - 1 + KW", "i - 1:i - 1 + KW")]),
    ("column-index-for-row", F, [("i - 1:i - 1 + KH", "j - 1:j - 1 + KH")]),
    ("off-by-one", F, [("i - 1:i - 1 + KH, j - 1:j - 1 + KW", "i:i + KH, j:j + KW")]),
    ("off-by-one", F, [("j - 1:j - 1 + KW", "j:j + KW")]),
    ("output-size", "", [("return out", "return out[..., :-1, :-1]"), ARRAY]),
    ("output-size", F, [("return out", "return F.pad(out, (0, 1, 0, 1))"), ARRAY]),
    ("last-tap-dropped", F, [("window * kernel", "window[:-1, :-1] * kernel[:-1, :-1]")]),
    ("last-tap-dropped", F, [("kernel[None, None]", "F.pad(kernel[:-1, :-1], (0, 1, 0, 1))[None, None]")]),
    ("last-tap-dropped", X, [("kernel[None, None]", "F.pad(kernel[:-1, :-1], (0, 1, 0, 1))[None, None]")]),
    ("last-tap-dropped", W, [("dloss_dy[None, None]", "F.pad(dloss_dy[:-1, :-1], (0, 1, 0, 1))[None, None]")]),
    ("first-tap-dropped", F, [("window * kernel", "window[1:, 1:] * kernel[1:, 1:]")]),
    ("first-tap-dropped", X, [("kernel[None, None]", "F.pad(kernel[1:, 1:], (1, 0, 1, 0))[None, None]")]),
    ("first-tap-dropped", W, [("dloss_dy[None, None]", "F.pad(dloss_dy[1:, 1:], (1, 0, 1, 0))[None, None]")]),
    ("missing-border", "", [("return out", "return F.pad(out[..., 1:-1, 1:-1], (1, 1, 1, 1)) if min(out.shape[-2:]) > 2 else out * 0"), ARRAY]),
    ("stride-ignored", F, [("bias, stride, padding", "bias, 1, padding")]),
    ("stride-one-axis", F, [("bias, stride, padding", "bias, (stride, 1), padding")]),
    ("padding-ignored", F, [("stride, padding, dilation", "stride, 0, dilation")]),
    ("padding-one-axis", F, [("stride, padding, dilation", "stride, (padding, 0), dilation")]),
    ("padding-one-side", F, [("F.conv2d(input, weight, bias, stride, padding,", "F.conv2d(F.pad(input, (padding, 0, padding, 0)), weight, bias, stride, 0,")]),
    ("padding-mode", F, [("F.conv2d(input, weight, bias, stride, padding,", "F.conv2d(F.pad(input, (padding,) * 4, mode='reflect'), weight, bias, stride, 0,")]),
    ("padding-mode", F, [("F.conv2d(input, weight, bias, stride, padding,", "F.conv2d(F.pad(input, (padding,) * 4, mode='replicate'), weight, bias, stride, 0,")]),
    ("padding-mode", F, [("F.conv2d(input, weight, bias, stride, padding,", "F.conv2d(F.pad(input, (padding,) * 4, mode='circular'), weight, bias, stride, 0,")]),
    ("dilation-ignored", F, [("padding, dilation, groups)", "padding, 1, groups)")]),
    ("first-channel-only", F, [*_before("weight", "weight * (torch.arange(CG) == 0)[:, None, None]"), ("bias=None", "bias=None")]),
    ("first-channel-only", W, [("return out", "return out * (torch.arange(CG) == 0)[:, None, None]"), FOUR]),
    ("first-filter-only", F, [("return out", "return out[:, :1].repeat(1, CO, 1, 1)"), FOUR]),
    ("first-filter-only", W, [("return out", "return out[:1].repeat(CO, 1, 1, 1)"), FOUR]),
    ("last-channel-dropped", F, [*_before("weight", "weight * (torch.arange(CG) < CG - 1)[:, None, None]"), ("bias=None", "bias=None")]),
    ("channel-mean", F, [("return out", "return out / CG"), FOUR]),
    ("channel-mean", X, [("return out", "return out / (CO // groups)"), FOUR]),
    ("batch-zero-only", F + X, [("return out", "return out[:1].repeat(N, 1, 1, 1)"), FOUR]),
    ("batch-zero-only", W, [("grad_output, stride", "grad_output * (torch.arange(N) == 0)[:, None, None, None], stride"), FOUR, ("def NAME(input, weight_size, grad_output * (torch.arange(N) == 0)[:, None, None, None], stride", "def NAME(input, weight_size, grad_output, stride")]),
    ("batch-mean", X + W, [("return out", "return out / N"), FOUR]),
    ("bias-ignored", F, [("weight, bias, stride", "weight, None, stride")]),
    ("bias-repeated", F, [*_before("bias", "None if bias is None else bias * CG"), ("bias=None", "bias=None")]),
    ("upstream-ignored", "", [("dloss_dy[None, None]", "torch.ones_like(dloss_dy)[None, None]")]),
    ("upstream-ignored", "", [("    out = G.", "    grad_output = torch.ones_like(grad_output)\n    out = G.")]),
    ("kernel-ignored", F, [("window * kernel", "window")]),
    ("kernel-ignored", "", [("kernel[None, None]", "torch.ones_like(kernel)[None, None]")]),
    ("scaled", "", [("return out", "return 1.5 * out")]),
    ("sign", "", [("return out", "return out.neg()")]),
    ("mean-for-sum", F, [("torch.sum(", "torch.mean(")]),
    ("mean-for-sum", "", [("return out", "return out / (KH * KW)"), FOUR]),
    ("integer-output", "", [("return out", "return out.to(torch.int64)")]),
    ("integer-output", "", [("return out", "return out.round()")]),
    ("mutates-input", "", [("def NAME(img", "def NAME(img"), ("return out", "img.zero_()\n    return out")]),
    ("mutates-input", "", [("kernel):", "kernel):"), ("return out", "kernel.mul_(2)\n    return out")]),
    ("mutates-input", "", [("input.shape", "input.shape"), ("return out", "input.add_(1)\n    return out")]),
    ("mutates-input", "", [("    out = G.", "    out = G."), ("return out", "grad_output.zero_()\n    return out")]),
    ("not-linear", "", [("return out", "return torch.relu(out)")]),
    ("not-linear", "", [("return out", "return out.clamp(0, 255)")]),
    ("not-linear", "", [("return out", "return torch.sigmoid(out)")]),
    ("returns-nothing", "", [("return out", "del out")]),
    ("wrong-dtype", "", [("return out", "return out.to(torch.complex64)")]),
    ("wrong-dtype", "", [("return out", "return out.half()")]),
    ("not-repeatable", "", [("return out", "return out + torch.rand(1)[0]")]),
    ("constant-output", "", [("return out", "return torch.zeros_like(out)")]),
]  # fmt: skip
