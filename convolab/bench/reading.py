"""What `convolab bench reading` measures: how far the shipped model's confidence can be trusted, away from MNIST.

Handwriting of other collections, drawn as photographs: optdigits comes with scikit-learn; `usps.npz` and `semeion.npz`
(arrays `x`, light on dark, and `y`) and a folder `fonts` are looked for in CONVOLAB_DATA. Several digits in a picture,
pictures out of focus, hairlines, and what is no digit are drawn by the package itself. What is not there is left out.
"""

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PIL import ImageFont

from convolab.errors import ArgumentError
from convolab.network.digits.prediction import predict
from convolab.network.hazards import foreign
from convolab.network.hazards.foreign import OTHERS, enlarged, glyph, no_digit, photographed
from convolab.network.model.classifier import Classifier
from convolab.network.model.runs import load
from convolab.network.training.evaluation import wilson_interval
from convolab.pictures.photographs import decode

BINS = 10
HIGH = 0.9  # a confidence that people believe
PICTURES = 52  # of each kind that the package draws, for each seed
SEEDS = 5  # with as many, all images of a collection are read; with one, every fifth
Pictures = Iterator[tuple[Any, bytes]]


def measure(
    *, seeds: int, report: Callable[[dict[str, Any]], None], only: str = "", peers: bool = False
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """What `convolab bench reading` records: a row for each collection and kind of picture, with its confidences."""
    classifier = load("pretrained")
    rows = []
    for name, pictures in cases(seeds).items():
        if only in name:
            rows.append(row(name, [(true, read(classifier, content)) for true, content in pictures()]))
            report({key: value for key, value in rows[-1].items() if key != "bins"})
    return rows, {"pictures_each": PICTURES * seeds, "bins": BINS}


def read(classifier: Classifier, content: bytes) -> dict[str, Any]:
    """The status, the label, the confidence and the labels of the marks of a picture."""
    found = predict(classifier, decode(content))
    known = {key: found[key] for key in ("status", "label", "confidence")}
    return known | {"marks": [mark["label"] for mark in found["marks"]]}


def cases(seeds: int) -> dict[str, Callable[[], Pictures]]:
    """Every case by its name; the pictures are drawn when they are asked for."""
    count = PICTURES * seeds
    each = max(1, SEEDS // seeds)
    found: dict[str, Callable[[], Pictures]] = {name: partial(_drawn, x, y, each) for name, (x, y) in _sets()}
    if fonts := _fonts():
        found["handwriting fonts"] = lambda: _in_fonts(fonts, "0123456789")
        found["no digit: letters of handwriting fonts"] = lambda: ((None, c) for _, c in _in_fonts(fonts, "AGk"))
    for name, draw in (("out of focus", foreign.out_of_focus), ("hairlines", foreign.hairline)):
        found[name] = partial(map, draw, range(count))
    found["several digits"] = lambda: (foreign.several(k) for k in range(count))
    for kind in OTHERS:
        found[f"no digit: {kind}"] = partial(_of_no_digit, kind, count)
    return found


def _of_no_digit(kind: str, count: int) -> Pictures:
    return ((None, no_digit(kind, k)) for k in range(count))


def _sets() -> Iterator[tuple[str, tuple[np.ndarray, np.ndarray]]]:
    """Collections that are here: a name, images as fractions with light ink (N, H, W), and labels."""
    try:
        from sklearn.datasets import load_digits
    except ImportError:
        pass
    else:
        digits = load_digits()
        yield "optdigits", (digits.images / 16, digits.target)
    for name in ("usps", "semeion"):
        path = Path(os.environ.get("CONVOLAB_DATA", "")) / f"{name}.npz"
        if path.is_file():
            with np.load(path) as held:
                if not {"x", "y"} <= set(held):
                    raise ArgumentError(f"{path}: holds {', '.join(held)}. Expected the arrays x and y")
                yield name, (held["x"] / max(1, held["x"].max()), held["y"])


def _fonts() -> list[Path]:
    folder = Path(os.environ.get("CONVOLAB_DATA", "")) / "fonts"
    return sorted(p for p in folder.rglob("*") if p.suffix in (".ttf", ".otf", ".woff")) if folder.is_dir() else []


def _drawn(images: np.ndarray, labels: np.ndarray, step: int) -> Pictures:
    """Every so manieth of a collection's images as a photograph."""
    for number in range(0, len(images), step):
        rng = np.random.default_rng([number, int(labels[number])])
        yield int(labels[number]), photographed(enlarged(images[number], rng), rng)


def _in_fonts(fonts: list[Path], letters: str) -> Pictures:
    """Letters of fonts as photographs."""
    for number, path in enumerate(fonts):
        font = ImageFont.truetype(str(path), 120)
        for letter in letters:
            rng = np.random.default_rng([number, ord(letter)])
            yield letter, photographed(glyph(font, letter, rng), rng)


def row(name: str, answers: list[tuple[Any, dict[str, Any]]]) -> dict[str, Any]:
    """How a case was read.

    Returns
    -------
    dict
        `case`, `engine`, `count`; `digit`, `unsure`, `several`, `none` (counts of each status); `high` (answers of a
        confidence of 0.9 and more). Where the pictures show digits also `right` (the likeliest class, or all marks),
        `accuracy` and its `interval`, `wrong_high` (wrong answers of such a confidence), and for single digits
        `calibration` (expected calibration error over `BINS` bins of equal width) and `bins`: [count, mean confidence,
        fraction right].
    """
    found: dict[str, Any] = {"case": name, "engine": "pretrained", "count": len(answers)}
    found |= {
        status: sum(a["status"] == status for _, a in answers) for status in ("digit", "unsure", "several", "none")
    }
    found["high"] = sum(_is_high(answer) for _, answer in answers)
    if answers[0][0] is None:
        return found
    right = np.array([_is_right(true, answer) for true, answer in answers])
    found |= {"right": int(right.sum()), "accuracy": float(right.mean())}
    found["interval"] = list(wilson_interval(int(right.sum()), len(right)))
    found["wrong_high"] = sum(_is_high(a) and not ok for (_, a), ok in zip(answers, right, strict=True))
    if not isinstance(answers[0][0], list):
        said = np.array([answer["confidence"] is not None for _, answer in answers])
        confidence = np.array([answer["confidence"] or 0.0 for _, answer in answers])
        found["bins"] = bins(confidence[said], right[said])
        found["calibration"] = calibration_error(found["bins"])
    return found


def _is_high(answer: dict[str, Any]) -> bool:
    return answer["confidence"] is not None and answer["confidence"] >= HIGH


def _is_right(true: Any, answer: dict[str, Any]) -> bool:
    if isinstance(true, list):
        return answer["marks"] == [str(label) for label in true]
    return answer["label"] == str(true)


def bins(confidence: np.ndarray, right: np.ndarray) -> list[list[float]]:
    """[count, mean confidence, fraction right] of each bin of equal width; [0, 0, 0] of an empty one.

    >>> bins(np.array([0.95, 0.99, 0.31]), np.array([True, False, False]))[9]
    [2, 0.97, 0.5]
    """
    place = np.minimum((confidence * BINS).astype(int), BINS - 1)
    inside = [place == k for k in range(BINS)]
    return [
        [int(k.sum()), float(confidence[k].mean()), float(right[k].mean())] if k.any() else [0, 0.0, 0.0]
        for k in inside
    ]


def calibration_error(found: list[list[float]]) -> float:
    """The mean distance of confidence from the fraction right, weighted by the bins' counts.

    Source
    ------
    Guo et al., On calibration of modern neural networks, ICML 2017, equation 3.

    >>> round(calibration_error([[3, 0.9, 0.8], [1, 0.5, 0.5]]), 3)
    0.075
    """
    total = sum(count for count, _, _ in found)
    return sum(count * abs(mean - right) for count, mean, right in found) / total if total else 0.0
