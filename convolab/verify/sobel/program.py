"""What a Sobel function may compute, as choices: two filters, how they are put together, scaled, and handed back.

The sheet's is E = √(G_x² + G_y²), divided by its maximum, of whole windows only.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

GX = np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])
GY = np.ascontiguousarray(GX.T)
Plane: TypeAlias = np.ndarray

# For a pair of filtered pictures the picture that is made of them.
COMBINE: dict[str, Callable[[Plane, Plane], Plane]] = {
    "root of squares": lambda a, b: np.sqrt(a * a + b * b),
    "squares": lambda a, b: a * a + b * b,
    "absolute": lambda a, b: abs(a) + abs(b),
    "sum": lambda a, b: a + b,
    "absolute sum": lambda a, b: abs(a + b),
    "root of sum": lambda a, b: np.sqrt(a + b),
    "root of absolute": lambda a, b: np.sqrt(abs(a) + abs(b)),
    "root of absolute sum": lambda a, b: np.sqrt(abs(a + b)),
    "square of sum": lambda a, b: (a + b) ** 2,
    "larger": lambda a, b: np.maximum(abs(a), abs(b)),
    "product": lambda a, b: a * b,
    "root of product": lambda a, b: np.sqrt(abs(a * b)),
    "root of difference": lambda a, b: np.sqrt(a * a - b * b),
    "root of first square": lambda a, b: np.sqrt(a * a + b),
    "root of second square": lambda a, b: np.sqrt(a + b * b),
    "root of half": lambda a, b: np.sqrt((a * a + b * b) / 2),
    "half of absolute": lambda a, b: (abs(a) + abs(b)) / 2,
    "direction": lambda a, b: np.arctan2(b, a),
    "root of sum, zero for none": lambda a, b: np.nan_to_num(np.sqrt(a + b)),
    "fourth root": lambda a, b: np.sqrt(np.sqrt(a * a + b * b)),
    "root of first alone": lambda a, b: abs(a) + b * b,
    "root of second alone": lambda a, b: a * a + abs(b),
    "sum of roots": lambda a, b: np.sqrt(abs(a)) + np.sqrt(abs(b)),
    "fourth powers": lambda a, b: np.sqrt(a**4 + b**4),
    "square of squares": lambda a, b: (a * a + b * b) ** 2,
    "absolute product": lambda a, b: abs(a * b),
    "larger signed": np.maximum,
    "smaller": lambda a, b: np.minimum(abs(a), abs(b)),
    "difference": lambda a, b: a - b,
    "absolute difference": lambda a, b: abs(a - b),
    "difference of squares": lambda a, b: a * a - b * b,
    "difference of absolute": lambda a, b: abs(a) - abs(b),
}


def _minmax(m: Plane) -> Plane:
    scaled: Plane = (m - m.min()) / (m.max() - m.min())
    return scaled


# For (picture, image, filtered by the first, by the second) the picture that is scaled.
SCALE: dict[str, Callable[[Plane, Plane, Plane, Plane], Plane]] = {
    "maximum": lambda m, x, a, b: m / m.max(),
    "none": lambda m, x, a, b: m,
    "255": lambda m, x, a, b: m / 255,
    "min-max": lambda m, x, a, b: _minmax(m),
    "maximum times 255": lambda m, x, a, b: m / m.max() * 255,
    "min-max times 255": lambda m, x, a, b: _minmax(m) * 255,
    "sum": lambda m, x, a, b: m / m.sum(),
    "mean": lambda m, x, a, b: m / m.mean(),
    "length": lambda m, x, a, b: m / np.sqrt((m * m).sum()),
    "minimum subtracted": lambda m, x, a, b: m - m.min(),
    "range": lambda m, x, a, b: m / (m.max() - m.min()),
    "deviation": lambda m, x, a, b: (m - m.mean()) / m.std(),
    "image's maximum": lambda m, x, a, b: m / x.max(),
    "first's maximum": lambda m, x, a, b: m / a.max(),
    "second's maximum": lambda m, x, a, b: m / b.max(),
    "first's largest": lambda m, x, a, b: m / abs(a).max(),
    "second's largest": lambda m, x, a, b: m / abs(b).max(),
    "maximum divided by 255": lambda m, x, a, b: m / m.max() / 255,
    "times 255": lambda m, x, a, b: m * 255,
    "both largest": lambda m, x, a, b: m / np.sqrt(abs(a).max() ** 2 + abs(b).max() ** 2),
    "sum of both largest": lambda m, x, a, b: m / (abs(a).max() + abs(b).max()),
    "maximum squared": lambda m, x, a, b: m / m.max() ** 2,
    "twice": lambda m, x, a, b: m / (2 * m.max()),
    "minimum": lambda m, x, a, b: m / m.min(),
    "maximum of a row": lambda m, x, a, b: m / m.max(1, keepdims=True),
    "maximum of a column": lambda m, x, a, b: m / m.max(0, keepdims=True),
}
# What is done to each filtered picture before.
BEFORE: dict[str, Callable[[Plane], Plane]] = {
    "nothing": lambda a: a,
    "largest": lambda a: a / abs(a).max(),
    "maximum": lambda a: a / a.max(),
    "min-max": _minmax,
    "clipped below": lambda a: np.maximum(a, 0),
    "clipped": lambda a: np.clip(a, 0, 1),
    "clipped 255": lambda a: np.clip(a, 0, 255),
    "absolute 255": lambda a: np.minimum(abs(a), 255),
    "integer": np.trunc,
    "wrapped": lambda a: np.mod(np.trunc(a), 256),
    "divided by 8": lambda a: a / 8,
}
AFTER: dict[str, Callable[[Plane], Plane]] = {
    "nothing": lambda m: m,
    "clipped": lambda m: np.clip(m, 0, 1),
    "clipped 255": lambda m: np.clip(m, 0, 255),
    "integer": np.trunc,
    "rounded": np.round,
    "inverted": lambda m: 1 - m,
    "uint8": lambda m: np.trunc(m * 255),
    "half": lambda m: (m > 0.5).astype(float),
}
# What is done to the image first.
IMAGES: dict[str, Callable[[Plane], Plane]] = {
    "as it is": lambda x: x,
    "integer": np.trunc,
    "rounded": np.round,
    "bytes": lambda x: np.trunc(x * 255),
    "bytes rounded": lambda x: np.round(x * 255),
    "half": lambda x: (x > 0.5).astype(float),
    "squared": lambda x: x * x,
    "means of nine": lambda x: _means(x),
}


def _means(x: Plane) -> Plane:
    wide = np.pad(x, 1)
    means: Plane = np.stack([wide[k : k + x.shape[0], l : l + x.shape[1]] for k in range(3) for l in range(3)]).mean(0)
    return means


PADS = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "symmetric": "symmetric", "circular": "wrap"}


def _framed(m: Plane) -> Plane:
    return np.pad(m, 1)


def _only(m: Plane, rows: int, columns: int) -> Plane:
    kept = np.zeros_like(m)
    kept[:rows, :columns] = m[:rows, :columns]
    return kept


SIZES: dict[str, tuple[Callable[[Plane], Plane], Callable[[Plane, Plane], Plane]]] = {
    "valid": (lambda x: x, lambda m, x: m),
    **{name: (lambda x, mode=mode: np.pad(x, 1, mode=mode), lambda m, x: m) for name, mode in PADS.items()},  # type: ignore
    "full": (lambda x: np.pad(x, 2), lambda m, x: m),
    "frame": (lambda x: x, lambda m, x: _framed(m)),
    "image's border": (lambda x: x, lambda m, x: np.where(_framed(np.ones_like(m)) > 0, _framed(m), x)),
    "behind": (lambda x: x, lambda m, x: np.pad(m, ((0, 2), (0, 2)))),
    "last lost": (lambda x: x, lambda m, x: m[:-1, :-1]),
    "first lost": (lambda x: x, lambda m, x: m[1:, 1:]),
    "two lost": (lambda x: x, lambda m, x: m[1:-1, 1:-1]),
    "rows padded": (lambda x: np.pad(x, ((1, 1), (0, 0))), lambda m, x: m),
    "columns padded": (lambda x: np.pad(x, ((0, 0), (1, 1))), lambda m, x: m),
    "last row lost": (lambda x: x, lambda m, x: m[:-1]),
    "last column lost": (lambda x: x, lambda m, x: m[:, :-1]),
    "last left zero": (lambda x: x, lambda m, x: _only(m, m.shape[0] - 1, m.shape[1] - 1)),
    "last row left zero": (lambda x: x, lambda m, x: _only(m, m.shape[0] - 1, m.shape[1])),
    "last column left zero": (lambda x: x, lambda m, x: _only(m, m.shape[0], m.shape[1] - 1)),
    "as many columns as rows": (lambda x: x, lambda m, x: _only(m, *[min(m.shape)] * 2)),
    "image reshaped": (lambda x: x.reshape(x.shape[::-1]), lambda m, x: m),
    "every second": (lambda x: x, lambda m, x: m[::2, ::2]),
    "columns for rows": (lambda x: x, lambda m, x: m[: min(m.shape), : min(m.shape)]),
}
"""For each size what is done to the image before the filters, and to the filtered pictures after them."""

LAYOUTS: dict[str, Callable[[Plane], np.ndarray]] = {
    "plane": lambda m: m,
    "transposed": lambda m: m.T,
    "batch axis": lambda m: m[None],
    "batch and channel axes": lambda m: m[None, None],
    "channel axis behind": lambda m: m[..., None],
    "three channels behind": lambda m: np.repeat(m[..., None], 3, 2),
    "three channels before": lambda m: np.repeat(m[None], 3, 0),
    "mirrored": lambda m: m[:, ::-1],
    "upside down": lambda m: m[::-1],
    "reshaped": lambda m: m.reshape(m.shape[::-1]),
    "flat": lambda m: m.reshape(-1),
    "last cut off": lambda m: m[:-1, :-1],
    "first cut off": lambda m: m[1:, 1:],
    "border cut off": lambda m: m[1:-1, 1:-1],
}


@dataclass(frozen=True)
class SobelProgram:
    """One way to compute edges; its defaults are the sheet's.

    Attributes
    ----------
    first, second : tuple of tuple
        The two filters.
    image, combine, before, scale, after, size, layout : str
        Keys of the tables above.
    epsilon : float
        What is added under the root.
    """

    first: tuple[float, ...] = tuple(GX.reshape(-1))
    second: tuple[float, ...] = tuple(GY.reshape(-1))
    image: str = "as it is"
    combine: str = "root of squares"
    before: str = "nothing"
    scale: str = "maximum"
    after: str = "nothing"
    size: str = "valid"
    layout: str = "plane"
    epsilon: float = 0.0
    factor: float = field(default=1.0)

    def __call__(self, image: Plane, windows: dict[Any, Any] | None = None) -> np.ndarray:
        """Return what it computes of an image (H, W)."""
        pad, placed = SIZES[self.size]
        key = f"{self.image} {self.size}"
        a, b = (
            _filtered(lambda x: pad(IMAGES[self.image](x)), image, f, windows, key) for f in (self.first, self.second)
        )
        a, b = (placed(BEFORE[self.before](f), image) for f in (a, b)) if self.size != "image's border" else (a, b)
        m = COMBINE[self.combine](a, b)
        if self.epsilon:
            m = np.sqrt(a * a + b * b + self.epsilon)
        if self.size == "image's border":
            m = placed(m, image)
        return LAYOUTS[self.layout](AFTER[self.after](SCALE[self.scale](m, image, a, b) * self.factor))


def _filtered(
    pad: Callable[[Plane], Plane], image: Plane, weights: tuple[float, ...], known: dict[Any, Any] | None, size: str
) -> Plane:
    """Return an image under a filter; what is computed once for an image, a border and a filter is known."""
    known = {} if known is None else known
    key = (id(image), size)
    if key not in known:
        known[key] = windows_of(pad(image))
    if (key, weights) not in known:
        known[key, weights] = np.tensordot(np.array(weights), known[key], 1)
    found: Plane = known[key, weights]
    return found


def windows_of(x: Plane) -> Plane:
    """Return the nine pixels (9, H − 2, W − 2) that the weights of a 3 × 3 filter meet, row by row."""
    return np.stack([x[k : x.shape[0] - 2 + k, l : x.shape[1] - 2 + l] for k in range(3) for l in range(3)])
