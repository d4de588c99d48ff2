"""What does a wrong function compute instead? The relation is fitted to it, said in a sentence, and given a code."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from convolab.fitting.bias import AskBias, BiasFit, fit_bias
from convolab.fitting.conventions import convention
from convolab.fitting.fit import Fit, fitted
from convolab.fitting.formulas import fitted_formula, formula_code, formula_in_words
from convolab.fitting.leading import shapes
from convolab.fitting.names import code
from convolab.fitting.patterns import patterns
from convolab.fitting.readings import Ask, Unreadable
from convolab.fitting.rules import roles
from convolab.fitting.taps import written_taps
from convolab.fitting.words import as_dict, sentence
from convolab.geometry import OPERATIONS, Geometry
from convolab.verify.asked import Sizes
from convolab.verify.examine import Examination
from convolab.verify.probes import Probe

# (input), (kernel) of planes: those whose products are read, then those that the fit is proved on.
PLANES = [((5, 8), (3, 2)), ((6, 7), (2, 3)), ((7, 7), (3, 3)), ((6, 9), (4, 2)), ((7, 8), (5, 4)), ((6, 6), (2, 2))]
FRESH_PLANES = [((7, 5), (3, 4)), ((8, 8), (2, 2)), ((9, 9), (3, 3))]
# The same with (batch, input channels, output channels) and (stride, padding, dilation); channels are those of a group.
BATCHES: list[Any] = [
    ((5, 8), (3, 2), (2, 2, 3), (1, 0, 1)), ((7, 6), (2, 3), (3, 2, 2), (2, 1, 1)),
    ((8, 9), (3, 2), (2, 2, 2), (1, 1, 2)), ((7, 7), (3, 3), (2, 1, 2), (3, 1, 1)),
    ((6, 8), (3, 4), (1, 3, 1), (1, 2, 1)), ((9, 8), (2, 3), (2, 1, 2), (2, 1, 2)),
    ((6, 5), (2, 2), (2, 2, 1), (1, 1, 1)),
]  # fmt: skip
FRESH_BATCHES: list[Any] = [
    ((8, 7), (3, 2), (2, 3, 2), (2, 1, 1)), ((7, 9), (2, 3), (1, 2, 2), (1, 1, 1)),
    ((7, 6), (3, 3), (1, 2, 2), (1, 1, 1)),
    ((9, 8), (5, 4), (1, 1, 2), (1, 1, 1)), ((11, 13), (5, 4), (1, 1, 1), (2, 1, 1)),
    ((7, 13), (2, 3), (2, 1, 2), (1, 0, 1)),
]  # fmt: skip
# The same with groups, and with pairs of strides and paddings, for functions that take them.
GROUPED = [((5, 6), (2, 3), (2, 2, 1), (1, 0, 1, 2)), ((5, 5), (3, 2), (1, 1, 2), (1, 1, 1, 3))]
FRESH_GROUPED = [((6, 5), (2, 2), (1, 2, 2), (1, 1, 1, 3))]
# For functions that raise for most kernels: odd ones, then squares all over.
ODD = [((5, 8), (3, 3)), ((9, 7), (5, 5)), ((7, 9), (3, 5)), ((6, 7), (3, 3))]
FRESH_ODD = [((8, 6), (3, 3)), ((9, 10), (5, 5)), ((9, 8), (5, 3))]
SQUARE = [((5, 5), (3, 3)), ((6, 6), (2, 2)), ((7, 7), (3, 3))]
FRESH_SQUARE = [((8, 8), (3, 3)), ((7, 7), (2, 2)), ((9, 9), (5, 5))]
ALIKE = [
    ((6, 6), (3, 3), (3, 3, 3), (1, 0, 1)),
    ((7, 7), (2, 2), (2, 2, 2), (1, 1, 1)),
    ((5, 5), (3, 3), (2, 2, 2), (1, 0, 1)),
]
FRESH_ALIKE = [
    ((8, 8), (3, 3), (2, 2, 2), (1, 0, 1)),
    ((7, 7), (3, 3), (3, 3, 3), (2, 1, 1)),
    ((9, 9), (5, 5), (2, 2, 2), (1, 0, 1)),
]
THREES, FRESH_THREES = [((6, 7), (3, 3)), ((5, 8), (3, 3))], [((8, 6), (3, 3)), ((7, 7), (3, 3))]
# Asked for a part of all inputs only: kernels of one pixel, and kernels of many taps.
POINTS = [((5, 6), (1, 1)), ((7, 6), (1, 1)), ((6, 8), (1, 1)), ((7, 8), (1, 1))]
FRESH_POINTS = [((8, 5), (1, 1)), ((9, 7), (1, 1))]
WIDE, FRESH_WIDE = [((6, 7), (4, 5)), ((8, 7), (5, 4))], [((9, 8), (5, 5)), ((8, 9), (4, 6))]
CHANNELS = [(2, 2, 3), (2, 3, 2), (1, 2, 2), (3, 1, 2)]
OPTIONS = [(1, 0, 1), (2, 1, 1), (1, 1, 2), (1, 2, 1)]
# Those in which the bias is read: their outputs are as high, or as wide, as they have channels.
BIASED = [
    ((4, 5), (3, 2), (2, 2, 4), (1, 0, 1)), ((5, 4), (2, 3), (2, 3, 4), (1, 0, 1)),
    ((6, 5), (3, 2), (1, 2, 4), (1, 0, 1)), ((5, 6), (2, 3), (3, 3, 4), (1, 0, 1)),
]  # fmt: skip
# Calls in one fit, and in one for a part of all inputs: a function that is no list of products is not asked for ever.
MOST_CALLS, FEWER_CALLS = 1500, 500
PAIRED = [((8, 9), (3, 2), (1, 1, 2), ((2, 1), (0, 1), 1)), ((7, 8), (2, 3), (2, 1, 1), ((1, 3), (2, 0), (1, 2)))]
FRESH_PAIRED = [((9, 7), (2, 2), (1, 2, 1), ((3, 2), (1, 0), 1))]


@dataclass(frozen=True)
class FittedRelation:
    """What a function computes instead.

    Attributes
    ----------
    sentence : str
        Its differences from what was asked for.
    fit : dict
        The same for programs.
    code : str
    convention : str or None
        The library's function that computes exactly this.
    cost : int
        How far it is from what was asked for.
    """

    sentence: str
    fit: dict[str, Any]
    code: str
    convention: str | None
    cost: int = 1


Keep = Callable[[Geometry], bool]


def explain(examination: Examination, keep: Keep | None = None) -> FittedRelation | None:
    """Return what the function computes; None where no fit gives its values, or it computes what was asked for.

    Parameters
    ----------
    examination : Examination
    keep : callable, optional
        For which geometries that is asked; for all of them otherwise.
    """
    operation = examination.target.operation
    # Too coarse to tell places by their products.
    short = examination.dtype is not None and examination.dtype.name != "float64"
    if operation not in OPERATIONS or short:
        return None
    found, divided, alone = _found(examination, keep)
    if found is None and keep is None and (clauses := _written_taps(examination)):
        at = "j" if examination.form.layout.is_line else "i, j"
        text = f"In the sum for the output at {at}: {'; '.join(clauses)}."
        return FittedRelation(text, {}, "tap-misplaced", None)
    if found is None and keep is None and (formula := _index_formula(examination)):
        return formula
    bias = None if keep else _fit_of_bias(examination)
    if found is None and bias is not None and bias.code and _is_right_but_for_the_bias(examination):
        return FittedRelation(bias.sentence, {}, bias.code, None)
    if found is None or (found.is_what_was_asked and not divided and not (bias and bias.code)):
        return None
    bare = examination.plane and not examination.taken
    said = [
        _as_asked(sentence(found, plane=bare), examination),
        divided,
        bias.sentence if bias else "",
        f"That is so for {alone}." if alone else "",
    ]
    parts = [code(found, plane=bare), "kernel-normalised" if divided else "", bias.code if bias else ""]
    library = convention(found, plane=bare) if examination.convention.is_plain and not parts[1] else None
    text, codes = " ".join(filter(None, said)), "+".join(filter(None, parts))
    return FittedRelation(text, as_dict(found), codes, library, found.cost)


# What is taken away from i = o + k where a convention asks for a size.
TAKEN_AWAY = {"same": "(kernel − 1) // 2", "same-late": "kernel // 2", "half": "kernel // 2", "full": "(kernel − 1)"}


def _as_asked(said: str, examination: Examination) -> str:
    """Return a sentence with what the convention asks for: its relation on planes, and a kernel that is turned."""
    size = TAKEN_AWAY.get(examination.convention.size)
    if size:
        said = said.replace("i = o + k was asked", f"i = o + k − {size} was asked")
        said = said.replace(
            "stands padding lines", f"stands {size} lines".replace("(kernel − 1) lines", "kernel − 1 lines")
        )
    backwards, lies = "the kernel is used backwards", "the kernel is used as it lies, where a true convolution turns it"
    return said.replace(backwards, lies) if examination.convention.flip else said


# By what a kernel may be divided before it is used: in words, and as its value.
DIVISORS: dict[str, Callable[[np.ndarray], Any]] = {
    "its sum": lambda w: w.sum(),
    "the sum of its sizes": lambda w: np.abs(w).sum(),
    "its largest value": lambda w: w.max(),
    "its largest size": lambda w: np.abs(w).max(),
    "its Euclidean norm": lambda w: np.sqrt((w * w).sum()),
}


def _found(examination: Examination, keep: Keep | None) -> tuple[Fit | None, str, str]:
    """Return the fit, a sentence on a kernel that is divided by a number of its own, and what alone it holds for."""
    operation, tables = examination.target.operation, list(_asked_in(examination, keep))
    most = FEWER_CALLS if keep else MOST_CALLS

    def fit(ask_in: Callable[[Geometry], Ask]) -> Fit | None:
        for read, fresh in tables:
            with contextlib.suppress(Unreadable):
                if (found := fitted(ask_in, operation, read, fresh, _memory(examination))) is not None:
                    return found
        return None

    found = fit(_asking(examination, most))
    if found is not None and keep is None and _reads_threes_alone(examination, found):
        return found, "", "3 × 3 kernels"
    if found is not None or not tables or not _is_scale_free(_asking(examination), tables[0][0]):
        return found, "", ""
    for name, divisor in DIVISORS.items():
        if (found := fit(_multiplied(_asking(examination, most), divisor))) is not None:
            return found, f"The kernel is divided by {name} before it is used.", ""
    return None, "", ""


def _reads_threes_alone(examination: Examination, found: Fit) -> bool:
    """Return whether the fit gives no answer to a probe with another kernel than one of 3 × 3."""
    first, second = (roles(examination.target.operation)[n] for n in (2, 1))
    others = [a for a in examination.asked if a.probe.geometry.kernel != (3, 3) and not a.probe.larger]
    told = [a for a in others if a.trial.got is not None and {first, second} <= a.arrays.keys()]
    told = [a for a in told if a.arrays.get("bias") is None]
    for a in told:
        factors = (np.asarray(a.arrays[name], float) for name in (first, second))
        made = found.compute(a.probe.geometry, *factors)
        got = np.asarray(a.trial.got)
        if made.shape == got.shape and np.allclose(made, got, rtol=1e-5, atol=1e-4):
            return False
    return bool(told) or (bool(others) and all(a.raised for a in others))


def _is_scale_free(ask_in: Callable[[Geometry], Ask], geometries: list[Geometry]) -> bool:
    """Return whether twice the second factor gives the same result as once, though not any gives the same."""
    for g in geometries:
        _, second, first = shapes(g, "forward")
        rng = np.random.default_rng(5)
        one, other = (rng.integers(1, 9, shape) / 4 for shape in (first, second))
        answers = [ask_in(g)(one, by) for by in (other, 2 * other, other**2)]
        once, twice, another = (np.asarray(0.0 if a is None else a) for a in answers)
        if not any(a is None for a in answers):
            alike = once.shape == twice.shape == another.shape and np.allclose(once, twice)
            return bool(alike and not np.allclose(once, another))
    return False


def _multiplied(ask_in: Callable[[Geometry], Ask], divisor: Callable[[np.ndarray], Any]) -> Callable[[Geometry], Ask]:
    """Return the function with its result multiplied by what its kernel is divided by."""

    def multiplied_in(g: Geometry) -> Ask:
        def multiplied(first: np.ndarray, second: np.ndarray) -> np.ndarray | None:
            answer = ask_in(g)(first, second)
            by = divisor(second) if second.any() else 0.0
            return None if answer is None else np.nan_to_num(np.asarray(answer, float)) * by

        return multiplied

    return multiplied_in


def _memory(examination: Examination) -> dict[str, tuple[int, ...]]:
    """Return the order in which the axes of each array lie in the function's own arrays."""
    names = zip(("result", "second", "first"), roles(examination.target.operation), strict=True)
    return {which: examination.form.layout.memory(name) for which, name in names}


def _written_taps(examination: Examination) -> list[str] | None:
    """Return what single weights of a 3 × 3 kernel meet in place of their own pixel."""
    if examination.target.operation != "forward":
        return None
    tables = (THREES, FRESH_THREES)
    if not (examination.plane and not examination.taken):
        tables = tuple([(*size, (1, 1, 1), (1, 0, 1)) for size in table] for table in tables)  # type: ignore[assignment]
    read, fresh = (list(_geometries(examination, table)) for table in tables)
    with contextlib.suppress(Unreadable):
        return written_taps(_asking(examination), read, fresh)
    return None


def _index_formula(examination: Examination) -> FittedRelation | None:
    """Return which index the function computes where another belongs; None where no formula gives its values."""
    operation, asking = examination.target.operation, _asking(examination)
    for read, fresh in _asked_in(examination, None):
        found = None
        with contextlib.suppress(Unreadable):
            found = fitted_formula(asking, operation, read, fresh)
        if found is not None:
            return FittedRelation(formula_in_words(found, read), {}, formula_code(found, read), None)
    return None


def _is_right_but_for_the_bias(examination: Examination) -> bool:
    """Return whether the function is right wherever it answers, with a bias of zeros."""
    right = []
    for geometry in _geometries(examination, BIASED):
        arrays = Probe(geometry, seed=11).arrays(examination.target.factors) | {"bias": np.zeros(geometry.out_channels)}
        _, trial = examination.call(geometry, examination.filled(arrays, geometry))
        right += [] if trial.raised else [trial.right]
    return len(right) > 1 and all(right)


def _fit_of_bias(examination: Examination) -> BiasFit | None:
    """Return what the function does with its bias; None where it takes none, or does what no rule says."""
    if "bias" not in examination.taken:
        return None

    def ask_in(geometry: Geometry) -> AskBias:
        def ask(input: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> np.ndarray | None:
            arrays = examination.filled({"input": input, "weight": weight, "bias": bias}, geometry)
            return examination.answered(geometry, arrays)[1]

        return ask

    found = fit_bias(ask_in, list(_geometries(examination, BIASED)))
    shape = examination.form.bias_shape
    if found is None or "bias-axis" not in found.code or shape == "F":
        return found
    handed = ", ".join(shape) + ("," if len(shape) == 1 else "")
    return found._replace(sentence=f"{found.sentence[:-1]}; it was handed in with shape ({handed}).")


def statements(examination: Examination) -> list[str]:
    """Return true statements about the wrong answers: where they are right, and what stands elsewhere."""
    wrong = [a.trial for a in examination.wrong if a.trial.complete and not a.probe.larger]
    return patterns([(t.geometry, np.asarray(t.expected), np.asarray(t.got)) for t in wrong]) if wrong else []


def _asking(examination: Examination, most: int = MOST_CALLS) -> Any:
    """Return for a geometry the function as (first factor, second factor) → result; for so many calls in all."""
    _, second, first = roles(examination.target.operation)
    calls = 0

    def ask_in(geometry: Geometry) -> Ask:
        def ask(one: np.ndarray, other: np.ndarray) -> np.ndarray | None:
            nonlocal calls
            calls += 1
            if calls > most:
                raise Unreadable("it takes too many calls to be read")
            arrays = {first: one, second: other}
            factors = {name: arrays[name] for name in examination.target.factors}
            _, got, missing = examination.answered(geometry, examination.filled(factors, geometry))
            return None if missing is not None and missing.any() else got

        return ask

    return ask_in


def _asked_in(examination: Examination, keep: Keep | None) -> Iterator[tuple[list[Geometry], list[Geometry]]]:
    """Yield the geometries whose products are read, and those on which the fit is proved."""
    both = [[list(_geometries(examination, table)) for table in tables] for tables in _tables(examination, keep)]
    if keep is None:
        yield from ((read, fresh) for read, fresh in both)
        return
    kept = [g for g in dict.fromkeys(g for read, fresh in both for g in (*read, *fresh)) if keep(g)]
    if len(kept) > 2:
        at = max(2, min(5, len(kept) - 2))
        yield kept[:at], kept[at : at + 4]


def _tables(examination: Examination, keep: Keep | None) -> Iterator[tuple[list[Any], list[Any]]]:
    """Yield the sizes whose products are read, and those on which the fit is proved; odd and square kernels last."""
    plane = examination.plane and not examination.taken
    if plane:
        yield PLANES, FRESH_PLANES
    else:
        yield _of_batches(examination)
    if keep is not None or any(a.raised for a in examination.wrong):
        for read, fresh in ((ODD, FRESH_ODD), (SQUARE, FRESH_SQUARE), (THREES, FRESH_THREES)):
            yield (read, fresh) if plane else (_with_options(read), _with_options(fresh))
        for read, fresh in ((POINTS, FRESH_POINTS), (WIDE, FRESH_WIDE)) if keep is not None else ():
            yield (read, fresh) if plane else (_with_options(read), _with_options(fresh))
        if not plane:
            yield ALIKE, FRESH_ALIKE


def _with_options(sizes: list[Any]) -> list[Any]:
    return [(*size, *rest) for size, *rest in zip(sizes, CHANNELS, OPTIONS, strict=False)]


def _of_batches(examination: Examination) -> tuple[list[Any], list[Any]]:
    read, fresh = [*BATCHES], [*FRESH_BATCHES]
    fixed = examination.options or {}
    if "groups" in examination.taken and "groups" not in fixed:
        read, fresh = [*read, *GROUPED], [*fresh, *FRESH_GROUPED]
    unequal = any(len({(a.stride, a.before) for a in x.probe.geometry.axes}) > 1 for x in examination.wrong)
    if (examination.form.takes_pairs or (unequal and not examination.convention.size)) and not fixed:
        read, fresh = [*read, *PAIRED], [*fresh, *FRESH_PAIRED]
    return read, fresh


def _geometries(examination: Examination, table: list[Any]) -> Iterator[Geometry]:
    """Yield the geometries of a table, as the function takes them."""
    for input, kernel, *rest in table:
        (n, ci, co), options = rest or ((1, 1, 1), (1, 0, 1))
        more = dict(zip(("stride", "padding", "dilation", "groups"), options, strict=False))
        found = examination.questions.geometry(n, ci, co, Sizes(input, kernel, 1, 0), **more)
        if found is not None:
            yield found
