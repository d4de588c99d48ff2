"""Programs for the ways of a mistake that no plant makes: plain loops, each with a few characters changed.

The plants of `verify` are what learners write; a way beside them is one that a learner might. Each program is written
from the mistake's sentence and not from the catalogue. Of a mistake of the columns only one half is written: the other
is the same text with rows for columns in it.
"""

import re
from collections.abc import Iterable, Iterator

from convolab.verify.plants import loops, vectorised

# One change of a text, and a program: the mistake, the function, its text, and how it reads an index outside.
Change = tuple[str, str]
Program = tuple[str, str, str, str]

F, X, W = "conv2d", "conv2d_input", "conv2d_weight"
SCATTERED = {F: loops.CONV2D, X: loops.CONV2D_INPUT, W: loops.CONV2D_WEIGHT}
GUARD, ZEROS = loops.GUARD, "    out = np.zeros("
A, B = "a = i * stride + k * dilation - padding", "b = j * stride + l * dilation - padding"
WEIGHT, GRAD, IMAGE = "weight[co, c, k, l]", "grad_output[n, co, i, j]", "input[n, ci, a, b]"
ADDED = {F: "out[n, co, i, j] += ", X: "out[n, ci, a, b] += ", W: "out[co, c, k, l] += "}
# The input gradient the other way round: every input seeks the outputs that it takes part in.
I, J = "i, r = divmod(y + padding - k * dilation, stride)", "j, s = divmod(x + padding - l * dilation, stride)"
FOUND = "if r == 0 and s == 0 and 0 <= i < OH and 0 <= j < OW:"
GATHERED = (
    loops.CONV2D_INPUT.replace("for i in range(OH)", "for y in range(H)")
    .replace("for j in range(OW)", "for x in range(W)")
    .replace(A, I)
    .replace(B, J)
    .replace(GUARD, FOUND)
    .replace("out[n, ci, a, b]", "out[n, ci, y, x]")
)
DEEP = "\n" + " " * 36  # a new line at the depth of the indices
# A whole window at a time, in planes.
POSITION, KERNEL = "compute_convolution_at_position", "conv_gradient_wrt_kernel"
WINDOWS = {
    POSITION: vectorised.POSITION,
    KERNEL: """
def NAME(img, dloss_dy):
    OH, OW = dloss_dy.shape
    KH, KW = img.shape[0] - OH + 1, img.shape[1] - OW + 1
    out = np.zeros((KH, KW))
    for i in range(OH):
        for j in range(OW):
            top, left = i, j
            if top < img.shape[0] and left < img.shape[1]:
                out += dloss_dy[i, j] * img[top:top + KH, left:left + KW]
    return out
""",
}

# How a computed index is read that may lie outside: tested first, as Python does, as Python does in the padded array,
# or tested at the far end alone.
_PADDED = [
    (IMAGE, "input[n, ci, a + padding, b + padding]"),
    (GUARD, "if True:"),
    (ZEROS, "    input = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))\n" + ZEROS),
]
EDGES: dict[str, dict[str, list[Change]]] = {
    "guard": {},
    "bare": {f: [(GUARD, "if True:")] for f in SCATTERED},
    "low": {f: [(GUARD, "if a < H and b < W:")] for f in SCATTERED},
    "pad": {
        F: _PADDED,
        W: _PADDED,
        X: [
            ("np.zeros((N, C, H, W))", "np.zeros((N, C, H + 2 * padding, W + 2 * padding))"),
            ("out[n, ci, a, b]", "out[n, ci, a + padding, b + padding]"),
            (GUARD, "if True:"),
            ("return out", "return out[:, :, padding:padding + H, padding:padding + W]"),
        ],
    },
}
ALL = tuple(EDGES)
SOUGHT = {"guard": FOUND, "bare": "if r == 0 and s == 0:", "low": "if r == 0 and s == 0 and i < OH and j < OW:"}


# Three ways to write a program, and what is put into them


def changed(text: str, changes: Iterable[Change]) -> str:
    """The text with every replacement made; each must have a place."""
    for old, new in changes:
        if old not in text:
            raise LookupError(f"{old!r} is not in the text")
        text = text.replace(old, new)
    return text


def scattered(code: str, functions: str | Iterable[str], changes: Iterable[Change], edges=("guard",)):
    """The same changes in some of the three sums, which run over outputs and kernel positions."""
    for function in [functions] if isinstance(functions, str) else functions:
        for edge in edges:
            yield code, function, changed(SCATTERED[function], [*changes, *EDGES[edge].get(function, ())]), edge


def read_as(edge: str, made: Iterable[Program]) -> Iterator[Program]:
    """The same programs, known to read what lies outside in another way than by their guards."""
    return ((code, function, text, edge) for code, function, text, _ in made)


def gathered(code: str, changes: Iterable[Change], edges=("guard",)) -> Iterator[Program]:
    for edge in edges:
        yield code, X, changed(GATHERED, [*changes, (FOUND, SOUGHT[edge])]), edge


def windowed(code: str, function: str, changes: Iterable[Change]) -> Iterator[Program]:
    yield code, function, changed(WINDOWS[function], changes), "slice"


def before(*lines: str) -> Change:
    """Lines before the loops begin."""
    return ZEROS, "".join(f"    {line}\n" for line in lines) + ZEROS


def ending(*lines: str) -> Change:
    """Lines in place of the last one."""
    return "    return out", "\n".join(f"    {line}" for line in lines)


def guarded(*lines: str) -> Change:
    """Lines once an input is known to exist."""
    return GUARD, DEEP.join([GUARD, *(f"    {line}" for line in lines)])


# Rows and columns

TWINS = "a b, i j, k l, y x, r s, H W, KH KW, OH OW, top left"
TWIN = dict(pair.split() for pair in TWINS.split(", ")) | dict(pair.split()[::-1] for pair in TWINS.split(", "))
TWIN_CODES = {"row-index-for-column": "column-index-for-row", "height-for-width": "width-for-height"}


def halves(code: str, *changes: Change) -> list[tuple[str, list[Change]]]:
    """The changes with the mistake that they make, and with rows for columns."""
    return [(code, list(changes)), (TWIN_CODES.get(code, code), [mirrored(c) for c in changes])]


def mirrored(change: Change) -> Change:
    old, new = (re.sub(r"[A-Za-z_]+", lambda word: TWIN.get(word[0], word[0]), text) for text in change)
    return old, new


# The programs


def programs() -> Iterator[Program]:
    """Every program, as the text of a function called NAME."""
    for family in (_confused, _shifted, _one_size, _output_sizes, _dropped, _borders, _options, _channels, _orders, _values, _integers):  # fmt: skip
        yield from family()


def _confused() -> Iterator[Program]:
    """An index of the rows in place of one of the columns."""
    name, b = "row-index-for-column", "b = j * stride + l * dilation - padding"
    for new, edges in (
        ("b = i * stride + l * dilation - padding", ALL),
        ("b = j * stride + k * dilation - padding", ALL),
        ("b = i * stride + k * dilation - padding", ("guard", "pad")),
    ):
        for code, changes in halves(name, (b, new)):
            yield from scattered(code, (F, W), changes, edges)
    for old, new in (
        ("b = j * stride + l * dilation - padding", "b = i * stride + l * dilation - padding"),
        ("b = j * stride + l * dilation - padding", "b = j * stride + k * dilation - padding"),
    ):
        for code, changes in halves(name, (old, new)):
            yield from scattered(code, X, changes, ("guard", "pad", "bare"))
    for code, k, i in ((name, "k, k]", "i, i]"), (TWIN_CODES[name], "l, l]", "j, j]")):
        yield from scattered(code, (F, X), [(WEIGHT, WEIGHT.replace("k, l]", k))])
        yield from scattered(code, W, [(GRAD, GRAD.replace("i, j]", i))])
    for slip, first, then in (
        ("j, s = divmod(y + padding - l * dilation, stride)", ("guard", "bare", "low"), ("guard", "bare", "low")),
        ("j, s = divmod(x + padding - k * dilation, stride)", ("guard", "low"), ("guard", "bare")),
    ):
        for code, changes in halves(name, (J, slip)):
            yield from gathered(code, changes, first)
            # Where the right output exists, another one is read.
            for edge in then:
                again = DEEP.join([FOUND, f"    {changes[0][1]}", f"    {SOUGHT[edge]}"])
                yield code, X, changed(GATHERED, [(FOUND, again), ("    out[n, ci", "        out[n, ci")]), edge


def _shifted() -> Iterator[Program]:
    """An index one too high or too low, along both axes or along one."""
    code = "off-by-one"
    for by in ("+ 1", "- 1"):
        for rows, columns in ((by, by), (by, ""), ("", by)):
            shift = [(A, f"{A} {rows}"), (B, f"{B} {columns}")]
            yield from scattered(code, (F, X, W), shift, ALL)
            yield from scattered(code, (F, X), [(WEIGHT, f"weight[co, c, k {rows}, l {columns}]")])
            yield from scattered(code, W, [(GRAD, f"grad_output[n, co, i {rows}, j {columns}]")])
            moved = [f"i, j = i {rows}, j {columns}"]
            for edge in SOUGHT:
                yield code, X, changed(GATHERED, [(FOUND, DEEP.join([*moved, SOUGHT[edge]]))]), edge
            yield code, X, changed(GATHERED, [(GRAD, f"grad_output[n, co, i {rows}, j {columns}]")]), "bare"
            yield from windowed(code, POSITION, [("i - 1, j - 1", f"i - 1 {rows}, j - 1 {columns}")])
            yield from windowed(code, KERNEL, [("top, left = i, j", f"top, left = i {rows}, j {columns}")])


def _one_size() -> Iterator[Program]:
    """A number of rows in place of one of columns."""
    name, either = "height-for-width", ("guard", "pad")
    for line in (
        "OW = (W + 2 * padding - dilation * (KH - 1) - 1) // stride + 1",
        "OW = (H + 2 * padding - dilation * (KW - 1) - 1) // stride + 1",
        "OW = OH",
    ):
        for code, changes in halves(name, ("", line)):
            yield from scattered(code, F, [before(changes[0][1])], either)
    for code, changes in halves(name, ("", "KW = KH"), ("", "OW = (W + 2 * padding - dilation * (KW - 1) - 1) // stride + 1")):  # fmt: skip
        yield from scattered(code, F, [before(*(new for _, new in changes))], either)
    for line in ("W = W + dilation * (KH - KW)", "W = W + stride * (OH - OW)", "W = H"):
        for code, changes in halves(name, ("", line)):
            yield from scattered(code, X, [before(changes[0][1])], either)
    for code, changes in halves(name, ("", "KW = KH")):
        yield from scattered(code, W, [before(changes[0][1], "weight_size = (*weight_size[:2], KH, KW)")], either)
    for loop, wrong, functions in (
        ("l in range(KW)", "l in range(KH)", (F, X)),
        ("j in range(OW)", "j in range(OH)", (X, W)),
    ):
        for code, changes in halves(name, (loop, wrong)):
            # In the right range the padded array has all that is asked for.
            yield from read_as("guard", scattered(code, functions, changes, either))


def _output_sizes() -> Iterator[Program]:
    code, either = "output-size", ("guard", "pad")
    for line in (
        "OH, OW = OH + 1, OW + 1",
        "OH = OH + 1",
        "OW = OW + 1",
        "OH, OW = H, W",
        "OH, OW = (-(-(H + 2 * padding - dilation * (KH - 1) - 1) // stride) + 1, -(-(W + 2 * padding - dilation * (KW - 1) - 1) // stride) + 1)",
        "OH, OW = H + 2 * padding - dilation * (KH - 1), W + 2 * padding - dilation * (KW - 1)",
    ):
        yield from scattered(code, F, [before(line)], either)
    for line in (
        "return out[..., :-1, :-1]",
        "return out[..., :-1, :]",
        "return out[..., :-1]",
        "return np.pad(out, ((0, 0), (0, 0), (0, 1), (0, 1)))",
        "return np.pad(out, ((0, 0), (0, 0), (0, 1), (0, 0)))",
        "return np.pad(out, ((0, 0), (0, 0), (0, 0), (0, 1)))",
    ):
        yield from scattered(code, (F, X, W), [ending(line)])
    corner = ["whole[:, :, :out.shape[2], :out.shape[3]] = out", "return whole"]
    for size in ("N, CO, max(H, OH), max(W, OW)", "N, CO, H + 2 * padding, W + 2 * padding", "N, CO, H + 2 * padding - dilation * (KH - 1), W + 2 * padding - dilation * (KW - 1)"):  # fmt: skip
        yield from scattered(code, F, [ending(f"whole = np.zeros(({size}))", *corner)])
    yield from scattered(code, W, [ending("whole = np.zeros((*weight_size[:2], H, W))", *corner)])
    full, same = "dilation * (KH - 1), dilation * (KW - 1)", "dilation * (KH - 1) // 2, dilation * (KW - 1) // 2"
    for margins, sizes in (
        (full, "OH, OW = (H + 2 * padding + up - 1) // stride + 1, (W + 2 * padding + left - 1) // stride + 1"),
        (same, "OH, OW = (H + 2 * padding - 1) // stride + 1, (W + 2 * padding - 1) // stride + 1"),
    ):
        lines = before(f"up, left = {margins}", sizes)
        yield from scattered(code, F, [lines, (A, f"{A} - up"), (B, f"{B} - left")])
    for corner_at in ("(H - OH) // 2, (W - OW) // 2", "0, 0"):
        cut = ending(f"top, left = {corner_at}", "return out[:, :, top:top + OH, left:left + OW]")
        yield from scattered(code, X, [cut])
    valid = [
        "if OH < KH or OW < KW:",
        "    raise ValueError('nothing is left')",
        "return out[:, :, KH - 1:OH, KW - 1:OW]",
    ]
    yield from scattered(code, X, [ending(*valid)])


def _dropped() -> Iterator[Program]:
    """The first or last position of a loop left out: of the whole loop, or of those that exist."""
    for code, part, loop in (
        ("last-tap-dropped", "[:-1]", "{0} in range({1} - 1)"),
        ("first-tap-dropped", "[1:]", "{0} in range(1, {1})"),
    ):
        for functions, pairs in (((F, X), (("k", "KH"), ("l", "KW"))), ((X, W), (("i", "OH"), ("j", "OW")))):
            drops = [(f"{v} in range({size})", loop.format(v, size)) for v, size in pairs]
            for changes in (drops, drops[:1], drops[1:]):
                yield from scattered(code, functions, changes)
        exists = {
            ("k", "KH"): "i * stride + k * dilation - padding in range(H)",
            ("l", "KW"): "j * stride + l * dilation - padding in range(W)",
            ("i", "OH"): "i * stride + k * dilation - padding in range(H)",
            ("j", "OW"): "j * stride + l * dilation - padding in range(W)",
        }
        for function, names in ((F, "kl"), (W, "ij")):
            chosen = [
                (f"{v} in range({size})", f"{v} in [{v} for {v} in range({size}) if {test}]{part}")
                for (v, size), test in exists.items() if v in names
            ]  # fmt: skip
            for changes in (chosen, chosen[:1], chosen[1:]):
                text = SCATTERED[function] if function == F else _WEIGHTS_FIRST
                yield code, function, changed(text, changes), "guard"
        sought = [
            (
                "k in range(KH)",
                f"k in [k for k in range(KH) if divmod(y + padding - k * dilation, stride) in [(i, 0) for i in range(OH)]]{part}",
            ),
            (
                "l in range(KW)",
                f"l in [l for l in range(KW) if divmod(x + padding - l * dilation, stride) in [(j, 0) for j in range(OW)]]{part}",
            ),
        ]
        for changes in (sought, sought[:1], sought[1:]):
            yield from gathered(code, changes)


# The weights' gradient with the loops over the kernel outside.
_WEIGHTS_FIRST = changed(
    loops.CONV2D_WEIGHT,
    [("for i in range(OH)", "for K in RANGE(KH)"), ("for j in range(OW)", "for L in RANGE(KW)"),
     ("for k in range(KH)", "for i in range(OH)"), ("for l in range(KW)", "for j in range(OW)"),
     ("for K in RANGE(KH)", "for k in range(KH)"), ("for L in RANGE(KW)", "for l in range(KW)")],
)  # fmt: skip


def _borders() -> Iterator[Program]:
    code = "missing-border"
    for end in ("0", "-1", "[0, -1]"):
        rows, columns = f"out[:, :, {end}] = 0", f"out[:, :, :, {end}] = 0"
        for lines in ((rows, columns), (rows,), (columns,)) if end != "[0, -1]" else ((rows, columns),):
            yield from scattered(code, (F, X, W), [ending(*lines, "return out")])
    whole = "0 <= i * stride - padding <= H - dilation * (KH - 1) - 1 and 0 <= j * stride - padding <= W - dilation * (KW - 1) - 1"
    yield from scattered(code, (F, X, W), [(GUARD, f"if {whole}:")])
    counted = "count[n, ci, a, b] += 1"
    yield from scattered(code, X, [before("count = np.zeros((N, C, H, W))"), guarded(counted), ending("return out * (count == count.max())")])  # fmt: skip


def _options() -> Iterator[Program]:
    for changes in ([(B, "b = j + l * dilation - padding")], [(A, "a = i + k * dilation - padding")]):
        yield from scattered("stride-one-axis", (F, X, W), changes)
    yield from scattered("stride-one-axis", F, [("(KH - 1) - 1) // stride + 1", "(KH - 1) - 1) + 1"), (A, "a = i + k * dilation - padding")])  # fmt: skip
    for axis in (A, B):
        yield from scattered("padding-one-axis", (F, X, W), [(axis, axis.removesuffix(" - padding"))])
    for size, axis in (("OH = (H + 2 * padding", A), ("OW = (W + 2 * padding", B)):
        yield from scattered("padding-one-axis", F, [(size, size.removesuffix(" + 2 * padding")), (axis, axis.removesuffix(" - padding"))])  # fmt: skip
    ignored = [(axis, axis.removesuffix(" - padding")) for axis in (A, B)]
    yield from scattered("padding-ignored", (F, X, W), ignored)
    yield from read_as("pad", scattered("padding-ignored", (F, X, W), ignored, ("bare",)))
    yield from scattered("padding-ignored", F, [(" + 2 * padding", "")])
    for mode, numpys in (("reflect", "reflect"), ("replicate", "edge"), ("circular", "wrap")):
        rows, columns = (f"np.pad(np.arange({size}), padding, mode={numpys!r})" for size in "HW")
        moved = (GUARD, f"a, b = rows[a + padding], columns[b + padding]{DEEP}if True:")
        filled = scattered("padding-mode", (F, X, W), [before(f"rows, columns = {rows}, {columns}"), moved])
        yield from read_as(mode, filled)
    yield from scattered("negative-index", (F, X, W), [], ("bare", "low"))
    yield from gathered("negative-index", [], ("bare", "low"))
    # The kernel turned on its side, in a result of the right size.
    turned = [
        ("N, C, H, W = input_size", "weight = weight.swapaxes(2, 3)\n    N, C, H, W = input_size"),
        before("OH, OW = grad_output.shape[2:]"),
    ]
    yield from scattered("transposed-kernel", X, turned)
    yield from scattered("transposed-output", X, [("out[n, ci, a, b]", "out[n, ci, b, a]")], ("bare",))


def _channels() -> Iterator[Program]:
    code = "first-channel-only"
    yield from scattered(code, (F, X), [(WEIGHT, "weight[co, 0, k, l]")])
    yield from scattered(code, W, [(IMAGE, "input[n, 0, a, b]")])
    code = "first-filter-only"
    yield from scattered(code, F, [ending("out[:, 1:] = 0", "return out")])
    yield from scattered(code, F, [ending("return out[:, :1]")])
    yield from scattered(code, W, [ending("return out[:1]")])
    yield from scattered("batch-zero-only", (F, X), [ending("out[1:] = 0", "return out")])


def _orders() -> Iterator[Program]:
    """What an assignment leaves of a sum depends on the order of its loops."""
    code = "overwrites"
    yield from scattered(code, F, [("for c in range(C // groups)", "for c in [C // groups - 1]")])
    yield from scattered(code, X, [("for o in range(CO // groups)", "for o in [CO // groups - 1]")])
    yield from gathered(code, [("out[n, ci, y, x] +=", "out[n, ci, y, x] =")])
    apart = [("np.zeros((N,", "np.zeros((CO, N,"), (ADDED[X], "out[co, n, ci, a, b] = "), ending("return out.sum(0)")]
    yield from scattered(code, X, apart)
    yield from scattered(code, W, [("for n in range(N)", "for n in [N - 1]")])
    yield from scattered(code, W, [("for i in range(OH)", "for i in [OH - 1]")])
    yield from scattered(
        code, W, [("for n in range(N)", "for n in [N - 1]"), ("for i in range(OH)", "for i in [OH - 1]")]
    )


def _values() -> Iterator[Program]:
    yield from scattered("scaled", (F, X, W), [ending("return out / 2")])
    yield from scattered("scaled", (F, X, W), [ending("return out * 2")])
    for factor in ("/ 2", "* 2"):
        yield from scattered("scaled", F, [(WEIGHT, f"({WEIGHT} {factor})")])
    for of in ("weight", "np.abs(weight)"):
        for over in ("", "(1, 2, 3), keepdims=True", "(2, 3), keepdims=True"):
            total = f"total = {of}.sum({over})"
            yield from scattered("kernel-normalised", (F, X), [before(total, "weight = weight / total")])
            yield from scattered(
                "kernel-normalised", (F, X), [before(total, "weight = weight / np.where(total, total, 1)")]
            )
    yield from scattered("mean-for-sum", X, [ending("return out / (OH * OW)")])
    yield from scattered("upstream-ignored", (X, W), [(GRAD, "grad_output.sum()")])
    yield from scattered("not-linear", (F, X, W), [ending("return out + 1")])
    yield from scattered("not-linear", (F, X, W), [ending("return out / (np.abs(out).max() or 1)")])
    yield from scattered("constant-output", (F, X, W), [ending("return np.ones_like(out)")])


def _integers() -> Iterator[Program]:
    """Numbers cut to integers: the results, the products, the arguments, or every sum so far."""
    code = "integer-output"
    yield from scattered(code, (F, X, W), [ending("return np.floor(out)")])
    for function, (first, second) in {F: (IMAGE, WEIGHT), X: (GRAD, WEIGHT), W: (GRAD, IMAGE)}.items():
        whole, place = f"{first} * {second}", ADDED[function].removesuffix(" += ")
        product = f"np.sum({whole})"
        # All images at once, where they are added up.
        at_once = [("for n in range(N)", "for n in [slice(None)]")] if function == W else []
        yield from scattered(code, function, [*at_once, (whole, f"np.trunc({product})")])
        kept = (f"{place} += {whole}", f"{place} = np.trunc({place} + {product})")
        yield from scattered(code, function, [*at_once, kept])
        cut = [(name, f"np.trunc({name})") for name in (first, second)]
        bias = [("+= bias", "+= np.trunc(bias)")] if function == F else []
        for changes in (cut[:1], cut[1:], cut + bias):
            yield from scattered(code, function, changes)
    yield from gathered(code, [(f"out[n, ci, y, x] += {GRAD} * {WEIGHT}", f"out[n, ci, y, x] = np.trunc(out[n, ci, y, x] + {GRAD} * {WEIGHT})")])  # fmt: skip
    whole = "input.dtype.kind in 'iu'"
    yield from scattered(code, (F, W), [ending(f"return out.astype(int).astype(input.dtype) if {whole} else out")])
    sums = [before(f"kept = (lambda v: np.array(int(v)).astype(input.dtype)) if {whole} else float")]
    place, product = "out[n, co, i, j]", f"{IMAGE} * {WEIGHT}"
    for text in (f"{place} = kept({place} + {product})", f"{place} = kept({place} + kept({product}))"):
        yield from scattered(code, F, [*sums, (f"{place} += {product}", text)])
