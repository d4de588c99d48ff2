"""A network's layers beside the sheet's, one by one: what is there, what is missing, what has other numbers."""

from dataclasses import dataclass, field
from typing import Any

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
ACTIVATIONS = (
    "relu relu6 leaky_relu elu selu celu gelu silu mish hardswish softplus tanh sigmoid prelu rrelu softsign "
    "tanhshrink "
    "clamp clamp_min threshold"
).split()
POOLS = ("max_pool2d", "avg_pool2d", "adaptive_avg_pool2d", "adaptive_max_pool2d")
FLATTENS = ("flatten", "view", "reshape", "squeeze")
# What may stand between the sheet's layers without being one of them.
ADDED = ("dropout", "dropout2d", "alpha_dropout", "feature_dropout", "batch_norm", "layer_norm", "group_norm")
ENDS = ("softmax", "log_softmax")
WORDS = {"conv2d": "convolution", "linear": "dense layer", "max_pool2d": "max pooling", "relu": "ReLU"}
PAIRS = ("kernel_size", "stride", "padding", "dilation")


NAMES = {
    "relu": "ReLU", "flatten": "Flatten", "max_pool2d": "MaxPool2d", "avg_pool2d": "AvgPool2d", "tanh": "Tanh",
    "sigmoid": "Sigmoid", "softmax": "Softmax", "log_softmax": "LogSoftmax", "leaky_relu": "LeakyReLU", "elu": "ELU",
    "gelu": "GELU", "adaptive_avg_pool2d": "AdaptiveAvgPool2d",
}  # fmt: skip
"""What torch calls the layer of an operation."""


@dataclass(frozen=True)
class NetworkLayer:
    """One layer: its kind, and the numbers that make it."""

    op: str
    numbers: dict[str, Any] = field(default_factory=dict)

    @property
    def family(self) -> str:
        """What it is compared with: an activation with any activation, a pooling with any pooling."""
        if self.op in ACTIVATIONS:
            return "activation"
        return "pooling" if self.op in POOLS else "flatten" if self.op in FLATTENS else self.op

    def __str__(self) -> str:
        n = self.numbers
        if self.op == "conv2d":
            return f"Conv2d({n['in']}, {n['out']}, {_by(n['kernel'])})"
        if self.op == "linear":
            return f"Linear({n['in']}, {n['out']})"
        if self.op in POOLS:
            return f"{NAMES.get(self.op, self.op)} {_by(n.get('kernel_size'))}"
        return NAMES.get(self.op, self.op)


def _conv(inputs: int, outputs: int) -> NetworkLayer:
    numbers = {"in": inputs, "out": outputs, "kernel": [3, 3], "stride": [1, 1], "padding": [0, 0]}
    return NetworkLayer("conv2d", {**numbers, "dilation": [1, 1], "groups": 1, "bias": True})


def _dense(inputs: int, outputs: int) -> NetworkLayer:
    return NetworkLayer("linear", {"in": inputs, "out": outputs, "bias": True})


_POOL = NetworkLayer("max_pool2d", {"kernel_size": [2, 2], "stride": [2, 2], "padding": [0, 0]})
_RELU, _FLATTEN = NetworkLayer("relu"), NetworkLayer("flatten")
SHEETS = (
    _conv(1, 32), _RELU, _POOL, _conv(32, 64), _RELU, _POOL, _conv(64, 64), _FLATTEN, _dense(576, 64), _RELU,
    _dense(64, 10),
)  # fmt: skip
"""The sheet's eleven layers."""


@dataclass(frozen=True)
class LayerDifference:
    """One difference from the sheet's network.

    Attributes
    ----------
    code, message : str
    breaks : bool
        Whether the network cannot run because of it.
    """

    code: str
    message: str
    breaks: bool = False


# For each code of a difference: its title, and what it is in the table of docs/check.md.
DIFFERENCES = {
    "extra-relu": (
        "An activation that the sheet has not",
        "an activation more than the sheet's, such as a ReLU after the third convolution",
    ),
    "missing-relu": ("An activation is missing", "an activation less"),
    "other-activation": ("Another activation", "tanh, sigmoid, … in place of ReLU"),
    "extra-convolution": ("A convolution more", "a convolution more"),
    "missing-convolution": ("A convolution is missing", "a convolution less"),
    "extra-pooling": ("A pooling more", "a pooling more"),
    "missing-pooling": ("A pooling is missing", "a pooling less"),
    "other-pooling": ("Another pooling", "average pooling, or another window or step"),
    "extra-dense": ("A dense layer more", "a dense layer more"),
    "missing-dense": ("A dense layer is missing", "a dense layer less"),
    "filters": ("Another number of filters", "another number of filters of a convolution"),
    "kernel-size": ("Another kernel size", "another kernel size of a convolution"),
    "convolution-padding": ("Another padding", "another padding of a convolution"),
    "convolution-stride": ("Another stride", "another stride, dilation or number of groups of a convolution"),
    "no-bias": ("A layer without a bias", "a layer without a bias"),
    "hidden-size": ("Another size of the dense layer", "another number of units in the first dense layer"),
    "outputs": ("Another number of outputs", "another number of outputs than ten"),
    "flatten-size": (
        "The dense layer expects another number",
        "a first dense layer that does not take what Flatten gives",
    ),
    "flatten-missing": ("Flatten is missing", "no Flatten before the dense layers"),
    "channels-mismatch": ("Channels that do not fit", "a convolution that does not take the channels before it"),
    "softmax-at-the-end": (
        "A softmax at the end",
        "a softmax or log_softmax as the last layer, where no loss was seen",
    ),
    "other-layer": ("A layer that the sheet has not", "any other layer that the sheet has not"),
    "does-not-run": ("The network does not run", "a network that raises on (N, 1, 28, 28)"),
}


def read(traced: list[dict[str, Any]]) -> list[NetworkLayer]:
    """Return traced operations as layers."""
    return [_layer(t) for t in traced if isinstance(t.get("op"), str)]


def _layer(t: dict[str, Any]) -> NetworkLayer:
    op = t["op"]
    weight = [n for n in t.get("weight") or [] if isinstance(n, int)]
    if op == "conv2d" and len(weight) == 4:
        groups = t.get("groups") or 1
        numbers = {"in": weight[1] * groups, "out": weight[0], "kernel": weight[2:], "groups": groups}
        padding = t.get("padding", 0)
        if padding == "same":
            padding = [(k - 1) // 2 for k in weight[2:]]
        numbers |= {"stride": _pair(t.get("stride", 1)), "padding": _pair(0 if padding == "valid" else padding)}
        return NetworkLayer(op, {**numbers, "dilation": _pair(t.get("dilation", 1)), "bias": t.get("bias") is not None})
    if op == "linear" and len(weight) == 2:
        return NetworkLayer(op, {"in": weight[1], "out": weight[0], "bias": t.get("bias") is not None})
    if op in ("max_pool2d", "avg_pool2d"):
        kernel = _pair(t.get("kernel_size"))
        stride = _pair(t["stride"]) if t.get("stride") not in (None, []) else kernel
        return NetworkLayer(op, {"kernel_size": kernel, "stride": stride, "padding": _pair(t.get("padding") or 0)})
    return NetworkLayer(op)


def _pair(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value if len(value) == 2 else value * 2 if len(value) == 1 else [0, 0]
    return [value, value]


def _by(pair: Any) -> str:
    return "×".join(map(str, pair)) if isinstance(pair, list) else str(pair)


def differences(traced: list[dict[str, Any]], *, loss_seen: bool) -> tuple[list[LayerDifference], list[str]]:
    """Return how a network differs from the sheet's, and which layers it has beside that change no shape.

    Parameters
    ----------
    traced : list of dict
        Its operations (see `inside/layers.py`).
    loss_seen : bool
        Whether what stands before its loss is judged there, a softmax at the end being no layer then.
    """
    found = list(_mismatches(traced))
    layers = [layer for layer in read(traced) if layer.op not in ("pad", "log", "mean")]
    added = [layer.op for layer in layers if layer.op in ADDED]
    layers = [layer for layer in layers if layer.op not in ADDED]
    while layers and layers[-1].op in (*ENDS, "sigmoid", "relu") and len(layers) > 1:
        end = layers.pop()
        if not loss_seen:
            code = "softmax-at-the-end" if end.op in ENDS else "extra-relu"
            found.append(LayerDifference(code, f"After the last dense layer comes {_a(end)}, which the sheet has not."))
    for own, sheets in _aligned(layers):
        found += _difference(own, sheets, layers, broken={d.code for d in found if d.breaks})
    return found, added


def _mismatches(traced: list[dict[str, Any]]) -> list[LayerDifference]:
    """Return the layers whose input does not fit their weights."""
    found = []
    for n, t in enumerate(traced):
        if not t.get("mismatch"):
            continue
        weight = t.get("weight") or []
        given = t.get("in") or []
        if t["op"] == "linear" and len(weight) == 2 and len(given) == 2:
            found.append(LayerDifference("flatten-size", _flatten_words(traced[:n], given[1], weight[1]), breaks=True))
        elif t["op"] == "linear":
            found.append(
                LayerDifference(
                    "flatten-missing",
                    f"The dense layer is given {_by(given)} (images, channels, rows, columns); a Flatten must come "
                    f"before it.",
                    breaks=True,
                )
            )
        elif t["op"] == "conv2d" and len(given) == 4 and len(weight) == 4:
            which = _ordinal(sum(e["op"] == "conv2d" for e in traced[:n]))
            found.append(
                LayerDifference(
                    "channels-mismatch",
                    f"The {which} convolution is given {given[1]} channels, you declared {weight[1]}.",
                    breaks=True,
                )
            )
    return found


def _flatten_words(before: list[dict[str, Any]], given: int, declared: int) -> str:
    flat = next((t for t in reversed(before) if t["op"] in FLATTENS), None)
    shape = (flat or {}).get("in") or []
    product = f" = {' · '.join(map(str, shape[1:]))}" if len(shape) == 4 else ""
    what = "Flatten" if flat else "The layer before"
    return f"{what} gives {given}{product}, you declared {declared} for the dense layer behind it."


def _ordinal(n: int) -> str:
    return ORDINALS[n] if n < len(ORDINALS) else f"{n + 1}th"


def _aligned(layers: list[NetworkLayer]) -> list[tuple[int | None, int | None]]:
    """Return places (own, sheet's) of layers that belong together; None where one has no partner."""
    n, m = len(layers), len(SHEETS)
    cost = [[0.0] * (m + 1) for _ in range(n + 1)]
    for i in range(n, -1, -1):
        for j in range(m, -1, -1):
            if i == n or j == m:
                cost[i][j] = float(n - i + m - j)
                continue
            same = _distance(layers[i], SHEETS[j]) + cost[i + 1][j + 1]
            cost[i][j] = min(same, 1 + cost[i + 1][j], 1 + cost[i][j + 1])
    pairs: list[tuple[int | None, int | None]] = []
    i = j = 0
    while i < n or j < m:
        if i < n and j < m and cost[i][j] == _distance(layers[i], SHEETS[j]) + cost[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif i < n and (j == m or cost[i][j] == 1 + cost[i + 1][j]):
            pairs.append((i, None))
            i += 1
        else:
            pairs.append((None, j))
            j += 1
    return pairs


def _distance(own: NetworkLayer, sheets: NetworkLayer) -> float:
    """Return how unlike two layers are: below 1 they may belong together, from 2 on never."""
    if own.family != sheets.family:
        return 2.0
    if own.op == "linear":  # what it gives says more of its place than what it takes
        return 0.1 * sum(bool(own.numbers[k] != v) * (2 if k == "out" else 1) for k, v in sheets.numbers.items())
    if own.op == "conv2d":
        return 0.1 * sum(bool(own.numbers[k] != v) for k, v in sheets.numbers.items())
    return 0.0 if own == sheets or own.family == "flatten" else 0.3


def _difference(
    own: int | None, sheets: int | None, layers: list[NetworkLayer], *, broken: set[str]
) -> list[LayerDifference]:
    """Return what differs between two layers that belong together, or that one of them is alone."""
    if own is None and sheets is not None:
        if SHEETS[sheets].op == "flatten" and "flatten-missing" in broken:
            return []
        return [_alone(SHEETS[sheets], "missing", _where(SHEETS, sheets))]
    if sheets is None and own is not None:
        return [_alone(layers[own], "extra", _where(layers, own))]
    assert own is not None and sheets is not None
    one, other = layers[own], SHEETS[sheets]
    if one.op == "conv2d":
        return _of_convolution(one, other, _ordinal(sum(layer.op == "conv2d" for layer in layers[:own])))
    if one.op == "linear":
        last = not any(layer.op == "linear" for layer in layers[own + 1 :])
        return _of_dense(one, other, last=last)
    if one.family == "activation" and one.op != other.op:
        return [
            LayerDifference("other-activation", f"{_where(layers, own)} comes {_a(one)}; the sheet has a ReLU there.")
        ]
    if one.family == "pooling" and one != other:
        return [
            LayerDifference(
                "other-pooling", f"{_where(layers, own)} comes {_pool_words(one)}; the sheet has {_pool_words(other)}."
            )
        ]
    return []


def _pool_words(layer: NetworkLayer) -> str:
    n = layer.numbers
    name = {"max_pool2d": "max pooling", "avg_pool2d": "average pooling"}.get(layer.op, layer.op)
    if not n:
        return name
    step = "" if n["stride"] == n["kernel_size"] else f" in steps of {_by(n['stride'])}"
    padding = "" if n["padding"] == [0, 0] else f" with padding {_by(n['padding'])}"
    return f"{name} of {_by(n['kernel_size'])}{step}{padding}"


def _a(layer: NetworkLayer) -> str:
    """Return a layer with its article."""
    return f"{'an' if str(layer)[0] in 'aeio' else 'a'} {layer}"


def _alone(layer: NetworkLayer, how: str, where: str) -> LayerDifference:
    kinds = {"activation": "relu", "conv2d": "convolution", "pooling": "pooling", "linear": "dense"}
    kind = kinds.get(layer.family)
    if layer.family == "flatten" and how == "missing":
        return LayerDifference("flatten-missing", f"{where} the sheet has a Flatten, which is missing.")
    if kind is None or (layer.family == "flatten"):
        return LayerDifference("other-layer", f"{where} comes {_a(layer)}, which the sheet has not.")
    if how == "missing":
        return LayerDifference(f"missing-{kind}", f"{where} the sheet has {_a(layer)}, which is missing.")
    return LayerDifference(f"extra-{kind}", f"{where} comes {_a(layer)}, which the sheet has not.")


def _where(layers: Any, place: int) -> str:
    """Return a place in words: `After the third convolution`."""
    for n in range(place - 1, -1, -1):
        if layers[n].op in ("conv2d", "linear"):
            which = _ordinal(sum(layer.op == layers[n].op for layer in layers[:n]))
            between = [WORDS.get(layer.op, layer.op) for layer in layers[n + 1 : place]]
            behind = f" and its {' and '.join(between)}" if between else ""
            return f"After the {which} {WORDS[layers[n].op]}{behind}"
    return "At the beginning"


def _of_convolution(own: NetworkLayer, sheets: NetworkLayer, which: str) -> list[LayerDifference]:
    a, b, found = own.numbers, sheets.numbers, []
    who = f"The {which} convolution"
    if a["out"] != b["out"]:
        found.append(LayerDifference("filters", f"{who} has {a['out']} filters; the sheet's has {b['out']}."))
    if a["kernel"] != b["kernel"]:
        found.append(
            LayerDifference(
                "kernel-size", f"{who} has a kernel of {_by(a['kernel'])}; the sheet's is {_by(b['kernel'])}."
            )
        )
    if a["padding"] != b["padding"]:
        found.append(
            LayerDifference("convolution-padding", f"{who} has padding {_by(a['padding'])}; the sheet's has none.")
        )
    for name in ("stride", "dilation", "groups"):
        if a[name] != b[name]:
            found.append(
                LayerDifference(
                    "convolution-stride", f"{who} has {name} {_by(a[name])}; the sheet's has {_by(b[name])}."
                )
            )
    if not a["bias"]:
        found.append(LayerDifference("no-bias", f"{who} has no bias; the sheet's has one."))
    return found


def _of_dense(own: NetworkLayer, sheets: NetworkLayer, *, last: bool) -> list[LayerDifference]:
    a, b, found = own.numbers, sheets.numbers, []
    if a["out"] != b["out"] and b["out"] == 10 and last:
        found.append(LayerDifference("outputs", f"The last dense layer has {a['out']} outputs; there are ten digits."))
    elif a["out"] != b["out"] and not (last and a["out"] == SHEETS[-1].numbers["out"]):  # the hidden one is missing
        found.append(
            LayerDifference("hidden-size", f"The dense layer has {a['out']} units; the sheet's has {b['out']}.")
        )
    if not a["bias"]:
        found.append(LayerDifference("no-bias", "A dense layer has no bias; the sheet's has one."))
    return found
