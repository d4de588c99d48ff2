"""What was meant? The form and the convention under which somebody's function is understood best."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from convolab.verify.asked import RANK_ONE, both
from convolab.verify.direct import Caller, Direct
from convolab.verify.examine import Asked, Examination
from convolab.verify.forms import Form
from convolab.verify.stated import as_drawn
from convolab.verify.subjects import JudgedSubject

# Points for a right answer, one of the right shape, one of as many images and filters.
RIGHT, SHAPED, PLACED = 16.0, 8.0, 4.0
ONE_SHAPE = SHAPED / 3  # where one of three questions gets a result of the right shape
EMPTY = 0.1  # for a result without elements: it is better than an exception
FEW = 6  # forms that are tried with nested lists


def examined(caller: Caller, subject: JudgedSubject, settings: dict[str, Any], *, torch_loaded: bool) -> Examination:
    """Return the finished examination of a subject, in the form and convention that it follows best."""
    convention = settings.get("convention")
    conventions = (convention,) if convention is not None else as_drawn(subject.conventions, subject.text)
    options = {**subject.options, **(settings.get("options") or {})} or None
    domain = both(subject.domain, settings["domain"]) if settings.get("domain") else subject.domain
    first = Examination(
        caller, subject.forms[0], options, settings.get("dtype"), domain=domain, by_course=subject.by_course,
        device=settings.get("device"),
    )  # fmt: skip
    start = [_fresh(replace(first, convention=c)) for c in conventions]
    examination = _best(start, subject.forms, torch_loaded=torch_loaded)
    examination.run()
    return examination


def _best(starts: Iterable[Examination], forms: list[Form], *, torch_loaded: bool) -> Examination:
    """Return the examination that is answered best; right answers count most, then results of the right shape.

    The layout that was asked for is the one, if it is answered with images and filters where they belong; another, with
    which a wrong function may be right by chance, is sought only where it is not. Arrays of one axis come last.
    """
    groups = _by_layout(forms)
    starts = list(starts)
    first = next(iter(_candidates(starts, groups[0], torch_loaded=torch_loaded)))
    if first.ask(first.questions.telling()[0]).failed_elsewhere:
        return _fresh(first)  # other shapes would change nothing
    tried: list[tuple[float, int, Examination]] = []
    for n, (group, enough) in enumerate(zip(groups, (ONE_SHAPE, 1.0, 0.0), strict=True)):
        for one in _candidates(starts, group, torch_loaded=torch_loaded):
            score = _score(one)
            if score > 0 and _takes_any_bias(one):
                continue
            if score >= (SHAPED if isinstance(one.caller, Direct) else RIGHT):
                return _fresh(_with_several(one, tried))  # in this process other shapes could do harm to compiled code
            tried.append((-score, len(tried), one))
        if n == 0 and not any(score < -EMPTY for score, *_ in tried):
            tried += [(-_score(one), len(tried), one) for one in _with_lists(starts, group)]
        if tried and -min(tried, key=lambda t: t[:2])[0] >= enough:
            break
    if not any(score < -EMPTY for score, *_ in tried):  # it raises whatever it is given that does not fit by chance
        again = [one for _, _, one in tried]
        alike = [(-_score(one, alike=True), n, one) for n, one in enumerate(again)]
        tried = alike if any(score < -EMPTY for score, *_ in alike) else tried
    if not any(score < -EMPTY for score, *_ in tried):  # or for other kernels than a product of a column and a row
        again = [one for _, _, one in tried]
        ranked = [(-_score(replace(one, domain=both(one.domain, RANK_ONE))), n, one) for n, one in enumerate(again)]
        tried = ranked if any(score < -EMPTY for score, *_ in ranked) else tried
    if not any(score < -EMPTY for score, *_ in tried):
        tried += [(-_score(one), len(tried), one) for one in _with_lists(starts, forms[len(groups[0]) :])]
    best = min(tried, key=lambda t: t[:2])
    if best[0] < -2 * EMPTY:
        return _fresh(best[2])
    if _raises_by_itself(first):
        return _fresh(first)
    if best[2].ask(best[2].questions.telling()[0]).answer.error is None:
        return _fresh(best[2])
    return _fresh(max((one for *_, one in sorted(tried, key=lambda t: t[:2])), key=_reach))


def _reach(one: Examination) -> int:
    """Return how many lines of Python run before a function raises: with what it is meant to get, the most."""
    probe = one.questions.telling()[0]
    arrays = probe.arrays((*one.target.factors, *one.form.needs), one.dtype)
    return one.call(probe.geometry, arrays, count=True)[0].lines


def _takes_any_bias(one: Examination) -> bool:
    """Return whether a bias of one number, or as large as a result, is only added as it is: (F, 1, 1) does as well."""
    if not one.form.bias_styles & {"FHW", "scalar"} or "O" not in one.form.layout.grad_output:
        return False
    return _score(replace(one, form=one.form.with_bias("F11"))) >= RIGHT


def _raises_by_itself(one: Examination) -> bool:
    """Return whether a `raise` of the function's own file ends every call: shapes without elements only pass it by."""
    errors = [one.ask(probe).answer.error or {} for probe in one.questions.telling()]
    return all(re.match(r"line \d+: raise\b", error.get("line", "")) for error in errors)


def _with_several(found: Examination, tried: list[tuple[float, int, Examination]]) -> Examination:
    """Return the examination with several kernels a channel, where one a channel is right and several are answered."""
    weight = found.form.layout.weight
    several = [
        one
        for score, _, one in tried
        if one.form.layout.weight in (weight.replace("1", "M"), weight.replace("O1", "Cm")) and score <= -SHAPED
    ]
    return several[0] if "1" in weight and several else found


def _by_layout(forms: list[Form]) -> tuple[list[Form], list[Form], list[Form]]:
    """Return the forms in the first layout, those in others, and those in others with one axis."""
    first = forms[0].layout
    others = [f for f in forms if f.layout != first]
    return (
        [f for f in forms if f.layout == first],
        [f for f in others if not f.layout.is_line],
        [f for f in others if f.layout.is_line],
    )


def _with_lists(starts: Iterable[Examination], forms: list[Form]) -> Iterator[Examination]:
    """Yield the first forms with nested lists in place of arrays."""
    for start in (s for s in starts if not s.only_tensors):
        able = [form for form in forms if form.container != "files"][:FEW]
        yield from (replace(start, form=replace(form, container="lists")) for form in able)


def _candidates(starts: Iterable[Examination], forms: list[Form], *, torch_loaded: bool) -> Iterable[Examination]:
    for start in starts:
        for form in forms:
            for container in _containers(start, form, torch_loaded=torch_loaded):
                yield replace(start, form=replace(form, container=container))


def _containers(start: Examination, form: Form, *, torch_loaded: bool) -> tuple[str, ...]:
    """Return as what arrays may go in: a function that takes arrays may take tensors too."""
    if form.container != "arrays":
        return (form.container,)
    if start.only_tensors:
        return ("tensors",)
    return ("arrays", "tensors") if torch_loaded else ("arrays",)


def _fresh(one: Examination) -> Examination:
    return replace(one, asked=[], notes=[], known={})


def _score(one: Examination, *, alike: bool = False) -> float:
    """Return how well the questions are answered: points for each, on average."""
    probes = one.questions.telling_alike() if alike else one.questions.telling()
    points = [RIGHT if a.right else _nearness(a) for a in map(one.ask, probes)]
    return sum(points) / max(1, len(probes))


def _nearness(asked: Asked) -> float:
    """Return up to 8 for the shape of an answer."""
    got, expected = asked.trial.got, asked.trial.expected
    if got is None or not got.size:
        return 0.0 if asked.raised else EMPTY
    if any(got.shape == a.shape and np.array_equal(got, a) for a in asked.arrays.values()):
        return EMPTY  # what was handed in has its own shape whatever it is
    if got.shape == expected.shape:
        return SHAPED
    if got.ndim == expected.ndim == 4:
        return PLACED if got.shape[:2] == expected.shape[:2] else PLACED / 2
    return 0.5
