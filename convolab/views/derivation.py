"""Where does a gradient come from? Drawn: inputs above, outputs below, a line for each tap; one element is lit.

The lines are the tested taps and the sum under them is `explain`'s own: a picture cannot say what the code does not.
"""

from convolab.definition import explain
from convolab.geometry import Geometry
from convolab.views.svg import circle, document, line, text

STEP, RADIUS, LEFT, HEIGHT = 92, 20, 56, 170
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
ROLES = {"output": 0, "weight": 1, "input": 2}
TITLES = {
    "output": "An output gathers its window",
    "input": "The gradient of an input gathers every output that read it",
    "weight": "The gradient of a weight gathers every place where it was used",
}


def derivation(elements: dict[str, int], *, input: int = 6, kernel: int = 3, **options) -> str:
    """Draw one panel for each element, under one another.

    Parameters
    ----------
    elements : dict
        `output`, `input` or `weight`: the element of it that is lit, counted from 1.
    input, kernel : int
        Sizes along the one axis.
    options
        stride, padding and dilation, as in `Geometry`.
    """
    geometry = Geometry(input, kernel, **options)
    body, y = [], 20.0
    for quantity, at in elements.items():
        body += _panel(geometry, quantity, at, y, options)
        y += HEIGHT + 170
    width = 2 * LEFT + STEP * (input - 1) + 60
    return document(max(width, 600), y, "The taps of a convolution, and the sums that they are added to", body)


def _panel(geometry: Geometry, quantity: str, at: int, y: float, options) -> list[str]:
    sum = explain(quantity, input=geometry.input, kernel=geometry.kernel, at=at, **options)
    top, bottom = y + 64, y + 64 + HEIGHT
    shift = STEP * (geometry.input[0] - geometry.output[0]) / 2
    lit: dict[int, set[int]] = {0: set(), 1: set(), 2: set()}
    body = [text(LEFT - RADIUS, y + 16, TITLES[quantity], "title")]
    lines, labels = [], []
    for tap in geometry.taps():
        o, k, i = (index[0] for index in tap)
        chosen = (o, k, i)[ROLES[quantity]] == at - 1
        ends = LEFT + shift + STEP * o, bottom, LEFT + STEP * i, top
        lines.append((chosen, line(ends[0], ends[1] - RADIUS, ends[2], ends[3] + RADIUS, "lit" if chosen else "edge")))
        if chosen:
            for role, index in enumerate((o, k, i)):
                lit[role].add(index)
        # Below the middle, where the lines of different outputs do not cross yet.
        x, height = ends[0] + 0.3 * (ends[2] - ends[0]), ends[1] - RADIUS - 0.3 * (HEIGHT - 2 * RADIUS)
        labels.append(
            text(x + 5, height + 4, f"w{k + 1}".translate(SUBSCRIPTS), "small accent" if chosen else "small muted")
        )
    body += [drawn for _, drawn in sorted(lines)] + labels
    body += _nodes("x", geometry.input[0], LEFT, top, lit[2], quantity == "input")
    body += _nodes("y", geometry.output[0], LEFT + shift, bottom, lit[0], quantity == "output")
    body.append(text(LEFT - RADIUS, bottom + 56, str(sum), "mono"))
    return body


def _nodes(letter: str, count: int, left: float, y: float, lit: set[int], subject: bool) -> list[str]:
    body = []
    for n in range(count):
        x = left + STEP * n
        body.append(circle(x, y, RADIUS, "cell empty"))
        if n in lit:
            body.append(circle(x, y, RADIUS, "mark"))
        body.append(
            text(
                x,
                y + 5,
                f"{letter}{n + 1}".translate(SUBSCRIPTS),
                "middle accent" if n in lit and subject else "middle",
            )
        )
    return body
