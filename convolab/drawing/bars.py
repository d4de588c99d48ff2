"""How are a few numbers compared? As bars under one another, each with its name and its number."""

from collections.abc import Sequence

from convolab.drawing.drawing import Drawing
from convolab.drawing.shapes import Shape, rect, text

MARGIN, TOP, ROW, LENGTH = 24, 58, 26, 340
LETTER = 7.2  # pixels that a letter is wide, about


def bars(title: str, rows: Sequence[tuple[str, float, str]]) -> Drawing:
    """Return a bar for each row: its name, its length, and what stands behind it.

    Examples
    --------
    >>> bars("Parameters", [("conv", 320, "320"), ("linear", 1290, "1,290")])
    <Drawing 477 × 134: Parameters: conv 320, linear 1,290>
    """
    longest = max((value for _, value, _ in rows), default=0) or 1
    left = MARGIN + LETTER * max((len(name) for name, _, _ in rows), default=0) + 10
    shapes: list[Shape] = [text(MARGIN, 32, title, "title")]
    for n, (name, value, said) in enumerate(rows):
        y, length = TOP + ROW * n, LENGTH * value / longest
        shapes.append(text(left - 10, y + 14, name, "end small"))
        shapes.append(rect(left, y, max(length, 1), 18, "bar"))
        shapes.append(text(left + length + 8, y + 14, said, "small"))
    width = left + LENGTH + LETTER * max((len(said) for _, _, said in rows), default=0) + MARGIN
    words = ", ".join(f"{name} {said}" for name, _, said in rows)
    return Drawing(
        max(width, MARGIN * 2 + 8.5 * len(title)), TOP + ROW * len(rows) + MARGIN, f"{title}: {words}", shapes
    )
