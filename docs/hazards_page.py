"""The page on pictures of one's own, with the recorded table of the hazards."""

import json
from pathlib import Path

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"

HAZARDS = """# Pictures of your own

Written by `python docs/generate.py` from `benchmarks/hazards.json`.

`convolab predict pretrained photo.jpg` reads a photograph or a drawing of one digit. What MNIST's authors did to their
digits is done again: the ink is found, cut out, fitted into 20 × 20 pixels, its strokes made about as wide as MNIST's,
and laid into 28 × 28 with the centre of its mass in the middle. The numbers are measured on the training images and
stored with the model.

How the ink is found: a stroke is narrow. A closing by a window wider than any stroke paints it over with the paper
around it, and the difference is ink; slopes of light and edges of shadows are in both and cancel. An opening does the
same for chalk. Of the two readings, dark strokes or light ones, the one is taken under which a thinner pen has
travelled farther. Where ink and paper are equally bright they are told apart along the line between their colours.
Lines of the paper, a frame, and what enters from the border are known by how they are built and where they lie.

![A scene of each hazard, and what the network sees of it](hazards.webp)

The scenes are drawn by the package itself (`convolab eval pretrained hazards`): digits written as strokes that are
not MNIST's, on paper, boards and screens, in the files that people have. These have numbers from {first_scene}; those
that were looked at while the preprocessing was written have lower ones.

| hazard | the picture | right | read wrong |
| --- | --- | --- | --- |
{table}
| **all** | | **{right} of {count}, {accuracy:.1%}** | 95 % interval {low:.1%} to {high:.1%} |

**No digit, and doubt.** The shipped model has one answer more than the digits, "none", and a digit's confidence is what
is left beside it: of a letter, an arrow, or a patch of a photograph `predict` says that no digit was found where "none"
has 95 % and more, and "unsure: 5 or no digit" below. [reading.md](reading.md) has what `convolab bench reading`
measured: pictures of no digit, and how often a confidence is right on handwriting that is not MNIST's.

Known to fail: a frame that the digit touches is taken for a part of it.
"""


def hazards_page() -> str:
    """How often each hazard is read right, as it was recorded."""
    record = json.loads((BENCHMARKS / "hazards.json").read_text(encoding="utf-8"))
    rows = [
        f"| {row['case']} | {row['sentence']} | {row['right']} of {row['count']} | "
        + ", ".join(f"{true} as {'nothing' if answer is None else answer}" for true, _, answer in row["wrong"])
        + " |"
        for row in record["rows"]
    ]
    right = sum(row["right"] for row in record["rows"])
    low, high = record["interval"]
    return HAZARDS.format_map(record | {"table": "\n".join(rows), "right": right, "low": low, "high": high})
