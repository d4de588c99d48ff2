"""How is an array drawn? A small one as cells with its numbers, a large one as an image; blue and red for signs."""

import numpy as np

from convolab.drawing.drawing import Drawing
from convolab.drawing.shapes import Shape, image, rect, signed, text
from convolab.errors import ArgumentError
from convolab.palette import rgb

CELL, MARGIN, TOP = 50, 24, 48
NUMBERS = 16  # rows and columns that are drawn with their numbers, at most
SIDE = 320  # pixels of a large plane's longer side, at least
LARGEST = 1024  # pixels of an array that are kept along a side
PLANES = 12  # planes of one array that are drawn


def plane_of(array: object, function: str) -> np.ndarray:
    """Return an array, or a tensor, as real numbers (…, H, W).

    Raises
    ------
    ArgumentError
        Where it has no elements or none that are real numbers.
    """
    given = array.detach().cpu().numpy() if hasattr(array, "detach") else array
    values = np.asarray(given)
    if values.dtype.kind not in "biuf" or values.size == 0:
        raise ArgumentError(
            f"{function}: takes real numbers, got an array of {values.dtype} with shape {values.shape}. Expected "
            f"such as (H, W)."
        )
    return values.reshape(1, -1) if values.ndim < 2 else values


def number(value: object) -> str:
    """Return a number as a cell shows it: whole ones in full, others with three digits."""
    if isinstance(value, (bool, np.bool_)):
        return str(int(value))
    return str(value).replace("-", "−") if isinstance(value, (int, np.integer)) else signed(value)


def cells(values: np.ndarray, x: float, y: float, *, side: float = CELL, largest: float = 0) -> list[Shape]:
    """Return a plane's cells: white for zero, blue for positive, red for negative, each with its number."""
    most = largest or _largest(values)
    shapes: list[Shape] = []
    for row, column in np.ndindex(*values.shape):
        shapes += cell(values[row, column], x + side * column, y + side * row, side=side, largest=most)
    return shapes


def cell(
    value: object, x: float, y: float, *, side: float = CELL, largest: float = 1, tint: float = 0.75
) -> list[Shape]:
    """Return one cell with its number; a sign must never vanish into black. `tint` is the largest opacity."""
    share = abs(float(value)) / largest  # type: ignore[arg-type]
    kind = "empty" if not np.isfinite(share) else "negative" if float(value) < 0 else "positive"  # type: ignore[arg-type]
    said = number(value)
    size = "centred" if len(said) < 6 else "centred small"
    opacity = round(tint * min(share, 1), 3) if np.isfinite(share) else None
    return [
        rect(x, y, side, side, f"cell {kind}", opacity=opacity),
        text(x + side / 2, y + side / 2, said, size),
    ]


def _largest(values: np.ndarray) -> float:
    finite = np.abs(values[np.isfinite(values)].astype(np.float64))
    return float(finite.max(initial=0)) or 1.0


def coloured(values: np.ndarray) -> np.ndarray:
    """Return a plane as bytes (H, W, 3): white for zero, blue for positive and red for negative."""
    share = np.nan_to_num(values.astype(np.float64) / _largest(values))[..., None]
    white, blue, red = (np.array(rgb(name)) for name in ("paper", "positive", "negative"))
    colour = np.where(share < 0, red, blue)
    return np.round(white + np.minimum(np.abs(share), 1) * (colour - white)).astype(np.uint8)


def grey(values: np.ndarray) -> np.ndarray:
    """Return a plane as bytes (H, W, 3), from black for the lowest to white for the highest."""
    finite = values[np.isfinite(values)].astype(np.float64)
    low, high = min(0.0, float(finite.min(initial=0))), float(finite.max(initial=0))
    share = np.nan_to_num((values.astype(np.float64) - low) / ((high - low) or 1))
    return np.repeat(np.round(255 * np.clip(share, 0, 1)).astype(np.uint8)[..., None], 3, axis=2)


def plane(values: np.ndarray, x: float, y: float, title: str) -> tuple[list[Shape], float, float]:
    """Return a plane's shapes with a title above, and its width and height."""
    rows, columns = values.shape
    head = text(x, y - 10, f"{title}, {rows} × {columns}" if title else f"{rows} × {columns}", "small")
    if max(rows, columns) <= NUMBERS:
        return [head, *cells(values, x, y)], CELL * columns, CELL * rows
    step = max(1, -(-max(rows, columns) // LARGEST))
    kept = values[::step, ::step]
    pixels = coloured(kept) if (kept < 0).any() else grey(kept)
    scale = max(1.0, SIDE / max(rows, columns)) if step == 1 else LARGEST / max(rows, columns)
    width, height = columns * scale, rows * scale
    low, high = (number(v) for v in (np.nanmin(values), np.nanmax(values)))
    ends = text(x, y + height + 16, f"{low} to {high}", "small muted")
    return [head, image(x, y, width, height, pixels, f"{title}: {low} to {high}"), ends], width, height + 20


def planes(named: dict[str, np.ndarray], label: str) -> Drawing:
    """Return arrays (H, W) side by side, each under its name."""
    shapes: list[Shape] = []
    x, tallest = float(MARGIN), 0.0
    for title, values in named.items():
        drawn, width, height = plane(values, x, TOP, title)
        shapes += drawn
        x, tallest = x + max(width, 7.0 * len(title) + 60) + MARGIN, max(tallest, height)
    return Drawing(x, TOP + tallest + MARGIN, label, shapes)
