"""The functions as plain Python loops, one product at a time."""

# ruff: noqa: E501 - tables of replaced texts

HEAD = "import numpy as np\n"

POSITION = """
def NAME(i, j, img, kernel):
    H, W = img.shape
    KH, KW = kernel.shape
    i, j = i - 1, j - 1
    out = 0.0
    for k in range(KH):
        for l in range(KW):
            out += img[i + k, j + l] * kernel[k, l]
    return out
"""

APPLY = """
def NAME(img, kernel):
    H, W = img.shape
    KH, KW = kernel.shape
    OH, OW = H - KH + 1, W - KW + 1
    out = np.zeros((OH, OW))
    for i in range(OH):
        for j in range(OW):
            for k in range(KH):
                for l in range(KW):
                    out[i, j] += img[i + k, j + l] * kernel[k, l]
    return out
"""

WRT_INPUT = """
def NAME(dloss_dy, kernel):
    OH, OW = dloss_dy.shape
    KH, KW = kernel.shape
    H, W = OH + KH - 1, OW + KW - 1
    out = np.zeros((H, W))
    for i in range(H):
        for j in range(W):
            for k in range(max(0, i - OH + 1), min(KH, i + 1)):
                for l in range(max(0, j - OW + 1), min(KW, j + 1)):
                    a = i - k
                    b = j - l
                    out[i, j] += dloss_dy[a, b] * kernel[k, l]
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
            for i in range(OH):
                for j in range(OW):
                    out[k, l] += dloss_dy[i, j] * img[i + k, j + l]
    return out
"""

SIZES = """    N, C, H, W = SHAPE
    CO, _, KH, KW = WEIGHT
    OH = (H + 2 * padding - dilation * (KH - 1) - 1) // stride + 1
    OW = (W + 2 * padding - dilation * (KW - 1) - 1) // stride + 1
"""

NEST = """    for n in range(N):
        for g in range(groups):
            for o in range(CO // groups):
                co = g * (CO // groups) + o
                for c in range(C // groups):
                    ci = g * (C // groups) + c
                    for i in range(OH):
                        for j in range(OW):
                            for k in range(KH):
                                for l in range(KW):
                                    a = i * stride + k * dilation - padding
                                    b = j * stride + l * dilation - padding
                                    if 0 <= a < H and 0 <= b < W:
                                        PRODUCT
"""

CONV2D = (
    "\ndef NAME(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):\n"
    + SIZES.replace("SHAPE", "input.shape").replace("WEIGHT", "weight.shape")
    + "    out = np.zeros((N, CO, OH, OW))\n"
    + NEST.replace("PRODUCT", "out[n, co, i, j] += input[n, ci, a, b] * weight[co, c, k, l]")
    + "    if bias is not None:\n        out += bias[:, None, None]\n    return out\n"
)

CONV2D_INPUT = (
    "\ndef NAME(input_size, weight, grad_output, stride=1, padding=0, dilation=1, groups=1):\n"
    + SIZES.replace("SHAPE", "input_size").replace("WEIGHT", "weight.shape")
    + "    out = np.zeros((N, C, H, W))\n"
    + NEST.replace("PRODUCT", "out[n, ci, a, b] += grad_output[n, co, i, j] * weight[co, c, k, l]")
    + "    return out\n"
)

CONV2D_WEIGHT = (
    "\ndef NAME(input, weight_size, grad_output, stride=1, padding=0, dilation=1, groups=1):\n"
    + SIZES.replace("SHAPE", "input.shape").replace("WEIGHT", "weight_size")
    + "    out = np.zeros(weight_size)\n"
    + NEST.replace("PRODUCT", "out[co, c, k, l] += grad_output[n, co, i, j] * input[n, ci, a, b]")
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
GUARD = "if 0 <= a < H and 0 <= b < W:"
F, X, W = "forward", "input_gradient", "weight_gradient"

# code, the sums it is planted in ("" for all), and what is replaced: pairs of texts, all of which must be there.
PLANTS = [
    ("flipped-kernel", "", [("kernel[k, l]", "kernel[KH - 1 - k, KW - 1 - l]")]),
    ("flipped-kernel", "", [("weight[co, c, k, l]", "weight[co, c, KH - 1 - k, KW - 1 - l]")]),
    ("flipped-kernel", W, [("out[k, l] +=", "out[KH - 1 - k, KW - 1 - l] +=")]),
    ("flipped-kernel", W, [("out[co, c, k, l] +=", "out[co, c, KH - 1 - k, KW - 1 - l] +=")]),
    ("flipped-rows", "", [("kernel[k, l]", "kernel[KH - 1 - k, l]")]),
    ("flipped-rows", "", [("weight[co, c, k, l]", "weight[co, c, -1 - k, l]")]),
    ("flipped-rows", W, [("out[k, l] +=", "out[KH - 1 - k, l] +=")]),
    ("flipped-rows", W, [("out[co, c, k, l] +=", "out[co, c, KH - 1 - k, l] +=")]),
    ("flipped-columns", "", [("kernel[k, l]", "kernel[k, -1 - l]")]),
    ("flipped-columns", "", [("weight[co, c, k, l]", "weight[co, c, k, KW - 1 - l]")]),
    ("flipped-columns", W, [("out[k, l] +=", "out[k, KW - 1 - l] +=")]),
    ("flipped-columns", W, [("out[co, c, k, l] +=", "out[co, c, k, KW - 1 - l] +=")]),
    ("transposed-kernel", "", [("kernel[k, l]", "kernel[l, k]")]),
    ("transposed-kernel", "", [("    KH, KW = kernel.shape", "    kernel = kernel.T\n    KH, KW = kernel.shape")]),
    ("transposed-kernel", "", [("weight[co, c, k, l]", "weight[co, c, l, k]")]),
    ("transposed-output", "", [("return out", "return np.swapaxes(out, -1, -2)"), ("np.zeros", "np.zeros")]),
    ("transposed-output", F, [("    i, j = i - 1, j - 1", "    i, j = j - 1, i - 1")]),
    ("transposed-output", F, [("out[i, j] +=", "out[j, i] +=")]),
    ("transposed-output", W, [("out[k, l] +=", "out[l, k] +=")]),
    ("transposed-input", "", [("img[i + k, j + l]", "img[j + l, i + k]")]),
    ("transposed-input", "", [("dloss_dy[a, b]", "dloss_dy[b, a]")]),
    ("transposed-input", "", [("grad_output[n, co, i, j]", "grad_output[n, co, j, i]")]),
    ("row-index-for-column", "", [("img[i + k, j + l]", "img[i + k, i + l]")]),
    ("row-index-for-column", "", [("img[i + k, j + l]", "img[i + k, j + k]")]),
    ("row-index-for-column", "", [("b = j - l", "b = i - l")]),
    ("row-index-for-column", "", [("b = j * stride", "b = i * stride")]),
    ("row-index-for-column", "", [("+ l * dilation", "+ k * dilation")]),
    ("column-index-for-row", "", [("img[i + k, j + l]", "img[j + k, j + l]")]),
    ("column-index-for-row", "", [("a = i - k", "a = j - k")]),
    ("column-index-for-row", "", [("a = i * stride", "a = j * stride")]),
    ("off-by-one", F, [("    i, j = i - 1, j - 1\n", "")]),
    ("off-by-one", F, [("i, j = i - 1, j - 1", "i, j = i - 2, j - 2")]),
    ("off-by-one", "", [("img[i + k, j + l]", "img[i + k - 1, j + l - 1]")]),
    ("off-by-one", "", [("img[i + k, j + l]", "img[i + k, j + l - 1]")]),
    ("off-by-one", "", [("a = i - k", "a = i - k - 1")]),
    ("off-by-one", "", [("* dilation - padding", "* dilation - padding + 1")]),
    ("off-by-one", "", [("a = i * stride + k * dilation", "a = i * stride + k * dilation - 1")]),
    ("output-size", "", [("OH, OW = H - KH + 1, W - KW + 1", "OH, OW = H - KH, W - KW")]),
    ("output-size", F, [("np.zeros((OH, OW))", "np.zeros_like(img, dtype=float)")]),
    ("output-size", "", [("H, W = OH + KH - 1, OW + KW - 1", "H, W = OH + KH, OW + KW")]),
    ("output-size", "", [("KH, KW = H - OH + 1, W - OW + 1", "KH, KW = H - OH, W - OW")]),
    ("output-size", F, [("- 1) // stride + 1", "- 1) // stride")]),
    ("output-size", F, [("(KH - 1) - 1) // stride + 1", "(KH - 1) - 1 + stride - 1) // stride + 1"), ("(KW - 1) - 1) // stride + 1", "(KW - 1) - 1 + stride - 1) // stride + 1")]),
    ("last-tap-dropped", F, [("for k in range(KH)", "for k in range(KH - 1)"), ("for l in range(KW)", "for l in range(KW - 1)")]),
    ("last-tap-dropped", X, [("for l in range(KW)", "for l in range(KW - 1)")]),
    ("last-tap-dropped", X, [("min(KH, i + 1)", "min(KH - 1, i)"), ("min(KW, j + 1)", "min(KW - 1, j)")]),
    ("last-tap-dropped", W, [("for i in range(OH)", "for i in range(OH - 1)"), ("for j in range(OW)", "for j in range(OW - 1)")]),
    ("first-tap-dropped", F, [("for k in range(KH)", "for k in range(1, KH)"), ("for l in range(KW)", "for l in range(1, KW)")]),
    ("first-tap-dropped", X, [("for k in range(KH)", "for k in range(1, KH)")]),
    ("first-tap-dropped", X, [("range(max(0, i - OH + 1)", "range(max(1, i - OH + 1)"), ("range(max(0, j - OW + 1)", "range(max(1, j - OW + 1)")]),
    ("first-tap-dropped", W, [("for i in range(OH)", "for i in range(1, OH)"), ("for j in range(OW)", "for j in range(1, OW)")]),
    ("missing-border", F, [("for i in range(OH)", "for i in range(1, OH - 1)"), ("for j in range(OW)", "for j in range(1, OW - 1)"), ("np.zeros((OH, OW))", "np.zeros((OH, OW))")]),
    ("missing-border", X, [("for i in range(H)", "for i in range(1, H - 1)"), ("for j in range(W)", "for j in range(1, W - 1)")]),
    ("missing-border", X, [(GUARD, "if 0 < a < H - 1 and 0 < b < W - 1:")]),
    ("missing-border", W, [("for k in range(KH)", "for k in range(KH - 1)"), ("for l in range(KW)", "for l in range(KW - 1)")]),
    ("stride-ignored", "", [("i * stride", "i"), ("j * stride", "j")]),
    ("stride-ignored", F, [(FIRST, "    stride = 1\n" + FIRST)]),
    ("stride-one-axis", "", [("j * stride", "j")]),
    ("stride-one-axis", F, [("b = j * stride", "b = j"), ("(KW - 1) - 1) // stride + 1", "(KW - 1) - 1) + 1")]),
    ("padding-ignored", "", [(" * dilation - padding", " * dilation")]),
    ("padding-ignored", F, [(FIRST, "    padding = 0\n" + FIRST)]),
    ("padding-one-side", F, [("2 * padding", "padding")]),
    ("padding-one-axis", "", [("l * dilation - padding", "l * dilation")]),
    ("padding-mode", "", [(GUARD, "a, b = min(max(a, 0), H - 1), min(max(b, 0), W - 1)\n" + " " * 36 + "if True:")]),
    ("padding-mode", F + W, [(GUARD, "a, b = a % H, b % W\n" + " " * 36 + "if True:")]),
    ("negative-index", "", [(GUARD, "if a < H and b < W:")]),
    ("negative-index", "", [("min(KH, i + 1)", "KH"), ("min(KW, j + 1)", "KW")]),
    ("dilation-ignored", "", [("k * dilation", "k"), ("l * dilation", "l")]),
    ("first-channel-only", "", [("for c in range(C // groups)", "for c in range(1)")]),
    ("first-channel-only", F, [("input[n, ci, a, b]", "input[n, 0, a, b]")]),
    ("first-filter-only", F + W, [("for o in range(CO // groups)", "for o in range(1)")]),
    ("first-channel-only", X, [("for o in range(CO // groups)", "for o in range(1)")]),
    ("last-channel-dropped", F + W, [("for c in range(C // groups)", "for c in range(C // groups - 1)")]),
    ("last-channel-dropped", X, [("for o in range(CO // groups)", "for o in range(CO // groups - 1)")]),
    ("groups-ignored", "", [("ci = g * (C // groups) + c", "ci = c")]),
    ("channel-mean", F, [("* weight[co, c, k, l]", "* weight[co, c, k, l] / (C // groups)")]),
    ("channel-mean", X, [("* weight[co, c, k, l]", "* weight[co, c, k, l] / (CO // groups)")]),
    ("batch-zero-only", "", [("for n in range(N)", "for n in range(1)")]),
    ("batch-zero-only", F, [("input[n, ci, a, b]", "input[0, ci, a, b]")]),
    ("batch-mean", X + W, [("return out", "return out / N"), (FIRST, FIRST)]),
    ("height-for-width", F, [("for l in range(KW)", "for l in range(KH)")]),
    ("height-for-width", X, [("for l in range(KW)", "for l in range(KH)")]),
    ("height-for-width", F, [("H - KH + 1, W - KW + 1", "H - KH + 1, W - KH + 1")]),
    ("height-for-width", X, [("OW + KW - 1", "OW + KH - 1")]),
    ("height-for-width", W, [("for j in range(OW)", "for j in range(OH)")]),
    ("height-for-width", F, [("dilation * (KW - 1)", "dilation * (KH - 1)")]),
    ("width-for-height", F, [("for k in range(KH)", "for k in range(KW)")]),
    ("width-for-height", F, [("H - KH + 1, W", "H - KW + 1, W")]),
    ("width-for-height", X, [("OH + KH - 1", "OH + KW - 1")]),
    ("width-for-height", W, [("for i in range(OH)", "for i in range(OW)")]),
    ("bias-ignored", F, [("        out += bias[:, None, None]", "        pass")]),
    ("bias-repeated", F, [("out += bias[:, None, None]", "out += bias[:, None, None] * (C // groups * KH * KW)")]),
    ("overwrites", "", [("out[i, j] +=", "out[i, j] =")]),
    ("overwrites", "", [("out += img", "out = img")]),
    ("overwrites", "", [("out[k, l] +=", "out[k, l] =")]),
    ("overwrites", "", [("out[n, co, i, j] +=", "out[n, co, i, j] =")]),
    ("overwrites", "", [("out[n, ci, a, b] +=", "out[n, ci, a, b] =")]),
    ("overwrites", "", [("out[co, c, k, l] +=", "out[co, c, k, l] =")]),
    ("upstream-ignored", "", [("dloss_dy[a, b] * ", "")]),
    ("upstream-ignored", "", [("dloss_dy[i, j] * ", "")]),
    ("upstream-ignored", "", [("grad_output[n, co, i, j] * ", "")]),
    ("kernel-ignored", "", [(" * kernel[k, l]", "")]),
    ("kernel-ignored", "", [(" * weight[co, c, k, l]", "")]),
    ("scaled", "", [("return out", "return 2 * out")]),
    ("scaled", "", [("return out", "return out * 0.3")]),
    ("sign", "", [("return out", "return -out")]),
    ("mean-for-sum", "", [("return out", "return out / (KH * KW)")]),
    ("integer-output", F, [("return out", "return int(out)"), ("i, j = i - 1", "i, j = i - 1")]),
    ("integer-output", "", [("np.zeros((OH, OW))", "np.zeros((OH, OW), dtype=int)")]),
    ("integer-output", "", [("np.zeros((H, W))", "np.zeros((H, W), dtype=int)")]),
    ("integer-output", "", [("np.zeros((KH, KW))", "np.zeros((KH, KW), dtype=int)")]),
    ("integer-output", "", [("return out", "return np.trunc(out)"), (FIRST, FIRST)]),
    ("mutates-input", "", [("def NAME(img", "def NAME(img"), ("return out", "img[...] = 0\n    return out")]),
    ("mutates-input", "", [("dloss_dy.shape", "dloss_dy.shape"), ("return out", "dloss_dy *= 2\n    return out")]),
    ("mutates-input", "", [("kernel.shape", "kernel.shape"), ("return out", "kernel[...] = kernel[::-1, ::-1]\n    return out")]),
    ("mutates-input", "", [("input.shape", "input.shape"), ("return out", "input -= 1\n    return out")]),
    ("mutates-input", "", [("grad_output, stride", "grad_output, stride"), ("return out", "grad_output[...] = 0\n    return out")]),
    ("not-linear", "", [("return out", "return np.maximum(out, 0)")]),
    ("not-linear", "", [("return out", "return np.clip(out, 0, 255)")]),
    ("not-linear", "", [("return out", "return np.abs(out)")]),
    ("not-linear", "", [("return out", "return np.tanh(out)")]),
    ("returns-nothing", "", [("return out", "out = out")]),
    ("wrong-dtype", "", [("return out", "return np.asarray(out).astype(complex)")]),
    ("wrong-dtype", "", [("return out", "return np.asarray(out).astype(np.float16)")]),
    ("wrong-dtype", "", [("return out", "return np.asarray(out) > 0")]),
    ("not-repeatable", "", [("return out", "return out + np.random.rand()")]),
    ("stale-cache", F, [("def NAME(img, kernel):\n", "def NAME(img, kernel, seen={}):\n    kernel = seen.setdefault((img.shape, kernel.shape), kernel)\n"), ("OH, OW = H", "OH, OW = H")]),
    ("shared-buffer", F, [("def NAME(img, kernel):", "def NAME(img, kernel, rooms={}):"), ("out = np.zeros((OH, OW))", "out = rooms.setdefault((OH, OW), np.zeros((OH, OW)))\n    out[...] = 0")]),
    ("kernel-normalised", "", [("    KH, KW = kernel.shape", "    kernel = kernel / kernel.sum()\n    KH, KW = kernel.shape")]),
    ("constant-output", "", [("return out", "return np.zeros_like(out)")]),
    ("constant-output", "", [("return out", "return np.zeros_like(out) + 7")]),
]  # fmt: skip
