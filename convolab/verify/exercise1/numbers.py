"""Are the numbers that a hand-in prints those of what it computed? Compared with what they should be, and could be."""

import re
from collections.abc import Iterator
from typing import Any

from convolab.verify.exercise1.seen import CallsInARow, Seen

NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e-?\d+)?")
ACCURACY = re.compile(r"acc|correct|%|right|eval|test|score|performance|hit", re.IGNORECASE)
LOSS = re.compile(r"loss|cost|err", re.IGNORECASE)
SHEETS = {"train": 60_000, "test": 10_000}  # numbers that stand in a program for the size of a whole set


def printed(text: str) -> Iterator[tuple[float, float]]:
    """Yield every number in a text, and how far it may be off by how it was rounded."""
    for found in NUMBER.finditer(text):
        digits = found[0]
        decimals = len(digits.split("e")[0].partition(".")[2])
        power = int(digits.partition("e")[2] or 0)
        yield float(digits), 0.501 * 10.0 ** (power - decimals) if "." in digits else 0.0


def _told(seen: Seen, texts: list[str], pattern: re.Pattern[str], *, last: bool) -> list[tuple[float, float]]:
    """Return the numbers that may be meant: those printed, of names in the program, and returned."""
    found = [n for text in texts if pattern.search(text) for n in printed(text)]
    if last:
        values = [v for name, v in seen.values.items() if pattern.search(name)]
        returned = [e.get("values", []) for e in seen.of_kind("returned")]
        numbers = [n for some in (*values, *returned) for n in some if isinstance(n, int | float)]
        found += [(n, 1e-6 * max(1.0, abs(n))) for n in numbers]
    return found


def _is_told(told: list[tuple[float, float]], values: list[float]) -> bool:
    return any(abs(number - value) <= max(off, 1e-9) for number, off in told for value in values)


def wrong_accuracy(seen: Seen, passes: list[CallsInARow], code: str, what: str) -> str | None:
    """Say how the accuracy of a pass was computed, if the one that was told is a wrong one of that code."""
    for one in passes:
        if one.cut or one.of == "unknown":
            continue
        last = one.calls[-1] is (seen.calls[-1] if seen.calls else None)
        told = _told(seen, one.last_texts, ACCURACY, last=last)
        hits, sizes = [int(c.event.get("hits", 0)) for c in one.calls], [c.size for c in one.calls]
        right = _right_accuracies(seen, one, hits, sizes)
        if not told or _is_told(told, _scales(right)):
            continue
        of_several = _wrong_accuracies(seen, one, hits, sizes) if len(one.calls) > 1 else ()
        for name, value, words in (*of_several, *_by_the_batch_size(seen, hits, sizes)):
            if name == code and value > 0 and _is_told(told, _scales([value])) and _is_telling(told, value):
                return (
                    f"The accuracy of the {what} is told as {_shown(told, value)}: {words}. It should be "
                    f"{right[0]:.3f} ({sum(hits)} of {sum(sizes)} images)."
                )
    return None


def _scales(values: list[float]) -> list[float]:
    return [v * scale for v in values for scale in (1, 100)]


def _is_telling(told: list[tuple[float, float]], value: float) -> bool:
    """Return whether a number agrees by more than chance: it is no whole number, and not rounded to one digit."""
    fitting = [(n, off) for n, off in told for v in _scales([value]) if abs(n - v) <= max(off, 1e-9)]
    return any(0 < off <= 0.01 * max(abs(n), 1e-9) for n, off in fitting)


def _shown(told: list[tuple[float, float]], value: float) -> str:
    return next(f"{n:g}" for n, off in told for v in _scales([value]) if abs(n - v) <= max(off, 1e-9))


def _right_accuracies(seen: Seen, one: CallsInARow, hits: list[int], sizes: list[int]) -> list[float]:
    """Return what may be told as the accuracy: of all images, the mean of the batches', over a whole set's number."""
    shares = [h / max(1, n) for h, n in zip(hits, sizes, strict=True)]
    whole = SHEETS.get(one.of, 1)
    return [sum(hits) / max(1, sum(sizes)), sum(shares) / len(shares), sum(hits) / whole]


def _wrong_accuracies(
    seen: Seen, one: CallsInARow, hits: list[int], sizes: list[int]
) -> Iterator[tuple[str, float, str]]:
    batches, total = len(hits), sum(hits)
    yield (
        "accuracy-divided-by-batches", total / batches,
        f"the number of right answers ({total}) divided by the number of batches ({batches}), not of images",
    )  # fmt: skip
    yield "only-the-last-batch", hits[-1] / max(1, sizes[-1]), "that of the last batch alone"
    yield (
        "only-the-last-batch", hits[-1] / max(1, sum(sizes)),
        f"the last batch's right answers ({hits[-1]}) divided by the number of all images",
    )  # fmt: skip
    yield "only-the-first-batch", hits[0] / max(1, sizes[0]), "that of the first batch alone"
    yield "accuracy-of-another-total", total / max(1, sizes[-1]), "all right answers divided by the last batch's images"
    own, images = seen.sizes.get(one.of, 0), sum(sizes)
    if 0.5 * own < images < own:
        yield (
            "accuracy-of-another-total", total / own,
            f"divided by the number of all images ({own}), though {images} were looked at: the last batch is left out",
        )  # fmt: skip
    other = seen.sizes.get("train" if one.of == "test" else "test", 0)
    if other and other != sum(sizes):
        yield "accuracy-of-another-total", total / other, f"divided by the number of images of the other set ({other})"
    yield (
        "accuracy-of-another-total", total / (batches * max(sizes)),
        "divided by the number of batches times the batch size, though the last batch is smaller",
    )  # fmt: skip
    yield (
        "accuracy-divided-by-batches", total / max(1, sum(sizes)) / batches,
        f"divided by the number of images, and by the number of batches ({batches}) again",
    )  # fmt: skip
    shares = [h / max(1, n) for h, n in zip(hits, sizes, strict=True)]
    yield (
        "accuracy-divided-by-batches", sum(shares) / max(1, sum(sizes)),
        "the sum of the batches' accuracies divided by the number of images, not of batches",
    )  # fmt: skip


def _by_the_batch_size(seen: Seen, hits: list[int], sizes: list[int]) -> Iterator[tuple[str, float, str]]:
    """Yield what comes of it if every batch is counted as one of the training, and is larger."""
    trained = max((c.size for c in seen.training), default=0)
    if trained and trained not in sizes:
        yield (
            "accuracy-of-another-total", sum(hits) / (len(hits) * trained),
            f"every batch is counted as {trained} images, as in the training, where a batch here has {max(sizes)}",
        )  # fmt: skip


def divided_twice(seen: Seen) -> str | None:
    """Say so if an epoch's mean loss is told as the sum of the batches' means divided by the number of images."""
    for one in [*seen.epochs, *seen.evaluations]:
        losses = [_value(c.losses[-1], c.size) for c in one.calls if c.losses]
        if one.cut or len(losses) < 2 or any(v is None for v in losses) or len(losses) != len(one.calls):
            continue
        values, sizes = [v for v in losses if v is not None], [c.size for c in one.calls]
        batches, images = len(values), sum(sizes)
        last = one.calls[-1] is (seen.calls[-1] if seen.calls else None)
        told = _told(seen, one.last_texts, LOSS, last=last)
        weighted = sum(v * n for v, n in zip(values, sizes, strict=True))
        right = [sum(values) / batches, weighted / images, sum(values), weighted]
        whole = {images, SHEETS.get(one.of, images), max(sizes) * batches}
        wrong: dict[float, str] = {}
        for n in whole:
            wrong[sum(values) / n] = f"the batches' mean losses are added up and divided by the number of images ({n})"
            wrong[sum(values) / batches / n] = f"the mean loss is divided by the number of images ({n}) again"
            wrong[weighted / n / batches] = f"it is divided by the images and by the batches ({batches})"
        each = sum(v / n for v, n in zip(values, sizes, strict=True))
        again = "each batch's loss is divided by the number of its images"
        wrong |= {each: again, each / batches: again, each / images: again}
        for size in {max(sizes), sizes[0]}:
            wrong[sum(values) / batches / size] = f"the mean loss is divided by the batch size ({size}) again"
        wrong[sum(values) / batches / batches] = f"the mean loss is divided by the number of batches ({batches}) again"
        if not told or _is_told(told, right):
            continue
        for value, words in wrong.items():
            if any(abs(n - value) <= max(off, 1e-9) and 0 < off <= 0.02 * abs(n) for n, off in told):
                return (
                    f"The loss is told as {value:.4g}: {words}, though each of them is a mean already. "
                    f"It should be {right[0]:.4g}."
                )
    return None


def _value(event: dict[str, Any], images: int) -> float | None:
    """Return a batch's mean loss."""
    value, how = event.get("value"), event.get("reduction")
    if not isinstance(value, int | float) or how not in ("mean", "sum"):
        return None
    return float(value) if how == "mean" else value / max(1, images)
