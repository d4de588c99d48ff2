"""What a function is asked: shapes that cannot be confused, and numbers whose sums are exact.

Nothing is square unless a mistake would raise on everything else; nothing is symmetric; channels and batch differ;
strides do not divide; output gradients are random.
"""

# ruff: noqa: E501 - tables of shapes

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from convolab.errors import ArgumentError
from convolab.geometry import Geometry, array_shapes
from convolab.verify.asked import AskedConvention, Domain, Sizes
from convolab.verify.elements import TYPES, Elements
from convolab.verify.forms import Form
from convolab.verify.layouts import MULTIPLIER
from convolab.verify.targets import DEFAULTS, Arrays, Options

# Batch, input and output channels, height and width of image and kernel, stride and padding.
Sizes9: TypeAlias = tuple[int, int, int, int, int, int, int, int, int]
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
    (2, 2, 2, 8, 6, 3, 4, 2, 0), (2, 2, 3, 7, 9, 3, 3, 2, 0), (1, 2, 2, 7, 5, 3, 3, 2, 1), (2, 1, 2, 8, 11, 2, 2, 3, 0),
]  # fmt: skip
# Kernels of one pixel, one row and one column, and one as large as the image: each with a stride and a padding.
THIN = [
    (2, 2, 3, 5, 7, 1, 1, 2, 1),
    (1, 3, 2, 7, 6, 1, 3, 2, 1),
    (1, 2, 2, 6, 8, 3, 1, 2, 1),
    (2, 1, 2, 4, 5, 4, 5, 2, 1),
]
THIN_PLANES = [(5, 6, 1, 1)]
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
# Options that few functions take, as (dilation, groups, stride).
MORE = [(2, 1, 1), (1, 2, 1), (2, 2, 1), (2, 1, 2), (1, 3, 1), ((2, 1), 1, 1)]
PAIRS = [((2, 1), (0, 1)), ((1, 3), (2, 0))]  # strides and paddings for rows and columns, where pairs are taken
# Asked before a domain is named, as far as it admits them: (dilation, groups, strides, paddings) with the sizes.
CONFIRMING = [
    ((8, 11, 3, 5), 1, 1, 1, 0), ((9, 8, 4, 2), 1, 1, 1, 1), ((7, 10, 1, 3), 1, 1, 2, 0), ((11, 9, 5, 3), 1, 1, 2, 1),
    ((10, 9, 2, 3), 2, 1, 1, 1), ((9, 11, 3, 3), 2, 1, 2, 0), ((8, 7, 3, 2), 1, 3, 1, 0), ((9, 9, 3, 3), 1, 2, 1, 1),
    ((8, 8, 3, 3), 1, 1, 1, 0), ((9, 12, 3, 3), 1, 1, 3, 0), ((9, 11, 3, 3), 1, 1, (2, 1), (0, 1)),
]  # fmt: skip
# A kernel that is square and one that is not, in sizes of which no two agree; and a square image.
TELLING = [(2, 3, 4, 6, 8, 3, 2, 1, 0), (2, 3, 4, 6, 7, 3, 3, 1, 0), (2, 3, 4, 7, 7, 3, 3, 1, 0)]


@dataclass(frozen=True)
class Probe:
    """One question: a geometry, and how its numbers are drawn.

    Its `manner` is `integers` (in floating arrays), `fractions` (eighths), `image` (a uint8 image with a floating kernel),
    `whole image` (with a kernel of whole numbers), `bytes` (a kernel of bytes too) or `bright` (whole numbers up to 255).
    The `larger` ones are asked last, of functions that are right so far.
    """

    geometry: Geometry
    manner: str = "integers"
    seed: int = 0
    bias: bool = False
    larger: bool = False

    def arrays(self, names: Sequence[str], dtype: Elements | None = None) -> Arrays:
        """Return arrays by name, (N, C, H, W) each, and the bias where there is one, of numbers that the type holds."""
        rng = np.random.default_rng([self.seed, *self.geometry.input_shape, *self.geometry.weight_shape])
        g = self.geometry
        shapes = array_shapes(g)
        held = dtype or TYPES["float64"]
        arrays = {n: self._draw(n, shapes[n], rng, held) for n in names}
        if self.bias:
            arrays["bias"] = self._draw("weight", (g.out_channels,), rng, held)
        return arrays

    def _draw(self, name: str, shape: tuple[int, ...], rng: np.random.Generator, held: Elements) -> np.ndarray:
        if name == "input" and self.manner in ("image", "whole image", "bright", "bytes"):
            pixels: np.ndarray = rng.integers(0, min(256, held.exact + 1), shape)
            return pixels.astype(np.uint8 if self.manner in ("image", "bytes") else np.float64)
        if self.manner == "bytes":
            return rng.integers(1, 10, shape).astype(np.uint8)
        values: np.ndarray = rng.integers(1, 10, shape) * rng.choice([-1, 1], shape)
        scale = 1 if self.manner in ("integers", "bright") or held.whole else 8
        return np.asarray(values / scale)


@dataclass(frozen=True)
class Questions:
    """What a function is asked that is called in one form.

    Parameters
    ----------
    form : Form
    taken : set of str
        The options that are varied.
    convention : AskedConvention
    domain : Domain
        For which inputs it is asked.
    options : dict, optional
        Values of options that are fixed.
    """

    form: Form
    taken: set[str]
    convention: AskedConvention
    domain: Domain
    options: Options | None = None

    def chosen(self, *, fresh: bool = False) -> list[Probe]:
        """Return the small questions, or others like them."""
        manners = ["integers", "fractions", "integers", "integers", "fractions"]
        geometries = list(self._geometries(FRESH_BATCHED if fresh else BATCHED, FRESH_PLANES if fresh else PLANES))
        geometries += self._more()
        bias = "bias" in self.taken
        probes = [
            Probe(g, manners[n % len(manners)], seed=100 * fresh + n, bias=bias and n % 3 != 2)
            for n, g in enumerate(geometries)
        ]
        return probes + ([] if fresh else [Probe(geometries[0], "bright", seed=97)])

    def telling(self) -> list[Probe]:
        """Return questions whose answers' shapes tell how a function wants to be called."""
        planes = [row[3:7] for row in TELLING]
        return [Probe(g, seed=300 + n) for n, g in enumerate(self._geometries(TELLING, planes))]

    def telling_alike(self) -> list[Probe]:
        """Return such questions with square images and as many images as channels and filters: nothing needs to fit."""
        found = [
            self.geometry(4, 4, 4, Sizes((7, 7), (3, 3), 1, 0)),
            self.geometry(2, 2, 2, Sizes((6, 6), (3, 3), 1, 0)),
        ]
        return [Probe(g, seed=310 + n) for n, g in enumerate(found) if g is not None]

    def confirming(self) -> list[Probe]:
        """Return questions that vary everything within the domain, for a claim that a function is right there."""
        found = []
        for number, ((h, w, kh, kw), dilation, groups, stride, padding) in enumerate(CONFIRMING):
            if not isinstance(stride, int) and self.form.layout.is_line:
                continue
            sizes = Sizes((h, w), (kh, kw), 1, 0)
            more: Options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
            inputs, outputs = ((2, 2), (3, 2), (2, 3))[number % 3]
            found.append(self.geometry(2, inputs, outputs, sizes, **more))
        kept = dict.fromkeys(g for g in found if g is not None and self.domain.holds(g))
        bias = "bias" in self.taken
        return [Probe(g, ("fractions", "integers")[n % 2], seed=400 + n, bias=bias) for n, g in enumerate(kept)]

    def thin(self) -> list[Probe]:
        """Return questions with kernels of one pixel, row or column, for which programs have ways of their own."""
        found = self._geometries(THIN if self.taken & {"stride", "padding"} else THIN[:1], THIN_PLANES)
        return [Probe(g, ("integers", "fractions")[n % 2], seed=600 + n) for n, g in enumerate(found)]

    def pairs(self) -> list[Probe]:
        """Return questions with other strides and paddings for the rows than for the columns."""
        if (
            self.form.container == "files"
            or self.options
            or self.form.takes_pairs
            or self.form.layout.is_line
            or not {"stride", "padding"} & self.taken
        ):
            return []
        found = [self.geometry(1, 2, 2, Sizes((8, 9), (3, 2), 1, 0), stride=s, padding=p) for s, p in PAIRS]
        kept = [g for g in found if g is not None and self.domain.holds(g)]
        return [Probe(g, seed=500 + n) for n, g in enumerate(kept) if len({(a.stride, a.before) for a in g.axes}) > 1]

    def images(self) -> list[Probe]:
        """Return questions with a uint8 image, for functions that read an image."""
        if "input" not in self.form.target.factors:
            return []
        geometries = list(self._geometries(BATCHED, PLANES))[:2]
        floating = [Probe(g, "image", seed=50 + n) for n, g in enumerate(geometries)]
        return [*floating, *(Probe(g, "whole image", seed=60) for g in geometries[:1])]

    def bytes_alone(self) -> list[Probe]:
        """Return questions with an image and a kernel of bytes, for functions that take no other kernel with them."""
        return [replace(probe, manner="bytes") for probe in self.images()[:2]]

    def large(self) -> list[Probe]:
        """Return the larger questions, the one with the fewest products first."""
        probes = [Probe(g, seed=200 + n, larger=True) for n, g in enumerate(self._geometries(LARGE, LARGE_PLANES))]
        return sorted(probes, key=lambda p: p.geometry.mult_adds)

    def geometry(
        self, batch: int, inputs: int, outputs: int, sizes: Sizes, *, tries: int = 4, **more: Any
    ) -> Geometry | None:
        """Return what is asked for these sizes, as far as the layout, the options and the domain go; None where nothing fits."""
        options = DEFAULTS | {"stride": sizes.stride, "padding": sizes.padding, "dilation": sizes.dilation} | more
        options = {k: v if k in self.taken else DEFAULTS[k] for k, v in options.items()} | (self.options or {})
        n, ci, co = (
            max(least, min(most, n))
            for n, most, least in zip(
                self.form.layout.limits(batch, inputs, outputs), self.domain.most, self.domain.least, strict=True
            )
        )
        groups = options["groups"] if "C" in self.form.layout.input else 1
        if self.form.layout.is_depthwise:  # a group for every channel, each with one filter or several
            n, groups, ci = (batch if "N" in self.form.layout.input else 1), inputs, 1
            co = outputs if "M" in self.form.layout.weight else MULTIPLIER if "m" in self.form.layout.weight else 1
        counts = {"batch": n, "in_channels": ci * groups, "out_channels": co * groups}
        for grow in range(tries):
            # Options that were asked for may not fit a small image: it grows until they do.
            wide = sizes._replace(input=(sizes.input[0] + 4 * grow, sizes.input[1] + 4 * grow))
            if all(isinstance(options[name], int) for name in ("stride", "padding", "dilation")):
                wide = self.domain.fit(
                    wide._replace(stride=options["stride"], padding=options["padding"], dilation=options["dilation"])
                )
            try:
                return self._flattened(wide, counts, options | {"groups": groups})
            except ArgumentError:
                continue
        return None

    def _flattened(self, sizes: Sizes, counts: dict[str, int], options: Options) -> Geometry:
        """Return the geometry; of a layout with one axis, with rows of one element and no padding above them."""
        input, kernel = sizes.input, sizes.kernel
        if self.form.layout.is_line:
            input, kernel = (1, input[1]), (1, kernel[1])
            options = options | {
                name: (rest, options[name] if isinstance(options[name], int) else options[name][1])
                for name, rest in (("stride", 1), ("padding", 0), ("dilation", 1))
            }
        return self.convention.geometry(input, kernel, **counts, **options)

    def _geometries(self, batched: Sequence[Sizes9], planes: Sequence[tuple[int, int, int, int]]) -> Iterator[Geometry]:
        rows: Sequence[Sizes9] = [*batched]
        if self.form.layout.is_plane:
            bare: list[Sizes9] = [(1, 1, 1, *plane, 1, 0) for plane in planes]
            rows = [*bare, *(batched if self.taken - {"bias"} else ())]
        seen = set()
        for n, ci, co, h, w, kh, kw, stride, padding in rows:
            geometry = self.geometry(n, ci, co, Sizes((h, w), (kh, kw), stride, padding))
            if geometry is not None and geometry not in seen:
                seen.add(geometry)
                yield geometry

    def _more(self) -> list[Geometry]:
        """Return geometries with the options that few functions take, and with pairs of options."""
        if self.options or not self.taken - {"bias"}:
            return []
        padding = 1 if "padding" in self.taken else 0
        found = [
            self.geometry(2, 4 // (2 if groups > 1 else 1), 6 // groups, Sizes((7, 9), (3, 2), stride, padding), dilation=dilation, groups=groups)
            for dilation, groups, stride in MORE
            if ("dilation" in self.taken or dilation == 1) and (isinstance(dilation, int) or self.form.takes_pairs) and ("groups" in self.taken or groups == 1)
            and (stride == 1 or "stride" in self.taken)
        ]  # fmt: skip
        if self.form.takes_pairs:
            found += [self.geometry(1, 2, 2, Sizes((8, 9), (3, 2), 1, 0), stride=s, padding=p) for s, p in PAIRS]
        return [g for g in found if g is not None and self.domain.holds(g)]
