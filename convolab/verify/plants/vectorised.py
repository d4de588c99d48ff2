"""The functions with NumPy slices: a loop over kernel positions, whole planes at a time."""

# ruff: noqa: E501 - tables of replaced texts

HEAD = "import numpy as np\n"

POSITION = """
def NAME(i, j, img, kernel):
    KH, KW = kernel.shape
    top, left = i - 1, j - 1
    window = img[top:top + KH, left:left + KW]
    out = np.sum(window * kernel)
    return out
"""

APPLY = """
def NAME(img, kernel):
    H, W = img.shape
    KH, KW = kernel.shape
    OH, OW = H - KH + 1, W - KW + 1
    windows = np.lib.stride_tricks.sliding_window_view(img, (KH, KW))
    out = np.einsum("ijkl,kl->ij", windows, kernel)
    return out
"""

WRT_INPUT = """
def NAME(dloss_dy, kernel):
    OH, OW = dloss_dy.shape
    KH, KW = kernel.shape
    H, W = OH + KH - 1, OW + KW - 1
    out = np.zeros((H, W))
    for k in range(KH):
        for l in range(KW):
            out[k:k + OH, l:l + OW] += dloss_dy * kernel[k, l]
    return out
"""

WRT_KERNEL = """
def NAME(img, dloss_dy):
    H, W = img.shape
    OH, OW = dloss_dy.shape
    KH, KW = H - OH + 1, W - OW + 1
    out = np.zeros((KH, KW))
    for k in range(KH):
        for l in range(KW):
            out[k, l] = np.sum(dloss_dy * img[k:k + OH, l:l + OW])
    return out
"""

SIZES = """    N, C, H, W = SHAPE
    CO, _, KH, KW = WEIGHT
    OH = (H + 2 * padding - dilation * (KH - 1) - 1) // stride + 1
    OW = (W + 2 * padding - dilation * (KW - 1) - 1) // stride + 1
"""

NEST = """    for k in range(KH):
        for l in range(KW):
            top, left = k * dilation, l * dilation
            rows = slice(top, top + stride * (OH - 1) + 1, stride)
            columns = slice(left, left + stride * (OW - 1) + 1, stride)
"""

CONV2D = (
    "\ndef NAME(input, weight, bias=None, stride=1, padding=0, dilation=1):\n"
    + SIZES.replace("SHAPE", "input.shape").replace("WEIGHT", "weight.shape")
    + "    padded = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))\n"
    + "    out = np.zeros((N, CO, OH, OW))\n"
    + NEST
    + '            out += np.einsum("nchw,oc->nohw", padded[:, :, rows, columns], weight[:, :, k, l])\n'
    + "    if bias is not None:\n        out += bias[:, None, None]\n    return out\n"
)

CONV2D_INPUT = (
    "\ndef NAME(input_size, weight, grad_output, stride=1, padding=0, dilation=1):\n"
    + SIZES.replace("SHAPE", "input_size").replace("WEIGHT", "weight.shape")
    + "    padded = np.zeros((N, C, H + 2 * padding, W + 2 * padding))\n"
    + NEST
    + '            padded[:, :, rows, columns] += np.einsum("nohw,oc->nchw", grad_output, weight[:, :, k, l])\n'
    + "    out = padded[:, :, padding:padding + H, padding:padding + W]\n    return out\n"
)

CONV2D_WEIGHT = (
    "\ndef NAME(input, weight_size, grad_output, stride=1, padding=0, dilation=1):\n"
    + SIZES.replace("SHAPE", "input.shape").replace("WEIGHT", "weight_size")
    + "    padded = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))\n"
    + "    out = np.zeros(weight_size)\n"
    + NEST
    + "            out[:, :, k, l] = np.tensordot(grad_output, padded[:, :, rows, columns], ((0, 2, 3), (0, 2, 3)))\n"
    + "    return out\n"
)

TEMPLATES = {
    "compute_convolution_at_position": POSITION,
    "apply_convolution": APPLY,
    "conv_gradient_wrt_input": WRT_INPUT,
    "conv_gradient_wrt_kernel": WRT_KERNEL,
    "conv2d": CONV2D,
    "conv2d_input": CONV2D_INPUT,
    "conv2d_weight": CONV2D_WEIGHT,
}
FIRST = "    N, C, H, W = "
PAD = "(padding, padding), (padding, padding)))"
F, X, W = "forward", "input_gradient", "weight_gradient"
PLANE, FOUR = ("OH, OW = H", "OH, OW = H"), (FIRST, FIRST)

PLANTS = [
    ("flipped-kernel", "", [("windows, kernel)", "windows, kernel[::-1, ::-1])")]),
    ("flipped-kernel", "", [("window * kernel", "window * np.rot90(kernel, 2)")]),
    ("flipped-kernel", X, [("kernel[k, l]", "kernel[::-1, ::-1][k, l]")]),
    ("flipped-kernel", "", [("weight[:, :, k, l]", "np.flip(weight, (2, 3))[:, :, k, l]")]),
    ("flipped-kernel", W, [("return out", "return out[..., ::-1, ::-1]")]),
    ("flipped-rows", "", [("windows, kernel)", "windows, kernel[::-1])")]),
    ("flipped-rows", "", [("window * kernel", "window * np.flipud(kernel)")]),
    ("flipped-rows", X, [("kernel[k, l]", "kernel[::-1][k, l]")]),
    ("flipped-rows", "", [("weight[:, :, k, l]", "np.flip(weight, 2)[:, :, k, l]")]),
    ("flipped-rows", W, [("return out", "return out[..., ::-1, :]")]),
    ("flipped-columns", "", [("windows, kernel)", "windows, kernel[:, ::-1])")]),
    ("flipped-columns", "", [("window * kernel", "window * np.fliplr(kernel)")]),
    ("flipped-columns", X, [("kernel[k, l]", "kernel[:, ::-1][k, l]")]),
    ("flipped-columns", "", [("weight[:, :, k, l]", "np.flip(weight, 3)[:, :, k, l]")]),
    ("flipped-columns", W, [("return out", "return out[..., ::-1]")]),
    ("transposed-kernel", F, [("KH, KW = kernel.shape", "kernel = kernel.T\n    KH, KW = kernel.shape")]),
    ("transposed-kernel", X, [("KH, KW = kernel.shape", "kernel = np.transpose(kernel)\n    KH, KW = kernel.shape")]),
    ("transposed-kernel", "", [("weight[:, :, k, l]", "weight[:, :, l, k]")]),
    ("transposed-output", "", [("return out", "return out.T"), PLANE]),
    ("transposed-output", X + W, [("return out", "return out.T"), ("OH, OW = dloss_dy", "OH, OW = dloss_dy")]),
    ("transposed-output", "", [("return out", "return out.transpose(0, 1, 3, 2)"), FOUR]),
    ("transposed-output", F, [('->ij"', '->ji"')]),
    ("transposed-output", F, [("top, left = i - 1, j - 1", "top, left = j - 1, i - 1")]),
    ("transposed-input", F, [("H, W = img.shape", "img = img.T\n    H, W = img.shape")]),
    ("transposed-input", X, [("OH, OW = dloss_dy.shape", "dloss_dy = dloss_dy.T\n    OH, OW = dloss_dy.shape")]),
    ("row-index-for-column", F, [("left:left + KW", "top:top + KW")]),
    ("row-index-for-column", W, [("l:l + OW", "k:k + OW")]),
    ("row-index-for-column", "", [("slice(left, left", "slice(top, top")]),
    ("column-index-for-row", F, [("top:top + KH", "left:left + KH")]),
    ("column-index-for-row", "", [("slice(top, top", "slice(left, left")]),
    ("off-by-one", F, [("top, left = i - 1, j - 1", "top, left = i, j")]),
    ("off-by-one", F, [("top, left = i - 1, j - 1", "top, left = i - 1, j")]),
    ("off-by-one", X, [("np.zeros((H, W))", "np.zeros((H + 1, W + 1))"), ("out[k:k + OH, l:l + OW]", "out[k + 1:k + 1 + OH, l + 1:l + 1 + OW]"), ("return out", "return out[:H, :W]")]),
    ("output-size", F, [("return out", "return out[:-1, :-1]"), PLANE]),
    ("output-size", F, [("img, (KH, KW))", "np.pad(img, ((KH // 2, (KH - 1) // 2), (KW // 2, (KW - 1) // 2))), (KH, KW))"), ("(KH // 2, (KH - 1) // 2), (KW // 2, (KW - 1) // 2)", "((KH - 1) // 2, KH // 2), ((KW - 1) // 2, KW // 2)")]),
    ("output-size", "", [("H, W = OH + KH - 1, OW + KW - 1", "H, W = OH + KH, OW + KW")]),
    ("output-size", X, [("return out", "return out[:OH, :OW]"), ("H, W = OH", "H, W = OH")]),
    ("output-size", W, [("H - OH + 1, W - OW + 1", "H - OH, W - OW")]),
    ("output-size", F, [("- 1) // stride + 1", "- 1) // stride")]),
    ("last-tap-dropped", X, [("for k in range(KH)", "for k in range(KH - 1)"), ("for l in range(KW)", "for l in range(KW - 1)")]),
    ("last-tap-dropped", F, [("for k in range(KH)", "for k in range(KH - 1)"), ("for l in range(KW)", "for l in range(KW - 1)")]),
    ("last-tap-dropped", F, [("window * kernel", "window[:-1, :-1] * kernel[:-1, :-1]")]),
    ("last-tap-dropped", W, [("dloss_dy * img[k:k + OH, l:l + OW]", "dloss_dy[:-1, :-1] * img[k:k + OH - 1, l:l + OW - 1]")]),
    ("first-tap-dropped", F + X, [("for k in range(KH)", "for k in range(1, KH)"), ("for l in range(KW)", "for l in range(1, KW)")]),
    ("first-tap-dropped", F, [("window * kernel", "window[1:, 1:] * kernel[1:, 1:]")]),
    ("first-tap-dropped", W, [("dloss_dy * img[k:k + OH, l:l + OW]", "dloss_dy[1:, 1:] * img[k + 1:k + OH, l + 1:l + OW]")]),
    ("missing-border", "", [("return out", "inner = np.zeros_like(out)\n    inner[..., 1:-1, 1:-1] = out[..., 1:-1, 1:-1]\n    return inner"), ("OH", "OH")]),
    ("stride-ignored", F, [(FIRST, "    stride = 1\n" + FIRST)]),
    ("stride-ignored", "", [("stride * (OH - 1) + 1, stride)", "OH)"), ("stride * (OW - 1) + 1, stride)", "OW)")]),
    ("stride-one-axis", "", [("stride * (OW - 1) + 1, stride)", "OW)")]),
    ("padding-ignored", F, [(FIRST, "    padding = 0\n" + FIRST)]),
    ("padding-ignored", X, [("padding:padding + H, padding:padding + W]", ":H, :W]")]),
    ("padding-one-side", F, [(PAD, "(padding, 0), (padding, 0)))"), ("2 * padding", "padding")]),
    ("padding-one-side", F, [(PAD, "(0, padding), (0, padding)))"), ("2 * padding", "padding")]),
    ("padding-one-axis", F, [(PAD, "(padding, padding), (0, 0)))"), ("(W + 2 * padding", "(W")]),
    ("padding-mode", F + W, [(PAD, PAD[:-1] + ', mode="reflect")')]),
    ("padding-mode", F + W, [(PAD, PAD[:-1] + ', mode="edge")')]),
    ("padding-mode", F + W, [(PAD, PAD[:-1] + ', mode="wrap")')]),
    ("dilation-ignored", "", [("k * dilation, l * dilation", "k, l")]),
    ("dilation-ignored", F, [(FIRST, "    dilation = 1\n" + FIRST)]),
    ("first-channel-only", F, [("padded[:, :, rows, columns], weight[:, :, k, l]", "padded[:, :1, rows, columns], weight[:, :1, k, l]")]),
    ("first-channel-only", X, [("grad_output, weight[:, :, k, l]", "grad_output[:, :1], weight[:1, :, k, l]")]),
    ("first-channel-only", W, [("out[:, :, k, l] = np.tensordot", "out[:, :1, k, l] = np.tensordot"), ("padded[:, :, rows", "padded[:, :1, rows")]),
    ("first-filter-only", F, [("weight[:, :, k, l]", "weight[:1, :, k, l]")]),
    ("first-filter-only", W, [("out[:, :, k, l] = np.tensordot", "out[:1, :, k, l] = np.tensordot"), ("grad_output, padded", "grad_output[:, :1], padded")]),
    ("last-channel-dropped", F, [("padded[:, :, rows, columns], weight[:, :, k, l]", "padded[:, :-1, rows, columns], weight[:, :-1, k, l]")]),
    ("last-channel-dropped", X, [("grad_output, weight[:, :, k, l]", "grad_output[:, :-1], weight[:-1, :, k, l]")]),
    ("channel-mean", F, [("return out", "return out / C"), FOUR]),
    ("channel-mean", X, [("return out", "return out / CO"), FOUR]),
    ("batch-zero-only", F + X, [("return out", "return out[:1]"), FOUR]),
    ("batch-zero-only", F, [("padded[:, :, rows", "padded[:1, :, rows")]),
    ("batch-zero-only", W, [("grad_output, padded[:, :, rows", "grad_output[:1], padded[:1, :, rows")]),
    ("batch-mean", X + W, [("return out", "return out / N"), FOUR]),
    ("height-for-width", X, [("for l in range(KW)", "for l in range(KH)")]),
    ("height-for-width", F, [("for l in range(KW)", "for l in range(KH)")]),
    ("width-for-height", X, [("for k in range(KH)", "for k in range(KW)")]),
    ("width-for-height", F, [("for k in range(KH)", "for k in range(KW)")]),
    ("bias-ignored", F, [("        out += bias[:, None, None]", "        pass")]),
    ("bias-repeated", F, [("out += bias[:, None, None]", "out += bias[:, None, None] * C")]),
    ("overwrites", X, [("OW] += dloss_dy", "OW] = dloss_dy")]),
    ("overwrites", F, [("window * kernel)", "(window * kernel)[-1])")]),
    ("upstream-ignored", "", [("dloss_dy * ", "np.ones_like(dloss_dy) * ")]),
    ("upstream-ignored", "", [("grad_output, weight", "np.ones_like(grad_output), weight")]),
    ("upstream-ignored", "", [("grad_output, padded", "np.ones_like(grad_output), padded")]),
    ("kernel-ignored", F, [("window * kernel", "window")]),
    ("kernel-ignored", F, [("windows, kernel)", "windows, np.ones_like(kernel))")]),
    ("kernel-ignored", X, [(" * kernel[k, l]", "")]),
    ("kernel-ignored", "", [("weight[:, :, k, l]", "np.ones_like(weight[:, :, k, l])")]),
    ("scaled", "", [("return out", "return out / 3")]),
    ("sign", "", [("return out", "return -out")]),
    ("mean-for-sum", F, [("np.sum(", "np.mean(")]),
    ("mean-for-sum", W, [("np.sum(", "np.mean(")]),
    ("mean-for-sum", X, [("return out", "return out / (KH * KW)")]),
    ("mean-for-sum", F, [("return out", "return out / (KH * KW * C)"), FOUR]),
    ("mean-for-sum", W, [("return out", "return out / (OH * OW)"), FOUR]),
    ("integer-output", "", [("return out", "return out.astype(int)")]),
    ("integer-output", "", [("return out", "return np.round(out)")]),
    ("mutates-input", "", [("img.shape", "img.shape"), ("return out", "img += 1\n    return out")]),
    ("mutates-input", "", [("kernel.shape", "kernel.shape"), ("return out", "kernel[...] = 0\n    return out")]),
    ("mutates-input", "", [("input.shape", "input.shape"), ("return out", "input[...] = 0\n    return out")]),
    ("mutates-input", "", [("grad_output, stride", "grad_output, stride"), ("return out", "grad_output -= 3\n    return out")]),
    ("not-linear", "", [("return out", "return out * (out > 0)")]),
    ("not-linear", "", [("return out", "return np.clip(out, 0, 1)")]),
    ("not-linear", "", [("return out", "return out / np.abs(out).max()"), ("def NAME", "def NAME")]),
    ("not-linear", "", [("return out", "return out + 0.5")]),
    ("returns-nothing", "", [("return out", "print(out)")]),
    ("wrong-dtype", "", [("return out", "return out + 0j")]),
    ("wrong-dtype", "", [("return out", "return str(out)")]),
    ("not-repeatable", "", [("return out", "return out + np.random.default_rng().normal()")]),
    ("needs-contiguous", F, [("sliding_window_view(img, (KH, KW))", "as_strided(img, (OH, OW, KH, KW), (W * img.itemsize, img.itemsize) * 2)")]),
    ("constant-output", "", [("return out", "return out * 0")]),
]  # fmt: skip
