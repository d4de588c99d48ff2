"""What a function is asked: shapes that cannot be confused, and numbers whose sums are exact.

Nothing is square unless a mistake would raise on everything else; nothing is symmetric; channels and batch differ;
strides do not divide; upstream gradients are random.
"""

# ruff: noqa: E501 - tables of shapes

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import DTypeLike

from convolab.errors import ArgumentError
from convolab.geometry import Geometry, array_shapes
from convolab.verify.targets import DEFAULTS, Arrays, JudgedFunction, Options

# Batch, input and output channels, height and width of image and kernel, stride and padding.
Sizes: TypeAlias = tuple[int, int, int, int, int, int, int, int, int]
# Height and width of image and kernel, for the sheet's functions.
PLANES = [
    (5, 8, 3, 2),
    (8, 5, 2, 3),
    (6, 6, 3, 3),
    (5, 8, 3, 3),
    (8, 5, 3, 3),
    (6, 9, 4, 2),
    (7, 4, 1, 3),
    (5, 6, 3, 1),
    (4, 5, 4, 5),
    (9, 5, 3, 4),
]
FRESH_PLANES = [(6, 10, 3, 2), (10, 6, 2, 3), (7, 7, 3, 3), (6, 8, 3, 3), (9, 6, 4, 3)]
# The same with batch, input and output channels before, and stride and padding behind.
BATCHED = [
    (2, 2, 3, 5, 8, 3, 2, 1, 0), (2, 3, 2, 8, 5, 2, 3, 2, 0), (1, 1, 1, 6, 6, 3, 3, 1, 0), (2, 2, 3, 5, 8, 3, 3, 1, 1),
    (2, 1, 2, 8, 5, 3, 3, 2, 1), (3, 2, 2, 7, 7, 3, 3, 3, 2), (1, 3, 1, 5, 9, 2, 4, 1, 2), (2, 2, 1, 6, 9, 4, 2, 2, 0),
    (1, 1, 2, 9, 6, 3, 2, 3, 0), (3, 1, 1, 5, 7, 3, 3, 1, 0), (1, 2, 2, 4, 5, 4, 5, 1, 0),
]  # fmt: skip
FRESH_BATCHED = [
    (3, 3, 2, 6, 9, 3, 2, 1, 0), (2, 2, 3, 9, 6, 3, 3, 2, 1), (1, 2, 2, 7, 7, 3, 3, 1, 2), (2, 1, 3, 6, 9, 2, 3, 3, 1),
    (2, 2, 2, 8, 6, 3, 4, 2, 0),
]  # fmt: skip
# Larger: sizes that are no multiple of any vector, and one more than one. First in thin shapes, which loops in Python can
# compute too: one extent each that is large. How many are asked, see `examine`.
LARGE = [
    (1, 1, 2, 5, 67, 3, 3, 1, 0), (2, 1, 1, 65, 5, 3, 2, 1, 1), (1, 17, 2, 4, 7, 2, 3, 1, 0), (1, 33, 1, 3, 6, 3, 2, 1, 0),
    (1, 2, 33, 5, 6, 3, 3, 2, 1), (3, 9, 12, 2, 7, 1, 1, 1, 0), (1, 1, 1, 11, 12, 9, 11, 1, 0), (5, 1, 1, 4, 6, 1, 5, 1, 2),
    (1, 3, 4, 19, 23, 3, 3, 1, 0), (2, 16, 17, 13, 21, 3, 3, 1, 1), (1, 17, 16, 12, 33, 3, 2, 1, 0), (1, 8, 33, 11, 16, 3, 3, 2, 1),
    (2, 5, 7, 31, 37, 5, 3, 1, 2), (1, 1, 32, 28, 28, 3, 3, 1, 0), (1, 4, 8, 15, 65, 3, 3, 1, 1), (3, 9, 12, 10, 34, 1, 1, 1, 0),
]  # fmt: skip
LARGE_PLANES = [
    (4, 67, 2, 3), (67, 4, 3, 2), (11, 12, 9, 11), (33, 65, 1, 2), (19, 23, 3, 3), (17, 65, 5, 3), (24, 31, 3, 7),
    (64, 64, 2, 3),
]  # fmt: skip
# Options that few functions take, as (dilation, groups), and channels that the groups divide.
MORE = [(2, 1), (1, 2), (2, 2)]


@dataclass(frozen=True)
class Probe:
    """One question: a geometry, and how its numbers are drawn.

    Its `manner` is `integers` (in floating arrays), `fractions` (eighths), `image` (a uint8 image with a floating kernel),
    or `bright` (whole numbers up to 255). The `larger` ones are asked last, of functions that are
    right so far.
    """

    geometry: Geometry
    manner: str = "integers"
    seed: int = 0
    bias: bool = False
    larger: bool = False

    def arrays(self, target: JudgedFunction, dtype: DTypeLike = np.float64) -> Arrays:
        """Return the factors by name, (N, C, H, W) each, and the bias where there is one."""
        rng = np.random.default_rng([self.seed, *self.geometry.input_shape, *self.geometry.weight_shape])
        g = self.geometry
        shapes = array_shapes(g)
        arrays = {n: self._draw(n, shapes[n], rng, dtype) for n in target.factors}
        if self.bias:
            arrays["bias"] = self._draw("weight", (g.out_channels,), rng, dtype)
        return arrays

    def _draw(self, name: str, shape: tuple[int, ...], rng: np.random.Generator, dtype: DTypeLike) -> np.ndarray:
        if name == "input" and self.manner in ("image", "bright"):
            pixels: np.ndarray = rng.integers(0, 256, shape)
            return pixels.astype(np.uint8 if self.manner == "image" else dtype)
        values: np.ndarray = rng.integers(1, 10, shape) * rng.choice([-1, 1], shape)
        scale = 1 if self.manner in ("integers", "bright") else 8
        return np.asarray(values / scale, dtype)


def chosen(
    target: JudgedFunction, taken: set[str], options: Options | None = None, *, fresh: bool = False
) -> list[Probe]:
    """Return the questions for a function that takes those options; `options` fixes some of them."""
    manners = ["integers", "fractions", "integers", "integers", "fractions"]
    geometries = list(
        _geometries(target, taken, options, FRESH_BATCHED if fresh else BATCHED, FRESH_PLANES if fresh else PLANES)
    )
    geometries += _more(target, taken, options)
    bias = "bias" in taken
    probes = [
        Probe(g, manners[n % len(manners)], seed=100 * fresh + n, bias=bias and n % 3 != 2)
        for n, g in enumerate(geometries)
    ]
    return probes + ([] if fresh else [Probe(geometries[0], "bright", seed=97)])


def images(target: JudgedFunction, taken: set[str], options: Options | None = None) -> list[Probe]:
    """Return questions with a uint8 image, for functions that read an image."""
    if "input" not in target.factors:
        return []
    geometries = list(_geometries(target, taken, options, BATCHED, PLANES))
    return [Probe(g, "image", seed=50 + n) for n, g in enumerate(geometries[:2])]


def large(target: JudgedFunction, taken: set[str], options: Options | None = None) -> list[Probe]:
    """Return the larger questions, the one with the fewest products first."""
    geometries = _geometries(target, taken, options, LARGE, LARGE_PLANES)
    probes = [Probe(g, "integers", seed=200 + n, larger=True) for n, g in enumerate(geometries)]
    return sorted(probes, key=lambda p: p.geometry.mult_adds)


def _geometries(
    target: JudgedFunction,
    taken: set[str],
    options: Options | None,
    batched: Sequence[Sizes],
    planes: Sequence[tuple[int, int, int, int]],
) -> Iterator[Geometry]:
    if target.plane:
        yield from (Geometry((h, w), (kh, kw)) for h, w, kh, kw in planes)
        return
    seen = set()
    for n, ci, co, h, w, kh, kw, stride, padding in batched:
        values = DEFAULTS | {"stride": stride, "padding": padding}
        for geometry in _with_options(n, ci, co, (h, w), (kh, kw), values, taken, options):
            if geometry not in seen:
                seen.add(geometry)
                yield geometry


def _more(target: JudgedFunction, taken: set[str], options: Options | None) -> list[Geometry]:
    """Return geometries with the options that few functions take."""
    if target.plane or options:
        return []
    sizes: dict[str, Any] = {"batch": 2, "in_channels": 4, "out_channels": 6, "padding": 1 if "padding" in taken else 0}
    return [
        Geometry((7, 9), (3, 2), dilation=dilation, groups=groups, **sizes)
        for dilation, groups in MORE
        if ("dilation" in taken or dilation == 1) and ("groups" in taken or groups == 1)
    ]


def _with_options(
    n: int,
    ci: int,
    co: int,
    size: tuple[int, int],
    kernel: tuple[int, int],
    values: Options,
    taken: set[str],
    options: Options | None,
) -> Iterator[Geometry]:
    values = {k: v if k in taken else DEFAULTS[k] for k, v in values.items()}
    values |= options or {}
    groups = values["groups"]
    ci, co = ci * groups if groups > 1 else ci, co * groups if groups > 1 else co
    for grow in range(4):
        # Options that were asked for may not fit a small image: it grows until they do.
        try:
            larger = tuple(s + grow * 4 for s in size)
            yield Geometry(larger, kernel, batch=n, in_channels=ci, out_channels=co, **values)
            return
        except ArgumentError:
            continue
