"""A Sobel function is called with pictures, and what it gives is explained."""

import re
import time
from typing import Any

import numpy as np

from convolab.definition.mistakes import UNRECOGNISED
from convolab.verify.contained import Ended, TooLate
from convolab.verify.diagnosis import Diagnosis
from convolab.verify.direct import Caller
from convolab.verify.sobel.explain import SobelExplanation, explained, explained_at_length, right_for
from convolab.verify.sobel.program import SobelProgram
from convolab.verify.sobel.reading import read_filters
from convolab.verify.sobel.weights import wrong_weight
from convolab.verify.verdict import FunctionReport

SOBELS = ("apply_sobel", "apply_custom_sobel")
"""The sheet's names."""
KIND = re.compile(r"sobel", re.IGNORECASE)
# Functions about Sobel that give no picture of edges: one filter's, the filters themselves, a drawing of them.
OTHER = re.compile(
    r"_?(x|y|gx|gy|h|v|horizontal|vertical|kernels?|filters?|masks?|weights?|plot|show|display|test|check|compare|main|"
    r"demo|draw|save|time|bench\w*|grad\w*|angle|direction|operators?|matri\w+)$|^(test|check|plot|show|compare|demo|get|"
    r"make|draw|build|create|main|exercise)_",
    re.IGNORECASE,
)
SHAPES = ((9, 12), (11, 7), (8, 10), (13, 9))
# How a picture goes in: as an array or a tensor, with so many axes before it, or one behind.
WAYS = (
    ("arrays", 0), ("tensors", 0), ("tensors", 1), ("tensors", 2), ("arrays", 1), ("arrays", 2), ("arrays", -1),
)  # fmt: skip
SHOWN = {0: "(H, W)", 1: "(1, H, W)", 2: "(1, 1, H, W)", -1: "(H, W, 1)"}


def sobels(functions: dict[str, Any], wanted: list[str] | None = None) -> list[str]:
    """Return the names of the functions that are judged as Sobel's: the sheet's, and others by their kind."""
    if wanted is not None:
        return [name for name in wanted if name in functions]
    by_kind = [n for n, said in functions.items() if KIND.search(n) and not OTHER.search(n) and _takes_a_picture(said)]
    return list(dict.fromkeys(n for n in (*SOBELS, *by_kind) if n in functions))


def _takes_a_picture(said: dict[str, Any]) -> bool:
    needed = [p for p in said.get("parameters", []) if "default" not in p]
    return len(needed) == 1 and not said.get("class") and not said.get("unknown")


def sobel_verdict(caller: Caller, name: str, *, named: bool, torch_loaded: bool) -> FunctionReport | None:
    """Return the verdict on a Sobel function; None for one that was not named, and gives no picture."""
    start = time.monotonic()
    caller.begin()
    try:
        asked = _AskedSobel(caller, name)
        found = asked.find_way(torch_loaded=torch_loaded)
        if not found and not (named or name in SOBELS):
            return None
        report = _judged(asked) if found else _with_rows_for_columns(asked, []) or _raised(asked)
    except (Ended, TooLate) as stop:
        late = isinstance(stop, TooLate)
        text = str(stop) or f"it did not finish within {caller.timeout:g} s"
        title = "It took too long" if late else getattr(stop, "title", "It gave no answer")
        diagnosis = Diagnosis(UNRECOGNISED, title, f"{text[:1].upper()}{text[1:]}.", evidence={"seen": text})
        report = FunctionReport(name, _target(name), "timeout" if late else "error", 0.0, diagnosis)
    report.seconds = time.monotonic() - start
    return report


def _target(name: str) -> str:
    return name if name in SOBELS else "apply_custom_sobel"


class _AskedSobel:
    """One function, and what it gave for pictures."""

    def __init__(self, caller: Caller, name: str):
        self.caller, self.name = caller, name
        self.way: tuple[str, int] = ("arrays", 0)
        self.error: dict[str, Any] | None = None
        self.facts: dict[str, Any] = {}
        self.changed = self.torch_loaded = False
        rng = np.random.default_rng(23)
        self.images = [rng.random(shape).astype(np.float32).astype(float) for shape in SHAPES]
        self.images[1][3:, 2:5] = 1.0
        self.images[2][:, :5] *= 0.25

    def call(self, image: np.ndarray) -> np.ndarray | None:
        """Return what it gives for a picture (H, W); None if it raised or gave no numbers."""
        container, axes = self.way
        sent = image[..., None] if axes < 0 else image.reshape((1,) * axes + image.shape)
        answer = self.caller.call(
            [np.ascontiguousarray(sent)], steps=[{"call": self.name, "order": [0]}], tensors=container == "tensors"
        )
        self.error, self.facts = answer.error, answer.facts
        self.changed |= bool(answer.facts.get("changed"))
        if answer.value is None or answer.value.dtype.kind not in "?biuf":
            return None
        value: np.ndarray = answer.value.astype(float)
        if axes > 0 and value.shape[: min(axes, value.ndim)] == (1,) * axes and value.ndim == 2 + axes:
            value = value.reshape(value.shape[axes:])  # as it went in
        return value[..., 0] if axes < 0 and value.ndim == 3 and value.shape[-1] == 1 else value

    def find_way(self, *, torch_loaded: bool) -> bool:
        """Find how a picture goes in: the first way that is answered right, else the first that is answered."""
        answered: list[tuple[str, int]] = []
        self.torch_loaded = torch_loaded
        first: tuple[Any, Any] | None = None
        for way in WAYS:
            if way[0] == "tensors" and not torch_loaded:
                continue
            self.way = way
            value = self.call(self.images[0])
            first = first or (self.error, self.facts)
            if value is not None and value.ndim >= 1 and value.size > 1:
                if value.shape == self.images[0][2:, 2:].shape and all(right_for(self.images[:1], [value])):
                    return True
                answered.append(way)
        if answered:
            self.way = self._likeliest(answered)
            return True
        self.way, (self.error, self.facts) = WAYS[0], first or (None, {})
        return False

    def _likeliest(self, answered: list[tuple[str, int]]) -> tuple[str, int]:
        """Return the way whose answer has as many axes as a picture, the plainest first."""
        for way in answered:
            self.way = way
            value = self.call(self.images[0])
            if value is not None and value.ndim == 2 and min(value.shape) > 1:
                return way
        return answered[0]


def _judged(asked: _AskedSobel) -> FunctionReport:
    pictures = [asked.call(image) for image in asked.images]
    notes = []
    if asked.way[1]:
        notes.append(f"called with the picture as {SHOWN[asked.way[1]]}: it does not take (H, W)")
    given = [(x, p) for x, p in zip(asked.images, pictures, strict=True) if p is not None]
    if len(given) < len(pictures):
        return _with_rows_for_columns(asked, notes) or _raised(asked, notes)
    images, values = [x for x, _ in given], [p for _, p in given]
    right = right_for(images, values)
    if all(right) and asked.changed:
        return FunctionReport(
            asked.name, _target(asked.name), "failed", 0.9, _changes_its_picture(), notes, len(images), unit="pictures"
        )
    several = _among_several(images, values)
    if several is not None:
        message = (
            f"It returns {len(values[0])} pictures; number {several + 1} is the one that is asked for. Return it alone."
        )
        diagnosis = Diagnosis(
            "several-results", "Several pictures are returned", message, evidence={"shape": list(values[0].shape)}
        )
        return FunctionReport(
            asked.name, _target(asked.name), "failed", 0.0, diagnosis, notes, probes=len(images), unit="pictures"
        )
    found = _explained(asked, images, values)
    if found is not None and all(m.harmless for m in found.mistakes):
        notes += [m.message for m in found.mistakes]
        return FunctionReport(
            asked.name, _target(asked.name), "passed", 1.0, None, notes, probes=len(images), unit="pictures"
        )
    points = min(0.9, int(10 * sum(right) / len(right)) / 10)
    diagnosis = _named(found, images, values) if found else _unrecognised(images, values)
    return FunctionReport(
        asked.name, _target(asked.name), "failed", points, diagnosis, notes, probes=len(images), unit="pictures"
    )


def _explained(asked: "_AskedSobel", images: list[np.ndarray], values: list[np.ndarray]) -> SobelExplanation | None:
    """Return the explanation that is found first, the quickest search before the others."""
    return (
        explained(images, values)
        or read_filters(asked.call, images, values)
        or wrong_weight(images, values)
        or explained_at_length(images, values)
    )


def _with_rows_for_columns(asked: "_AskedSobel", notes: list[str]) -> FunctionReport | None:
    """Return the verdict on a function that is answered for square pictures, and raises for others."""
    raised = next((x for x in asked.images if asked.call(x) is None), None)
    error = asked.error
    if raised is None or not error:
        return None
    images = [np.ascontiguousarray(x[: min(x.shape), : min(x.shape)]) for x in asked.images]
    asked.images = images
    if not asked.find_way(torch_loaded=asked.torch_loaded):
        return None
    values = [asked.call(image) for image in images]
    pictures = [v for v in values if v is not None]
    found = _explained(asked, images, pictures) if len(pictures) == len(images) else None
    if found is None:
        return None
    line = f" ({error['line']})" if error.get("line") else ""
    rest = [m for m in found.mistakes if not m.harmless]
    message = (
        f"It works for square pictures only: given one of {_by(raised.shape)} it raises {error['type']}: "
        f"{error['text']}{line}. Rows and columns are exchanged, in a loop or in the size of the result: rows go "
        f"to H − 2, "
        f"columns to W − 2, and a picture has the shape (H, W)."
    )
    diagnosis = Diagnosis(
        "+".join(["height-for-width", *(m.code for m in rest)]),
        "; ".join(["Rows and columns are exchanged", *(m.title for m in rest)]),
        " ".join([message, *(m.message for m in rest)]),
        hint="Try a picture that is wider than high, and one that is higher than wide.",
        evidence={"seen": error["text"], "first_failing": f"a picture of {_by(raised.shape)}"},
    )
    return FunctionReport(
        asked.name, _target(asked.name), "failed", 0.0, diagnosis, notes, probes=len(images), unit="pictures"
    )


def _changes_its_picture() -> Diagnosis:
    message = (
        "The result is right, but the picture that was handed in holds other numbers afterwards: whoever uses it again "
        "gets other edges. Compute in a copy."
    )
    return Diagnosis(
        "mutates-input", "It changes the picture that it is given", message, hint="Print img before and after."
    )


def _among_several(images: list[np.ndarray], values: list[np.ndarray]) -> int | None:
    """Return which of several pictures is the right one, if several are returned."""
    if any(v.ndim != 3 or not 2 <= len(v) <= 4 for v in values):
        return None
    for n in range(len(values[0])):
        if all(right_for(images, [v[n] for v in values])) and not all(right_for(images, [v[n - 1] for v in values])):
            return n
    return None


def _named(found: SobelExplanation, images: list[np.ndarray], values: list[np.ndarray]) -> Diagnosis:
    wrong = [m for m in found.mistakes if not m.harmless]
    return Diagnosis(
        "+".join(m.code for m in wrong), "; ".join(m.title for m in wrong), " ".join(m.message for m in wrong),
        hint="Compare one pixel by hand: the two sums, then √(G_x² + G_y²), then the division by the maximum.",
        evidence=_evidence(images, values),
    )  # fmt: skip


def _unrecognised(images: list[np.ndarray], values: list[np.ndarray]) -> Diagnosis:
    expected = SobelProgram()(images[0])
    if values[0].shape != expected.shape:
        message = (
            f"For a picture of {_by(images[0].shape)} it gives {_by(values[0].shape)}; {_by(expected.shape)} is right."
        )
    else:
        off = np.abs(values[0] - expected)
        place = np.unravel_index(int(np.nanargmax(np.where(np.isnan(off), np.inf, off))), off.shape)
        row, column = (int(n) + 1 for n in place)
        message = (
            f"No known mistake gives these pictures. The pixel in row {row}, column {column} of the result is "
            f"{values[0][place]:.6g}; √(G_x² + G_y²) divided by the maximum is {expected[place]:.6g} there."
        )
    title = "Not the edges that are asked for"
    return Diagnosis(UNRECOGNISED, title, message, evidence=_evidence(images, values))


def _evidence(images: list[np.ndarray], values: list[np.ndarray]) -> dict[str, Any]:
    """Return the first picture that went in, what came out, and what should have, a few digits each."""
    shown = {"img": images[0], "expected": SobelProgram()(images[0]), "got": values[0]}
    return {"shape": list(values[0].shape), "call": {k: _digits(v) for k, v in shown.items()}}


def _digits(array: np.ndarray) -> Any:
    return np.where(np.isfinite(array), np.round(array, 4), 0).tolist()


def _by(shape: Any) -> str:
    return " × ".join(map(str, shape))


def _raised(asked: _AskedSobel, notes: list[str] | None = None) -> FunctionReport:
    """Return the verdict on a function that gave no picture."""
    error = asked.error
    if error:
        line = f" ({error['line']})" if error.get("line") else ""
        text, title, status = f"{error['type']}: {error['text']}{line}", "It raised", "error"
        code = UNRECOGNISED
    else:
        nothing = bool(asked.facts.get("nothing"))
        text = (
            "it returns nothing" if nothing else f"it returns {asked.facts.get('type', 'nothing')}, which is no picture"
        )
        title, status, code = "No picture is returned", "failed", "returns-nothing" if nothing else UNRECOGNISED
    message = f"Called with a grey picture (H, W) of fractions 0–1: {text}."
    diagnosis = Diagnosis(code, title, message, evidence={"seen": text})
    return FunctionReport(asked.name, _target(asked.name), status, 0.0, diagnosis, notes or [])
