"""How are the functions judged that are no convolution? Edges, a difference and a climb, each against its definition.

Where a result is wrong, the slips that people make are tried in turn; one is named if it gives the same numbers.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from convolab.definition import apply_convolution
from convolab.lab.calling import Calling
from convolab.lab.figures import written
from convolab.lab.outcome import Outcome

G_X = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
CLOSE = 1e-6  # of the largest number, for numbers that are rounded on the way


class Slip(NamedTuple):
    """A mistake by name: what it gives for the same arguments, a headline, what the code does, and a question."""

    code: str
    gives: Callable[..., Any]
    title: str
    message: str
    hint: str


def _both(img: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return apply_convolution(img, G_X), apply_convolution(img, G_X.T)


def _magnitude(img: np.ndarray) -> np.ndarray:
    return np.hypot(*_both(img))


def _scaled(img: np.ndarray) -> np.ndarray:
    edges = _magnitude(img)
    return edges / edges.max()


def _by_maximum(values: np.ndarray) -> np.ndarray:
    return values / np.abs(values).max()


EDGES = (
    Slip("not-divided", _magnitude, "It is not divided by its maximum", "The root is right, and is returned as it is.",
         "Which is the largest value that the edges have, and which should it be?"),
    Slip("absolute-values", lambda img: _by_maximum(np.abs(_both(img)[0]) + np.abs(_both(img)[1])),
         "The absolute values are added up", "It gives |G_x ∗ I| + |G_y ∗ I|, divided by its maximum.",
         "How long is a vector with two components?"),
    Slip("no-root", lambda img: _by_maximum(_magnitude(img) ** 2), "The root is missing",
         "It gives the sum of the squares, divided by its maximum.", "What comes after the sum of the squares?"),
    Slip("one-filter", lambda img: _by_maximum(np.abs(_both(img)[0])), "Only G_x counts",
         "It gives |G_x ∗ I|: horizontal edges are missing.", "Where does G_y enter?"),
    Slip("one-filter", lambda img: _by_maximum(np.abs(_both(img)[1])), "Only G_y counts",
         "It gives |G_y ∗ I|: vertical edges are missing.", "Where does G_x enter?"),
    Slip("root-of-sum", lambda img: _by_maximum(np.abs(sum(_both(img)))), "Sum and square are exchanged",
         "It gives the root of the square of the sum, which is |G_x ∗ I + G_y ∗ I|.",
         "What is squared first: each component, or their sum?"),
    Slip("mean-and-spread", lambda img: (_magnitude(img) - _magnitude(img).min()) / np.ptp(_magnitude(img)),
         "The minimum is subtracted too", "It maps the edges to 0–1 by minimum and maximum.",
         "What is the image divided by, and is anything subtracted?"),
)  # fmt: skip


def sobel(call: Calling) -> Outcome:
    """Judge `apply_custom_sobel(img)`."""
    rng = np.random.default_rng(1)
    images = [rng.integers(0, 256, size) / 255 for size in ((7, 9), (9, 6), (8, 8))]
    return _judged(call, "apply_custom_sobel", [(img,) for img in images], _scaled, EDGES, ["img"])


# A loss of which the derivative at every pixel is known; it is put behind the hand-in.
WEIGHED = """

def _weighed(img):
    weights = np.arange(1, img.size + 1).reshape(img.shape)
    return ((weights * img) ** 2).sum()


def _difference(img, i, j, epsilon):
    return central_difference(_weighed, img, int(i), int(j), epsilon)
"""
IMPORT = "\nimport numpy as np\n"


def _weighed(img: np.ndarray) -> float:
    weights = np.arange(1, img.size + 1).reshape(img.shape)
    return float(((weights * img) ** 2).sum())


def _quotient(forward: float, backward: float, over: float, swapped: bool = False) -> Callable[..., float]:
    def value(img: np.ndarray, i: int, j: int, epsilon: float) -> float:
        step = np.zeros(img.shape)
        place = (j - 1, i - 1) if swapped else (i - 1, j - 1)
        if place[0] >= img.shape[0] or place[1] >= img.shape[1]:
            return np.nan
        step[place] = epsilon
        return (_weighed(img + forward * step) - _weighed(img + backward * step)) / (over * epsilon)

    return value


def _from_zero(img: np.ndarray, i: int, j: int, epsilon: float) -> float:
    inside = i < img.shape[0] and j < img.shape[1]
    return _quotient(1, -1, 2)(img, i + 1, j + 1, epsilon) if inside else np.nan


DIFFERENCES = (
    Slip("one-sided", _quotient(1, 0, 1), "The difference has one side only",
         "It gives (ℒ(x + ε) − ℒ(x)) / ε.", "What is subtracted from ℒ(x + ε)?"),
    Slip("not-halved", _quotient(1, -1, 1), "It is twice as large as it should be",
         "It divides by ε, and the two images are 2 ε apart.", "How far apart are the two images?"),
    Slip("not-halved", _quotient(1, 0, 2), "It is half as large as it should be", "It divides a step of ε by 2 ε.",
         "How far apart are the two images?"),
    Slip("sign", _quotient(-1, 1, 2), "The sign is turned", "It subtracts ℒ(x + ε) from ℒ(x − ε).",
         "Which of the two is subtracted?"),
    Slip("row-index-for-column", _quotient(1, -1, 2, swapped=True), "Row and column are exchanged",
         "The pixel is moved in row j and column i.", "Which index comes first, and what does it count?"),
    Slip("off-by-one", _from_zero, "It counts from 0", "The pixel that is moved lies one row and one column too far.",
         "i and j count from 1: which element of the array is meant?"),
)  # fmt: skip


def central_difference(call: Calling) -> Outcome:
    """Judge `central_difference(loss, img, i, j, epsilon)`."""
    rng = np.random.default_rng(2)
    cases = [
        (rng.integers(-4, 5, (4, 5)).astype(float), i, j, e) for i, j, e in ((2, 3, 0.5), (1, 4, 0.25), (4, 1, 1.0))
    ]
    call.with_more(IMPORT + WEIGHED)
    return _judged(call, "_difference", cases, _quotient(1, -1, 2), DIFFERENCES, ["img", "i", "j", "epsilon"])


SLOPE = """

def _slope(img):
    return 1.0 - img


def _climbed(img, steps, rate):
    return climb(img, _slope, int(steps), rate)
"""


def _climbed(sign: float = 1.0, more: int = 0, once: bool = False) -> Callable[..., np.ndarray]:
    def value(img: np.ndarray, steps: int, rate: float) -> np.ndarray:
        first = 1.0 - img
        for _ in range(steps + more):
            img = img + sign * rate * (first if once else 1.0 - img)
        return img

    return value


CLIMBS = (
    Slip("sign", _climbed(-1.0), "It goes down", "Each step subtracts the gradient: that is descent.",
         "Which way does the loss grow?"),
    Slip("off-by-one", _climbed(more=-1), "It makes one step too few", "The loop ends before the last step.",
         "How many times does the loop run?"),
    Slip("off-by-one", _climbed(more=1), "It makes one step too many", "The loop runs once more than asked.",
         "How many times does the loop run?"),
    Slip("gradient-once", _climbed(once=True), "The gradient is asked once",
         "Every step goes along the gradient of the first image.", "Where does the image stand after a step?"),
    Slip("not-stepped", lambda img, steps, rate: img, "Nothing moves",
         "The image that comes out is the one that went in.",
         "What is added to the image, and where is the result kept?"),
)  # fmt: skip


def climb(call: Calling) -> Outcome:
    """Judge `climb(img, gradient, steps, rate)`."""
    rng = np.random.default_rng(3)
    cases = [
        (rng.integers(-4, 5, (2, 3)).astype(float), steps, rate) for steps, rate in ((3, 0.25), (1, 0.5), (7, 0.125))
    ]
    call.with_more(SLOPE)
    return _judged(call, "_climbed", cases, _climbed(), CLIMBS, ["img", "steps", "rate"])


def _judged(
    call: Calling,
    name: str,
    cases: Sequence[tuple[Any, ...]],
    right: Callable[..., Any],
    slips: Sequence[Slip],
    words: Sequence[str],
) -> Outcome:
    """Compare a function with what is right, and name the slip that gives what it gave."""
    got = [_like(call(name, *(np.array(a) for a in case)), right(*case)) for case in cases]
    if all(_close(g, right(*case)) for g, case in zip(got, cases, strict=True)):
        return Outcome("passed", "It is right", f"{len(cases)} questions, all answered rightly.")
    for slip in slips:
        if all(_close(g, slip.gives(*case)) for g, case in zip(got, cases, strict=True)):
            return Outcome("failed", slip.title, code=slip.code, hints=[slip.hint, slip.message])
    wrong, case = next((g, c) for g, c in zip(got, cases, strict=True) if not _close(g, right(*c)))
    return _unnamed(wrong, np.asarray(right(*case)), case, words)


def _unnamed(got: np.ndarray, expected: np.ndarray, case: tuple[Any, ...], words: Sequence[str]) -> Outcome:
    if got.shape != expected.shape:
        said = f"The result has shape {got.shape}, expected {expected.shape}."
        return Outcome("failed", "The result has another shape", said, "output-size")
    named = zip(words, case, strict=True)
    given = ", ".join(f"{word} of {a.shape}" if np.ndim(a) else f"{word} = {a:g}" for word, a in named)
    if not got.ndim:
        said = f"For {given}: {float(got):.6g}, expected {float(expected):.6g}."
        return Outcome("failed", "The value is wrong", written(said), "unrecognised")
    wrong = ~np.isclose(got, expected, rtol=0, atol=CLOSE * max(1e-300, np.abs(expected).max()))
    at = tuple(int(n) for n in np.argwhere(wrong)[0])
    place = ", ".join(str(n + 1) for n in at)
    said = (
        f"For {given}: {int(wrong.sum())} of {wrong.size} values are wrong. The first, at {place} counted from 1, is "
        f"{got[at]:.6g}, expected {expected[at]:.6g}."
    )
    return Outcome("failed", "The values are wrong", written(said), "unrecognised")


def _like(got: np.ndarray, expected: Any) -> np.ndarray:
    """Return one number as a number, where a number is expected."""
    return got.reshape(()) if np.ndim(expected) == 0 and got.size == 1 else got


def _close(got: np.ndarray, expected: Any) -> bool:
    wanted = np.asarray(expected)
    if got.shape != wanted.shape or not np.isfinite(wanted).all():
        return False
    return bool(np.allclose(got, wanted, rtol=0, atol=CLOSE * max(1e-300, float(np.abs(wanted).max()))))
