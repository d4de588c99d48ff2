"""What is asked of a function: which convention, and for which inputs."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from convolab.errors import ArgumentError
from convolab.fitting.conventions import CONVENTIONS as LIBRARY_CONVENTIONS
from convolab.fitting.conventions import LINES, SHORTER
from convolab.fitting.rules import AS_ASKED
from convolab.geometry import Geometry

Pair = tuple[int, int]


def _same(n: int, k: int, s: int, d: int) -> Pair:
    """Zeros before and behind an axis so that ⌈n / s⌉ results come out, the odd one behind (TensorFlow, PyTorch)."""
    total = max(0, (-(-n // s) - 1) * s + d * (k - 1) + 1 - n)
    return total // 2, total - total // 2


# For (input, kernel, stride, dilation) of an axis the padding before and behind it.
SIZES: dict[str, Callable[[int, int, int, int], Pair]] = {
    "valid": lambda n, k, s, d: (0, 0),
    "same": _same,
    "same-late": lambda n, k, s, d: (k // 2, (k - 1) // 2),
    "same-front": lambda n, k, s, d: _same(n, k, s, d)[::-1],
    "full": lambda n, k, s, d: (d * (k - 1), d * (k - 1)),
    "half": lambda n, k, s, d: (k // 2, k // 2),
    "centred": lambda n, k, s, d: (d * (k - 1) // 2, d * (k - 1) // 2),
    "first": lambda n, k, s, d: (0, d * (k - 1)),
    "last": lambda n, k, s, d: (d * (k - 1), 0),
}
BORDERS = ("zeros", "reflect", "symmetric", "replicate", "circular")
SIZE_WORDS = {
    "same": "the input's size",
    "same-late": "the input's size (even kernels centred on kernel // 2)",
    "same-front": "the input's size, the odd line of zeros before",
    "full": "full size",
    "half": "a border of kernel // 2",
    "valid": "whole windows only",
    "centred": "the input's size, divided by the stride",
    "first": "the input's size, zeros behind",
    "last": "the input's size, zeros before",
}


@dataclass(frozen=True)
class AskedConvention:
    """What is asked for, in place of a cross-correlation with the padding that is handed in.

    Attributes
    ----------
    flip : bool
        Whether the kernel is turned by 180°: a true convolution.
    size : str
        A key of SIZES; empty where the padding is handed in, or zero.
    border : {"zeros", "reflect", "symmetric", "replicate", "circular"}
        What stands beyond the border.
    """

    flip: bool = False
    size: str = ""
    border: str = "zeros"

    @property
    def is_plain(self) -> bool:
        return self == AskedConvention()

    def __str__(self) -> str:
        parts = ["a true convolution"] if self.flip else ["a cross-correlation"]
        parts += [f"of {SIZE_WORDS[self.size]}"] if self.size else []
        return " ".join(parts) + ("" if self.border == "zeros" else f", border {self.border}")

    def geometry(self, input: Sequence[int], kernel: Sequence[int], **options: Any) -> Geometry:
        """Return the geometry that is asked for, with the padding that the convention says."""
        if self.size:
            strides, dilations = (_pair(options.get(name, 1)) for name in ("stride", "dilation"))
            axes = zip(input, kernel, strides, dilations, strict=True)
            options["padding"] = [SIZES[self.size](*axis) for axis in axes]
        found = Geometry(input, kernel, **options)
        if self.border == "zeros" or not any(a.before or a.after for a in found.axes):
            return found
        return found.replace(padding_mode=self.border)


def _pair(value: Any) -> Pair:
    return (value, value) if isinstance(value, int) else tuple(value)


CORRELATION = AskedConvention()
# What a law's padding is called here.
OF_PADDING = {"padding": "", "(kernel − 1) // 2": "same", "kernel // 2": "same-late", "kernel − 1": "full"}


def _conventions() -> dict[str, AskedConvention]:
    """Return the libraries' conventions of the fit by name, and some that are one library's way to say another's."""
    found = {
        c.short: AskedConvention(
            c.law.reversed, OF_PADDING[c.law.padding.name], "zeros" if c.law.border == AS_ASKED else c.law.border
        )
        for c in LIBRARY_CONVENTIONS.values()
        if c.operation == "forward" and c.law.padding.name in OF_PADDING
    }
    found |= {short: found[name] for short, name in SHORTER.items()}
    found |= dict.fromkeys(("valid", "torch", "jax"), CORRELATION)
    found |= dict.fromkeys(("tf-same", "torch-same"), AskedConvention(size="same"))
    return found | {"convolution": AskedConvention(flip=True)}


def _libraries() -> dict[AskedConvention, str]:
    """Return the library's function that computes exactly what a convention says, for planes."""
    found: dict[AskedConvention, str] = {}
    for name, convention in CONVENTIONS.items():
        if name in LIBRARY_CONVENTIONS and not name.startswith(LINES) and not convention.is_plain:
            found.setdefault(convention, LIBRARY_CONVENTIONS[name].called)
    return found


CONVENTIONS = _conventions()
LIBRARIES = _libraries()


def library_of(convention: AskedConvention) -> tuple[str, str]:
    """Return the library's function that computes exactly this, and for which kernels; empty texts where none does."""
    if convention in LIBRARIES:
        return LIBRARIES[convention], ""
    twin = {"same": "same-late", "same-late": "same", "half": "same"}.get(convention.size)
    if twin is not None and (other := replace(convention, size=twin)) in LIBRARIES:
        return LIBRARIES[other], "odd kernels"
    return "", ""


WORDS: dict[str, dict[str, Any]] = {
    "flip": {"flip": True},
    "conv": {"flip": True},
    "no-flip": {"flip": False},
    **{size: {"size": size} for size in SIZES},
    **{border: {"border": border} for border in BORDERS},
    "edge": {"border": "replicate"},
    "nearest": {"border": "replicate"},
    "wrap": {"border": "circular"},
    "mirror": {"border": "reflect"},
}


def convention(text: str) -> AskedConvention:
    """Return the convention that a name, or words such as `flip,same,reflect`, say.

    Raises
    ------
    ArgumentError
        For a word that is neither.
    """
    if text in CONVENTIONS:
        return CONVENTIONS[text]
    found = AskedConvention()
    for word in filter(None, re.split(r"[,+ ]+", text)):
        if word not in WORDS:
            raise ArgumentError(
                f"check: convention={text!r}: {word!r} is unknown. Expected one of {', '.join(CONVENTIONS)}, "
                f"or some of {', '.join(WORDS)} with commas between."
            )
        found = replace(found, **WORDS[word])
    return found


class Sizes(NamedTuple):
    """What one probe has along its axes."""

    input: Pair
    kernel: Pair
    stride: int
    padding: int
    dilation: int = 1


class Domain(NamedTuple):
    """For which inputs a function is asked, or right."""

    name: str = ""
    words: str = ""
    holds: Callable[[Geometry], bool] = lambda g: True
    fit: Callable[[Sizes], Sizes] = lambda s: s
    most: tuple[int, int, int] = (99, 99, 99)  # images, input channels and filters
    least: tuple[int, int, int] = (1, 1, 1)
    rank_one: bool = False  # whether every kernel is the product of a column and a row

    def __bool__(self) -> bool:
        return bool(self.name)


def _square(s: Sizes) -> Sizes:
    return s._replace(kernel=(s.kernel[0], s.kernel[0]))


def _square_image(s: Sizes) -> Sizes:
    side = max(*s.input, *s.kernel)
    return s._replace(input=(side, side))


def _all_square(s: Sizes) -> Sizes:
    return _square_image(_square(s))


def _odd(s: Sizes) -> Sizes:
    k = tuple(n | 1 for n in s.kernel)
    return s._replace(kernel=(k[0], k[1]), input=(max(s.input[0], k[0]), max(s.input[1], k[1])))


def _three(s: Sizes) -> Sizes:
    return s._replace(kernel=(3, 3), input=(max(3, s.input[0]), max(3, s.input[1])))


def _divides(s: Sizes) -> Sizes:
    def grown(n: int, k: int) -> int:
        return n + (-(n + 2 * s.padding - s.dilation * (k - 1) - 1)) % s.stride

    return s._replace(input=(grown(s.input[0], s.kernel[0]), grown(s.input[1], s.kernel[1])))


def _reach(g: Geometry, n: int) -> int:
    a = g.axes[n]
    return (a.input + a.before + a.after - a.span) % a.stride


def both(one: Domain, other: Domain) -> Domain:
    """Return the inputs that two domains admit."""
    if not one or not other:
        return one or other
    n, m = one.most, other.most
    return Domain(
        f"{one.name},{other.name}", f"{one.words} and {other.words}", lambda g: one.holds(g) and other.holds(g),
        lambda s: one.fit(other.fit(one.fit(s))), (min(n[0], m[0]), min(n[1], m[1]), min(n[2], m[2])),
        rank_one=one.rank_one or other.rank_one,
    )  # fmt: skip


SQUARE = Domain("square", "square kernels", lambda g: len(set(g.kernel)) == 1, _square)
ODD = Domain("odd", "odd kernels", lambda g: all(k % 2 for k in g.kernel if k > 1), _odd)
DIVIDES = Domain(
    "divides", "strides that divide", lambda g: not any(_reach(g, n) for n in range(len(g.axes))), _divides
)


def _even_outputs(s: Sizes) -> Sizes:
    def grown(n: int, k: int) -> int:
        return n + s.stride * ((n + 2 * s.padding - s.dilation * (k - 1) - 1) // s.stride % 2 == 0)

    return s._replace(input=(grown(s.input[0], s.kernel[0]), grown(s.input[1], s.kernel[1])))


EVEN = Domain("even-outputs", "even output sizes", lambda g: not any(n % 2 for n in g.output), _even_outputs)
THREE = Domain("kernel=3x3", "3 × 3 kernels", lambda g: g.kernel == (3, 3), _three)
ODD_SQUARE = both(SQUARE, ODD)._replace(words="odd square kernels")
BY_NAME = {d.name: d for d in (SQUARE, ODD, DIVIDES)}
# What is tried where a function is right for a part of its inputs, the widest first.
FOUND = (
    Domain("alike", "options that are alike along both axes", lambda g: len({a.stride for a in g.axes}) == 1),
    DIVIDES, ODD, SQUARE, both(SQUARE, DIVIDES), ODD_SQUARE, both(ODD, DIVIDES),
    both(ODD_SQUARE, DIVIDES)._replace(words="odd square kernels and strides that divide"),
    Domain("larger", "kernels larger than 1 × 1", lambda g: g.kernel != (1, 1)),
    Domain("padding>0", "a padding of 1 or more", lambda g: all(a.before for a in g.axes)),
    Domain("padding=0", "padding 0", lambda g: not any(a.before for a in g.axes)),
    Domain("stride=1", "stride 1", lambda g: all(a.stride == 1 for a in g.axes)),
    Domain("dilation=1", "dilation 1", lambda g: all(a.dilation == 1 for a in g.axes)),
    Domain("groups<3", "at most two groups", lambda g: g.groups < 3),
    Domain("groups=1", "one group", lambda g: g.groups == 1),
    Domain("batch=1", "one image at a time", lambda g: g.batch == 1),
    Domain("channels=1", "one input channel", lambda g: g.in_channels == 1),
    Domain("filters=1", "one filter", lambda g: g.out_channels == 1),
    Domain("square-images", "square images", lambda g: len(set(g.input)) == 1, _square_image),
    Domain(
        "square-all", "square images and square kernels",
        lambda g: len(set(g.input)) == 1 == len(set(g.kernel)), _all_square,
    ),
    THREE, both(THREE, DIVIDES), EVEN, both(THREE, EVEN),
)  # fmt: skip


def fixed_kernel(height: int, width: int) -> Domain:
    """Return the domain of one kernel size."""
    return Domain(
        f"kernel={height}x{width}", f"{height} × {width} kernels", lambda g: g.kernel == (height, width),
        lambda s: s._replace(kernel=(height, width), input=(max(height, s.input[0]), max(width, s.input[1]))),
    )  # fmt: skip


RANK_ONE = Domain("rank-one", "kernels of rank one", rank_one=True)
# What a program's own checks may ask for, the widest first.
CHECKED = (
    ODD, SQUARE, DIVIDES, EVEN, ODD_SQUARE, RANK_ONE, both(ODD, RANK_ONE)._replace(words="odd kernels of rank one"),
    both(SQUARE, DIVIDES), THREE, both(THREE, EVEN), fixed_kernel(5, 5),
)  # fmt: skip


def named_domain(text: str) -> Domain:
    """Return the domain that words such as `square`, `odd`, `divides` or `kernel=3x3` say.

    Raises
    ------
    ArgumentError
        For a word that is none of them.
    """
    found = Domain()
    for word in filter(None, text.split(",")):
        size = re.fullmatch(r"kernel=(\d+)(?:x(\d+))?", word)
        if size is None and word not in BY_NAME:
            raise ArgumentError(f"check: geometry {word!r} is unknown. Expected {', '.join(BY_NAME)} or kernel=3x3.")
        found = both(found, fixed_kernel(int(size[1]), int(size[2] or size[1])) if size else BY_NAME[word])
    return found
