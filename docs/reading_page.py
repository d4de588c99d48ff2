"""How far can the shipped model be trusted away from MNIST? A page and a picture of what `bench reading` recorded."""

import json
from pathlib import Path

from convolab.drawing.drawing import Drawing
from convolab.drawing.shapes import circle, line, path, text

RECORD = Path(__file__).parent.parent / "benchmarks" / "reading.json"
SIDE, MARGIN = 240, 56

PAGE = """# How far the confidence can be trusted

Written by `python docs/generate.py` from `benchmarks/reading.json`, which this command recorded:

```text
{command}
```

Digits that are not MNIST's, drawn as photographs (ballpoint on paper, light from one side, noise, JPEG). "At 90 %" are
answers of a confidence of 90 % and more; the calibration error is the mean distance of the confidence from the
fraction that is right, over ten bins. The offset of "none" was chosen on these optdigits and on the pictures of the
second table.

| pictures | right | unsure | none | several | at 90 % | wrong at 90 % | calibration error |
| --- | --- | --- | --- | --- | --- | --- | --- |
{digits}

![Confidence and how often it is right](reading.svg)

Pictures that show no digit. The model was trained with none of them; it knows the kind of the letters, signs, scribbles
and stains, and neither arrows, drawings nor words.

| pictures | what they show | count | none | unsure | read as several | read as a digit | at 90 % |
| --- | --- | --- | --- | --- | --- | --- | --- |
{others}
"""


def record() -> dict:
    return json.loads(RECORD.read_text(encoding="utf-8"))


def reading_page() -> str:
    """The tables of handwriting and of what is no digit."""
    from convolab.network.hazards.foreign import OTHERS

    found = record()
    digits = [
        f"| {row['case']} | {row['right']} of {row['count']}, {row['accuracy']:.1%} | {row['unsure']} | {row['none']} "
        f"| {row['several']} | {row['high']} | {row['wrong_high']} | {_percent(row.get('calibration'))} |"
        for row in found["rows"]
        if "right" in row
    ]
    others = [
        f"| {name} | {OTHERS[name][0] if name in OTHERS else 'in the fonts of the row above'} | {row['count']} "
        f"| {row['none']} | {row['unsure']} | {row['several']} | {row['digit']} | {row['high']} |"
        for row in found["rows"]
        if "right" not in row
        for name in [row["case"].removeprefix("no digit: ")]
    ]
    return PAGE.format(command=found["command"], digits="\n".join(digits), others="\n".join(others))


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value:.1%}"


def reliability() -> Drawing:
    """The fraction right over the confidence, a line for each collection; the diagonal is what should be."""
    rows = [row for row in record()["rows"] if "bins" in row and row["count"] >= 100]
    shapes = [
        text(MARGIN, 28, "Confidence, and how often it is right", "title"),
        *(line(_x(k / 4), _y(0), _x(k / 4), _y(1), "grid") for k in range(5)),
        *(line(_x(0), _y(k / 4), _x(1), _y(k / 4), "grid") for k in range(5)),
        *(text(_x(k / 4), _y(0) + 18, f"{k / 4:.0%}", "middle small muted") for k in range(5)),
        *(text(_x(0) - 8, _y(k / 4) + 4, f"{k / 4:.0%}", "end small muted") for k in range(5)),
        line(_x(0), _y(0), _x(1), _y(1), "edge dashed"),
    ]
    for number, row in enumerate(rows):
        look = "abcd"[number % 4]
        points = [(_x(mean), _y(right)) for count, mean, right in row["bins"] if count >= 5]
        shapes += [path(points, f"line {look}"), *(circle(x, y, 3, f"line {look}") for x, y in points)]
        y = _y(1) + 16 + 22 * number
        shapes += [
            line(_x(1) + 16, y - 4, _x(1) + 40, y - 4, f"line {look}"),
            text(_x(1) + 48, y, row["case"], "small"),
        ]
    words = ", ".join(f"{row['case']}: calibration error {_percent(row['calibration'])}" for row in rows)
    return Drawing(_x(1) + 220, _y(0) + 36, f"Confidence and how often it is right; {words}", shapes)


def _x(fraction: float) -> float:
    return MARGIN + SIDE * fraction


def _y(fraction: float) -> float:
    return MARGIN + SIDE * (1 - fraction)
