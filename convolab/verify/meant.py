"""Which convention is meant? That of a function's own text, of the library that it names, or the nearest."""

from dataclasses import replace

import numpy as np

from convolab.definition import mistakes
from convolab.fitting.names import OTHER_CONVENTION
from convolab.verify import manners
from convolab.verify.asked import AskedConvention, Domain, both
from convolab.verify.diagnose import diagnose
from convolab.verify.diagnosis import Diagnosis
from convolab.verify.examine import Asked, Examination
from convolab.verify.following import followed, nearby
from convolab.verify.in_memory import has_another_shape
from convolab.verify.looks import OWN_SIZES, name
from convolab.verify.stated import (
    admits_unequal_sides,
    as_stated,
    asked_domain,
    drawn_border,
    is_stated,
    named_library,
    stated_conventions,
    stated_domain,
)
from convolab.verify.subjects import JudgedSubject


def diagnosed(
    examination: Examination, subject: JudgedSubject, *, with_evidence: bool = True
) -> tuple[Examination, Diagnosis | None]:
    """Return the examination and its diagnosis; under the convention that the function's own text asks for, if it does.

    A function that is right in another convention, and says so, has passed, with a note.
    """
    settled = not examination.wrong or not examination.convention.is_plain or subject.by_course
    if settled or manners.of_results(examination) is not None:
        return examination, diagnose(examination, with_evidence=with_evidence)
    if asked := asked_domain(subject.text):
        examination = _again(examination, examination.convention, asked)
        examination.notes.insert(0, f"judged for {asked.words}, which its own text asks for")
        if not examination.wrong:
            return examination, diagnose(examination, with_evidence=with_evidence)
    named = named_library(subject.text)
    if named is not None and not named.is_plain and not (named.size and "padding" in examination.taken):
        return _as_the_library(examination, named, subject.text, with_evidence=with_evidence)
    found = followed(examination)
    if found is not None and is_stated(found[0], subject.text, examination.taken):
        again = _again(examination, *found)
        if "square" in found[1].name and admits_unequal_sides(subject.text):
            again = _again(examination, found[0], stated_domain(subject.text))
            again.notes.insert(0, f"judged as {found[0]}, which its own text asks for")
            return again, diagnose(again, with_evidence=with_evidence)
        if not again.wrong:
            within = f", for {found[1].words}" if found[1] else ""
            again.notes.insert(0, f"right as {found[0]}{within}, which its own text asks for")
            return again, diagnose(again, with_evidence=with_evidence)
    elif found is not None and (drawn := drawn_border(subject.text)) and found[0].size and drawn != found[0].border:
        examination = _again(examination, replace(found[0], border=drawn), found[1])
        examination.notes.insert(0, f"judged as {examination.convention}, which its own text draws")
    elif found is None or (found[0].size in OWN_SIZES and stated_conventions(subject.text)):
        examination = _by_its_text(examination, subject, believed=found is not None)
    elif (part := as_stated(found[0], subject.text)) != found[0]:
        examination = _again(examination, part, found[1])
        examination.notes.insert(0, f"judged as {part}, which its own text asks for")
    if subject.likely:
        examination = _by_the_nearest(examination)
    return examination, diagnose(examination, with_evidence=with_evidence)


def _by_the_nearest(examination: Examination) -> Examination:
    """Return the examination under the convention that a function of somebody's own is nearest to.

    Nobody has said what such a function should compute: a size of its own and a flip are no mistakes of it, if one is
    left beside them. A relation that is fitted is the same under every convention; where there is none, other ways of
    looking may tell what the result is beside one.
    """
    if not examination.wrong or not examination.convention.is_plain:
        return examination
    far = _far(examination)
    found: str = examination.known["name"].code
    if found in (OTHER_CONVENTION, "flipped-kernel", "padding-mode"):
        return examination
    sizes = [_has_size_of(a) for a in examination.asked if a.trial.got is not None and a.trial.got.ndim == 4]
    unsaid = all(has_another_shape(a) for a in examination.wrong) and examination.known.get("fit") is None
    loose = unsaid or found == "output-size"
    best, least = examination, (far[0] + loose, 0, 0)
    for convention in nearby(found, sizes, sized="padding" not in examination.taken, unsaid=unsaid):
        again = _again(examination, convention, Domain())
        if not again.wrong:
            continue
        if unsaid:
            again.known["name"] = name(again, fitted=False)
        left = _far(again)
        new = again.known["name"].message != examination.known["name"].message
        if new and left[0] < 9 and left < least and again.known["name"].code != OTHER_CONVENTION:
            best, least = again, left
        if least[:2] <= (1, 1):
            break
    if best is not examination:
        best.notes.insert(0, f"judged as {best.convention}, which it is nearest to; --convention says another")
    return best


def _has_size_of(asked: Asked) -> tuple[bool, bool]:
    """Return whether an answer has the input's size, and whether it has full size."""
    shape = np.asarray(asked.trial.got).shape[2:]
    axes = asked.probe.geometry.axes
    return shape == tuple(a.input for a in axes), shape == tuple(a.input + a.kernel - 1 for a in axes)


def _as_the_library(
    examination: Examination, named: AskedConvention, text: str, *, with_evidence: bool
) -> tuple[Examination, Diagnosis | None]:
    """Return the examination under the convention of the library's function that the text names, and its diagnosis."""
    again = _again(examination, named, Domain())
    if again.wrong and (odd := stated_domain(text)):
        again = _again(examination, named, odd)
    how = "judged" if again.wrong else "right"
    within = f", for {again.domain.words}" if again.domain else ""
    again.notes.insert(0, f"{how} as {named}{within}: its own text names the library's function")
    return again, diagnose(again, with_evidence=with_evidence)


def _again(examination: Examination, convention: AskedConvention, domain: Domain) -> Examination:
    """Return the examination under another convention."""
    within = both(examination.domain, domain)
    again = replace(examination, convention=convention, domain=within, asked=[], notes=[], known={})
    again.run()
    return again


def _by_its_text(examination: Examination, subject: JudgedSubject, *, believed: bool = False) -> Examination:
    """Return the examination under a convention that the text clearly asks for, if that leaves fewer differences.

    A text that is `believed` may leave as many. Where it speaks of odd kernels, others are not asked.
    """
    odd = Domain() if "odd" in examination.domain.name else stated_domain(subject.text)
    best = examination
    for convention in stated_conventions(subject.text):
        if "padding" in examination.taken and convention.size:
            continue
        if "dilation" in examination.taken and convention.size == "same-late":
            continue  # it pads without regard to it
        again = _again(examination, convention, odd)
        if _far(again) < _far(best) or (believed and best is examination and _far(again) <= _far(best)):
            within = f", for {again.domain.words}" if again.domain else ""
            again.notes.insert(0, f"judged as {convention}{within}, which its own text asks for")
            best = again
    return best


def _far(examination: Examination) -> tuple[int, int, int]:
    """Return how far a function is from what is asked: the number of differences, their cost, and of wrong answers."""
    if "name" not in examination.known:
        examination.known["name"] = name(examination)
    code: str = examination.known["name"].code
    relation = examination.known.get("fit")
    cost = relation.cost if relation is not None and relation.code == code else 1
    return 9 if code == mistakes.UNRECOGNISED else len(code.split("+")), cost, len(examination.wrong)
