"""Which convention does a function follow that is wrong as a plain cross-correlation? And for which inputs is it right?

Both are read off the answers that it has given already: only what is expected differs.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import product
from math import prod
from typing import Any

import numpy as np

from convolab.definition.mistakes import agree
from convolab.errors import ConvolabError
from convolab.geometry import OPERATIONS, Geometry
from convolab.verify.asked import BORDERS, CHECKED, FOUND, AskedConvention, Domain, both
from convolab.verify.examine import Asked, Examination
from convolab.verify.targets import TRANSPOSED
from convolab.verify.truth import truth

LEAST = 3  # probes within a domain that must be right
SIZES = ("", "same", "same-late", "same-front", "full", "half", "first", "last", "centred", "valid")
# The differences of a convention from a plain cross-correlation, each with the code of its own mistake.
DIFFERENCES = (("flip", "flipped-kernel"), ("border", "padding-mode"), ("size", "output-size"))


def followed(examination: Examination) -> tuple[AskedConvention, Domain] | None:
    """Return the simplest convention under which every answer is right, or every one within a domain; or None."""
    if "followed" not in examination.known:
        examination.known["followed"] = _followed(examination)
    found: tuple[AskedConvention, Domain] | None = examination.known["followed"]
    return found


def _followed(examination: Examination) -> tuple[AskedConvention, Domain] | None:
    wholes = [a for a in examination.asked if not a.probe.larger]
    if examination.target.operation not in OPERATIONS or any(a.trial.missing is not None for a in wholes):
        return None
    partly: list[tuple[AskedConvention, Domain]] = []
    for convention in _candidates(examination.convention, examination.taken):
        right = [_is_right(examination, convention, a) for a in wholes]
        if all(right):
            return convention, Domain()
        if examination.target.operation != "forward":
            continue  # the size of a gradient is handed in: what is right in part says nothing
        within = [a for a, r in zip(wholes, right, strict=True) if r]
        if any(not a.right for a in within):
            others = [a for a, r in zip(wholes, right, strict=True) if not r]
            partly += [(convention, d) for d in _domains(within, others) if is_about_shapes(d)]
    partly.sort(key=lambda p: FOUND.index(p[1]))  # the widest first: on 3 × 3 kernels more than one border is right
    return next((p for p in partly if is_confirmed(examination, *p)), None)


def is_confirmed(examination: Examination, convention: AskedConvention, domain: Domain) -> bool:
    """Return whether a function is right within a domain also where everything in it is varied."""
    within = both(examination.domain, domain)
    one = replace(examination, convention=convention, domain=within, asked=[], notes=[], known={})
    probes = one.questions.confirming()
    kept = 0
    for probe in probes:
        asked = one.ask(probe)
        if not asked.right and not (
            asked.raised
            and not examination.form.takes_pairs
            and _is_unequal(probe.geometry, padded=not convention.size)
        ):
            return False
        kept += asked.right
    return kept > 0


def _is_unequal(g: Geometry, *, padded: bool) -> bool:
    """Return whether rows and columns have different options, which not every function takes."""
    return len({(a.stride, a.before if padded else 0, a.dilation) for a in g.axes}) > 1


def _candidates(asked: AskedConvention, taken: set[str]) -> Iterator[AskedConvention]:
    """Yield other conventions, those with the fewest differences first."""
    sizes = SIZES if "padding" in taken else SIZES[:-1]
    found = {AskedConvention(flip, size, border) for flip, size, border in product((False, True), sizes, BORDERS)}
    found -= {c for c in found if c.border != "zeros" and c.size in ("valid", "full")}
    found -= {c for c in found if c.border not in ("zeros", "circular") and c.size in ("first", "last")}
    found -= {c for c in found if c.border != "zeros" and not c.size and "padding" not in taken}
    order = [*product(SIZES, BORDERS, (False, True))]
    yield from sorted(found - {asked}, key=lambda c: (differences(c, asked), order.index((c.size, c.border, c.flip))))


def nearby(code: str, got_sizes: Iterable[tuple[bool, bool]], *, sized: bool, unsaid: bool) -> list[AskedConvention]:
    """Return the conventions that may have been meant, where a mistake stands beside differences of convention.

    Parameters
    ----------
    code : str
        What was found as a plain cross-correlation.
    got_sizes : iterable of (bool, bool)
        Of each answer whether it has the input's size, and whether it has full size.
    sized : bool
        Whether a size of its own may be meant: the function takes no padding.
    unsaid : bool
        Whether the code says nothing of size and flip.
    """
    parts, sizes = code.split("+"), list(got_sizes)
    wanted = [""]
    if sized and sizes and (unsaid or "output-size" in parts):
        same, full = (all(side) for side in zip(*sizes, strict=True))
        wanted = ["same-late", "same", "first", "last"] if same else ["full"] if full else []
    flips = (False, True) if unsaid else (True,) if "flipped-kernel" in parts else (False,)
    return [c for size in wanted for flip in flips if not (c := AskedConvention(flip, size)).is_plain]


def differences(one: AskedConvention, other: AskedConvention) -> int:
    """Return in how many of its parts a convention differs from another."""
    return sum(getattr(one, name) != getattr(other, name) for name, _ in DIFFERENCES)


def codes(convention: AskedConvention, asked: AskedConvention) -> list[str]:
    """Return the codes of a convention's differences from what was asked, in the order of a composite code."""
    return [code for name, code in DIFFERENCES if getattr(convention, name) != getattr(asked, name)]


def _is_right(examination: Examination, convention: AskedConvention, asked: Asked) -> bool:
    """Return whether an answer is the right one under another convention."""
    got, g = asked.trial.got, asked.probe.geometry
    if got is None or got.ndim != 4:
        return False
    axes = g.axes
    options: dict[str, Any] = {
        "stride": [a.stride for a in axes], "dilation": [a.dilation for a in axes], "groups": g.groups,
        "batch": g.batch, "in_channels": g.in_channels, "out_channels": g.out_channels,
    }  # fmt: skip
    if not convention.size and not examination.convention.size:
        options["padding"] = [(a.before, a.after) for a in axes]
    turned = convention.flip != examination.convention.flip
    arrays = dict(asked.arrays)
    if turned and "weight" in arrays:
        arrays["weight"] = np.asarray(arrays["weight"])[..., ::-1, ::-1]
    try:
        geometry = convention.geometry(*_sizes(examination, asked), **options)
        if OPERATIONS[examination.target.operation].result_shape(geometry) != got.shape:
            return False
        expected = truth(examination.target.operation, geometry, arrays)
    except (ConvolabError, ValueError, IndexError):
        return False
    if turned and examination.target.operation == "weight_gradient":
        expected = expected[..., ::-1, ::-1]
    return agree(got, expected, asked.trial.tolerance)


def _sizes(examination: Examination, asked: Asked) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the sizes of input and kernel that the arrays which went in would have under another convention."""
    g, got = asked.probe.geometry, asked.trial.got
    if examination.target.operation == "input_gradient" and got is not None:
        return got.shape[2:], g.kernel
    if examination.target.operation == "weight_gradient" and got is not None:
        return g.input, got.shape[2:]
    return g.input, g.kernel


def limited(examination: Examination) -> Domain | None:
    """Return the widest domain within which a function is right; None where there is none. It is asked once."""
    if "limited" not in examination.known:
        examination.known["limited"] = _limited(examination)
    found: Domain | None = examination.known["limited"]
    return found


def _limited(examination: Examination) -> Domain | None:
    small = _small(examination)
    found = _domains([a for a in small if a.right], [a for a in small if not a.right])
    if all(a.right for a in small):
        return _bounded(examination)
    domain = next((d for d in found if is_confirmed(examination, examination.convention, d)), None)
    if domain is None or domain.name.startswith("kernel="):  # one size is the least that can be said
        return _bounded(examination) or domain
    return domain


# What a program may ask before it goes another way: in words for numbers up to, and from, a bound.
MEASURES: tuple[tuple[str, str, Callable[[Geometry], int]], ...] = (
    ("taps", "kernels of at most {} taps", lambda g: prod(g.kernel)),
    ("sides", "kernels of at most {} rows and columns", lambda g: max(g.kernel)),
    ("channels", "at most {} input channels", lambda g: g.in_channels),
    ("filters", "at most {} filters", lambda g: g.out_channels),
    ("images", "at most {} images", lambda g: g.batch),
)


def _bounded(examination: Examination) -> Domain | None:
    """Return the domain of the inputs up to the largest that is right, where all larger ones are wrong."""
    small = [a for a in examination.asked if a.probe.manner in ("integers", "fractions")]
    for name, words, measure in MEASURES:
        right = [measure(a.probe.geometry) for a in small if a.right]
        wrong = [measure(a.probe.geometry) for a in small if not a.right]
        if len(set(right)) >= LEAST and wrong and max(right) < min(wrong):
            bound = max(right)
            domain = Domain(f"{name}<={bound}", words.format(bound), lambda g, m=measure, b=bound: m(g) <= b)  # type: ignore[misc]
            if is_confirmed(examination, examination.convention, domain):
                return domain
    return None


def checked(examination: Examination) -> tuple[AskedConvention, Domain] | None:
    """Return within which domain a function is right that raises, by its own checks, wherever it is not; or None.

    Such checks keep a function from what it is asked in general: it is asked again within what they may mean.
    """
    own = [a for a in examination.wrong if a.raised and OWN_CHECK.match((a.answer.error or {}).get("line", ""))]
    forward = examination.target.operation == "forward" or examination.target == TRANSPOSED
    if not forward or 2 * len(own) < len(examination.wrong) or not own:
        return None
    if any(a.raised for a in examination.wrong if a not in own):
        return None
    answered = [a for a in examination.asked if not a.raised]
    sizes = ("", *(() if "padding" in examination.taken else ("same", "same-late")))
    asked = [AskedConvention(flip, size) for size in sizes for flip in (False, True)]
    conventions = [examination.convention] if all(a.right for a in answered) else []
    others = (c for c in asked if c != examination.convention)
    conventions += [c for c in others if all(_is_right(examination, c, a) for a in answered)]
    pairs = ((c, d) for c in conventions for d in CHECKED)
    return next((pair for pair in pairs if is_confirmed(examination, *pair)), None)


OWN_CHECK = re.compile(r"line \d+: (assert|raise|if)\b")


def _small(examination: Examination) -> list[Asked]:
    return [a for a in examination.asked if not a.probe.larger and a.probe.manner in ("integers", "fractions")]


def spoilt(examination: Examination) -> Domain | None:
    """Return the domain within which every answer is wrong, while every one outside is right; None if there is none."""
    small = _small(examination)
    found = _domains([a for a in small if not a.right], [a for a in small if a.right])
    right = {a.probe.geometry for a in small if a.right}
    return next(found, None) if len(right) >= LEAST else None


def _domains(right: list[Asked], wrong: list[Asked]) -> Iterator[Domain]:
    """Yield the domains that hold of no wrong answer and of enough right ones that differ, the widest first."""
    for domain in FOUND:
        within = {a.probe.geometry for a in right if domain.holds(a.probe.geometry)}
        if len(within) >= LEAST and not any(domain.holds(a.probe.geometry) for a in wrong):
            yield domain


def is_about_shapes(domain: Domain) -> bool:
    """Return whether a domain is one of shapes, and not of options or counts."""
    return any(word in domain.name for word in ("square", "odd", "divides", "kernel="))
