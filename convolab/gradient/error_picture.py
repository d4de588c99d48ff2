"""Where is a gradient wrong? Every plane of every argument is drawn, each element coloured by its error."""

import numpy as np

from convolab.drawing import Drawing
from convolab.drawing.shapes import Shape, rect, signed, text, with_minus, wrapped

MARGIN, GAP, CELL = 24, 18, 22
# At most this many planes of one argument are drawn, the worst first.
PLANES = 12


def error_picture(report, *, words: bool = True) -> Drawing:
    """Draw a row of planes for each argument: red where the analytic gradient is too large, blue where too small.

    Parameters
    ----------
    report : GradientReport
    words : bool
        Write under the planes what is wrong.

    Returns
    -------
    Drawing
        Each cell says its numbers when pointed at.
    """
    body, y, widest = (
        [text(MARGIN, MARGIN + 8, _headline(report), "title")],
        MARGIN + 34.0,
        2 * MARGIN + 8.4 * len(_headline(report)),
    )
    for comparison in report.comparisons:
        drawn, width, height = _row(comparison, y)
        body += drawn
        y, widest = y + height, max(widest, width)
    for finding in report.findings if words else ():
        for n, part in enumerate(wrapped(with_minus(finding.message), int((widest - 2 * MARGIN) / 7.2))):
            body.append(text(MARGIN, y + 8, part, "small" if n else "small accent"))
            y += 18
    return Drawing(widest, y + MARGIN, f"Error of the gradients of {report.title}", body)


def _headline(report) -> str:
    verdict = "passed" if report.passed else "failed"
    return f"{report.title}: {verdict} (red: the gradient is too large, blue: too small)"


def _planes_of(array: np.ndarray) -> list[tuple[tuple[int, ...], np.ndarray]]:
    """Return the last two axes as planes, each with its outer index."""
    array = array.reshape(1, -1) if array.ndim < 2 else array
    return [(index, array[index]) for index in np.ndindex(array.shape[:-2])]


def _row(c, y: float) -> tuple[list[Shape], float, float]:
    difference = np.where(np.isfinite(c.numerical), c.analytic - c.numerical, np.nan)
    planes = _planes_of(difference)
    worst = sorted(planes, key=lambda p: -np.nan_to_num(np.abs(p[1])).max())[:PLANES]
    planes = [p for p in planes if any(p[1] is w[1] for w in worst)] if len(planes) > PLANES else planes
    largest = max(c.max_abs, 1e-300)
    at = tuple(c.worst["index"]) if c.worst and c.wrong.any() else None
    left = f", {PLANES} of {len(_planes_of(difference))} planes" if len(_planes_of(difference)) > PLANES else ""
    place = str(c.place) if c.place else "no difference" if c.max_abs == 0 else f"largest {signed(c.max_abs)}"
    body, x = [text(MARGIN, y + 6, f"{c.argument} {c.analytic.shape}: {place}{left}", "small")], float(MARGIN)
    for index, plane in planes:
        body += _plane(c, index, plane, x, y + 30, largest, at)
        x += plane.shape[1] * CELL + GAP
    width = max(x - GAP + MARGIN, MARGIN * 2 + 7.0 * len(f"{c.argument} {c.analytic.shape}: {place}{left}"))
    return body, width, 30 + planes[0][1].shape[0] * CELL + 34


def _plane(c, index, plane, x: float, y: float, largest: float, at) -> list[Shape]:
    body = [text(x, y - 6, ", ".join(map(str, index)), "small muted")] if index else []
    for cell in np.ndindex(plane.shape):
        error = plane[cell]
        full = (*index, *cell) if c.analytic.ndim > 1 else cell[1:]
        numbers = f"{c.argument}{list(full)}: analytic {c.analytic[full]:.6g}, numerical {c.numerical[full]:.6g}"
        left, top = x + cell[1] * CELL, y + cell[0] * CELL
        sign = "empty" if not np.isfinite(error) or error == 0 else "negative" if error > 0 else "positive"
        # The square root lets small errors be seen beside large ones.
        strength = 1 if sign == "empty" else 0.15 + 0.85 * (abs(error) / largest) ** 0.5
        strength = strength if c.wrong[full] or sign == "empty" else 0.08
        body.append(rect(left, top, CELL, CELL, f"cell {sign}", opacity=round(strength, 2), title=with_minus(numbers)))
        if full == at:
            body.append(rect(left + 1, top + 1, CELL - 2, CELL - 2, "mark"))
    return body
