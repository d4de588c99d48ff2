"""Why is it wrong? The mistake that does the same, or what was seen; and the evidence in every case."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from convolab.definition import mistakes
from convolab.fitting.names import NEW, OTHER_CONVENTION
from convolab.verify import fractions_lost, in_memory, manners
from convolab.verify.around import of_changes
from convolab.verify.asked import AskedConvention, Domain, both, library_of
from convolab.verify.beyond import of_border, of_copied_border, of_spread_image
from convolab.verify.bias_gradient import of_bias_gradient
from convolab.verify.called import call_text
from convolab.verify.contained import Ended, TooLate
from convolab.verify.examine import Asked, Examination
from convolab.verify.explanation import FittedRelation, explain, statements
from convolab.verify.following import checked, codes, followed, is_about_shapes, limited, nearby, spoilt
from convolab.verify.printable import printable
from convolab.verify.reads import describe_reads, read_map
from convolab.verify.smallest import smallest
from convolab.verify.stated import drawn_border, is_stated, named_library, stated_conventions, stated_domain
from convolab.verify.subjects import JudgedSubject
from convolab.verify.words import explanation_lines, show_geometry
from convolab.verify.written import describe_smallest


@dataclass
class Diagnosis:
    """A mistake by name, or `unrecognised`, with what shows it.

    Attributes
    ----------
    code : str
        A mistake's of the catalogue; two joined by `+` where only a pair explains the function; or `unrecognised`.
    title, message, hint : str
    evidence : dict
        `wrong_taps`, `smallest`, and what else was seen.
    explanation : str
        What the function computes, as differences from what was asked for; empty where no relation fits it.
    fit : dict or None
        The same for programs (see `convolab.fitting.words.as_dict`).
    convention : str or None
        The library's function that computes exactly this.
    """

    code: str
    title: str
    message: str
    hint: str = ""
    evidence: dict[str, Any] = field(default_factory=dict)
    explanation: str = ""
    fit: dict[str, Any] | None = None
    convention: str | None = None

    def as_dict(self, *, hints: bool = False) -> dict[str, Any]:
        """Return the diagnosis as JSON has it; the hint only where it is wanted."""
        names = ("code", "title", "message", "evidence", "explanation", "fit", "convention")
        kept = {name: getattr(self, name) for name in names}
        return kept | ({"hint": self.hint} if hints and self.hint else {})

    def explanation_lines(self) -> list[str]:
        """What the function computes, where the mistake has no name; and whose convention that is."""
        said = self.convention is not None and self.convention in self.message
        convention = None if said else self.convention
        return explanation_lines(self.explanation, convention, named=self.code != mistakes.UNRECOGNISED)


def diagnosed(
    examination: Examination, subject: JudgedSubject, *, with_evidence: bool = True
) -> tuple[Examination, Diagnosis | None]:
    """Return the examination and its diagnosis; under the convention that the function's own text asks for, if it does.

    A function that is right in another convention, and says so, has passed, with a note.
    """
    settled = not examination.wrong or not examination.convention.is_plain or subject.by_course
    if settled or manners.of_results(examination) is not None:
        return examination, diagnose(examination, with_evidence=with_evidence)
    named = named_library(subject.text)
    if named is not None and not named.is_plain and not (named.size and "padding" in examination.taken):
        return _as_the_library(examination, named, subject.text, with_evidence=with_evidence)
    found = followed(examination)
    if found is not None and is_stated(found[0], subject.text, examination.taken):
        again = _again(examination, *found)
        if not again.wrong:
            within = f", for {found[1].words}" if found[1] else ""
            again.notes.insert(0, f"right as {found[0]}{within}, which its own text asks for")
            return again, diagnose(again, with_evidence=with_evidence)
    elif found is not None and (drawn := drawn_border(subject.text)) and found[0].size and drawn != found[0].border:
        examination = _again(examination, replace(found[0], border=drawn), found[1])
        examination.notes.insert(0, f"judged as {examination.convention}, which its own text draws")
    elif found is None or (found[0].size in OWN_SIZES and stated_conventions(subject.text)):
        examination = _by_its_text(examination, subject, believed=found is not None)
    elif is_stated(turned := replace(found[0], flip=True), subject.text, examination.taken) and not found[0].flip:
        examination = _again(examination, turned, found[1])
        examination.notes.insert(0, f"judged as {turned}, which its own text asks for")
    if subject.likely:
        examination = _by_the_nearest(examination)
    return examination, diagnose(examination, with_evidence=with_evidence)


def _by_the_nearest(examination: Examination) -> Examination:
    """Return the examination under the convention that a function of somebody's own is nearest to.

    Nobody has said what such a function should compute: a size of its own and a flip are no mistakes of it, if one is
    left beside them.
    """
    if not examination.convention.is_plain or "padding" in examination.taken:
        return examination
    far = _far(examination)
    found: str = examination.known["name"].code
    if found in (OTHER_CONVENTION, "flipped-kernel", "padding-mode") or not examination.wrong:
        return examination
    sizes = [_has_size_of(a) for a in examination.asked if a.trial.got is not None and a.trial.got.ndim == 4]
    for convention in nearby(found, sizes):
        again = _again(examination, convention, Domain())
        left = _far(again)[0] if again.wrong else 9
        if left < 9 and again.known["name"].code != OTHER_CONVENTION and left < far[0] + (found == "output-size"):
            again.notes.insert(0, f"judged as {convention}, which it is nearest to; --convention says another")
            return again
    return examination


def _has_size_of(asked: Asked) -> tuple[bool, bool]:
    """Return whether an answer has the input's size, and whether it has full size."""
    shape = np.asarray(asked.trial.got).shape[2:]
    axes = asked.probe.geometry.axes
    return shape == tuple(a.input for a in axes), shape == tuple(a.input + a.kernel - 1 for a in axes)


# Sizes that no library has under a name: a text that asks for another is believed.
OWN_SIZES = ("first", "last", "half", "centred")


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

    A text that is `believed` may leave as many.
    """
    best = examination
    for convention in stated_conventions(subject.text):
        if "padding" in examination.taken and convention.size:
            continue
        again = _again(examination, convention, Domain())
        if _far(again) < _far(best) or (believed and best is examination and _far(again) <= _far(best)):
            again.notes.insert(0, f"judged as {convention}, which its own text asks for")
            best = again
    return best


def _far(examination: Examination) -> tuple[int, int]:
    """Return how far a function is from what is asked: the number of differences, then of wrong answers."""
    if "name" not in examination.known:
        examination.known["name"] = name(examination)
    code: str = examination.known["name"].code
    return 9 if code == mistakes.UNRECOGNISED else len(code.split("+")), len(examination.wrong)


def diagnose(examination: Examination, *, with_evidence: bool = True) -> Diagnosis | None:
    """Return the diagnosis of a function that was asked everything; None if nothing is wrong with it."""
    seen = manners.of_results(examination)
    if seen is None and not examination.wrong:
        seen = manners.of_arguments(examination) or manners.of_memory(examination) or manners.of_views(examination)
        if seen is None:
            return None
    diagnosis = _observed(*seen) if seen else examination.known.get("name") or name(examination)
    if examination.form.layout.input.endswith("N"):
        _call_colours_channels(diagnosis)
    if diagnosis.code != "mutates-input" and (also := manners.of_arguments(examination)) is not None:
        diagnosis.message += f" Besides, {also[1]}."
        diagnosis.evidence["also"] = {also[0]: also[1]}
    _say_how_it_was_called(examination, diagnosis)
    if with_evidence and diagnosis.code != "returns-nothing":
        try:
            _add_evidence(examination, diagnosis)
        except (Ended, TooLate) as stop:
            # The diagnosis stands; what would have illustrated it took too long or ended the process.
            examination.notes.append(f"evidence is incomplete: {stop or 'it took too long'}")
        except Exception as fault:  # of the checker itself
            what = f"{type(fault).__name__}: {printable(fault, 300)}"
            examination.notes.append(f"evidence is incomplete: the checker itself failed on it ({what})")
    return diagnosis


def _say_how_it_was_called(examination: Examination, diagnosis: Diagnosis) -> None:
    """Add the call to a message that quotes an exception."""
    raised = next((a for a in examination.wrong if a.answer.error), None)
    if raised is not None and (raised.answer.error or {}).get("type", "") in diagnosis.message:
        shown = show_geometry(raised.probe.geometry, examination.plane)
        diagnosis.message += f" It was called as {call_text(examination.form)}, with {shown}."


# What is an image of the batch in the definition is a colour, where one plane's kernel meets every colour alike.
COLOURS = {"batch-zero-only": "first-channel-only", "batch-summed": "channels-mixed", "images-mixed": "channels-mixed"}


def _call_colours_channels(diagnosis: Diagnosis) -> None:
    """Say channel where the diagnosis says image of the batch."""
    diagnosis.code = "+".join(COLOURS.get(part, part) for part in diagnosis.code.split("+"))
    for field_name in ("title", "message", "hint", "explanation"):
        text: str = getattr(diagnosis, field_name)
        for images, channels in (
            ("images of the batch", "channels"),
            ("image of the batch", "channel"),
            ("Images are", "Channels are"),
            ("images are", "channels are"),
            ("image of the input", "channel of the input"),
            ("image of the output", "channel of the output"),
            ("one image to the next", "one channel to the next"),
        ):
            text = text.replace(images, channels)
        setattr(diagnosis, field_name, text.replace("several images in the batch", "several channels"))


def name(examination: Examination) -> Diagnosis:
    """Return what the function does instead, by the first way of looking that tells it."""
    within = _within_its_checks(examination)
    if within is not None:
        return within
    if all(a.raised for a in examination.asked):  # an exception is evidence, and there is no value to look at
        exchanged = manners.of_exchange(examination) if "padding" in examination.taken else None
        return _observed(*exchanged) if exchanged else unrecognised(examination, [])
    for look in LOOKS:
        found = look(examination)
        if found is not None:
            return found
    return unrecognised(examination, [])


def _alone(examination: Examination) -> Diagnosis | None:
    """Return the one mistake of the catalogue that reproduces every value."""
    trials = [a.trial for a in examination.asked if not a.probe.larger]
    if examination.target.operation not in mistakes.OPERATIONS or all(t.right for t in trials):
        return None  # no mistake of the catalogue waits for something large
    found = mistakes.recognise(trials, pairs=False)
    return named(found[0]) if len(found) == 1 else None


def _wrapped(examination: Examination) -> Diagnosis | None:
    """Return where whole numbers wrap around: every answer is the right one, kept in a type too short for it."""
    whole = examination.dtype is not None and examination.dtype.whole
    trials = [a.trial for a in examination.asked if whole or a.probe.manner == "bytes"]
    if not any(not t.right for t in trials) or len([t for t in trials if not t.right]) < len(examination.wrong):
        return None
    for kind in ("int8", "uint8", "int16", "uint16", "int32"):
        if all(t.complete and mistakes.agree(t.got, t.expected.astype(np.int64).astype(kind), 0) for t in trials):
            least, most = np.iinfo(kind).min, np.iinfo(kind).max
            return Diagnosis(
                "integer-output",
                "The sums wrap around",
                f"The result is the right one kept in {kind}, which holds {least} to {most}: larger sums wrap around.",
                "Which type holds the largest sum that can occur?",
                {"seen": f"wrapped in {kind}"},
            )
    return None


def _in_another_convention(examination: Examination) -> Diagnosis | None:
    """Return the diagnosis of a function that is right in another convention, or within a domain of it."""
    found = followed(examination)
    if found is None:
        return None
    convention, domain = found
    parts = codes(convention, examination.convention)
    if examination.convention.size and not any(_has_another_shape(a) for a in examination.wrong):
        parts = ["shifted" if part == "output-size" else part for part in parts]
    plain = examination.convention.is_plain and examination.target.operation == "forward"
    library, kernels = library_of(convention) if plain else ("", "")
    code = "other-convention" if len(parts) > 1 and library else "+".join(parts)
    within = f" for {domain.words}" if domain else ""
    does = f", as {library} computes{f' for {kernels}' if kernels else ''}" if library else ""
    asked = (
        "a cross-correlation with the padding that is given"
        if examination.taken & {"padding"}
        else examination.convention
    )
    said = f"It is exactly {convention}{within}{does}; what is asked for is {asked}."
    if parts == ["shifted"] and convention.size in OWN_SIZES and (fit := _explained(examination)) is not None:
        said = fit.sentence
    if {convention.size, examination.convention.size} == {"same", "same-late"} and not domain:
        said += " That is the same for odd kernels; for even ones everything stands one line off."
    if examination.target.operation == "input_gradient" and convention.size == "valid" and code == "output-size":
        said = "It is the gradient of the padded image: the padding is not cut off."
    return Diagnosis(
        code,
        "It is right in another convention",
        said,
        "Which convention does the exercise ask for? --convention says that another is meant.",
        {"convention": str(convention), **({"domain": domain.words} if domain else {})},
        convention=library or None,
    )


def _has_another_shape(asked: Asked) -> bool:
    return asked.trial.got is None or asked.trial.got.shape != asked.trial.expected.shape


def _within_its_checks(examination: Examination) -> Diagnosis | None:
    """Return the domain that a function's own checks keep it to, if it is right there."""
    found = checked(examination)
    if found is None:
        return None
    convention, domain = found
    error = next(a.answer.error for a in examination.wrong if a.answer.error) or {}
    as_what = "" if convention == examination.convention else f", as {convention}"
    parts = codes(convention, examination.convention)
    return Diagnosis(
        "+".join(["domain", *parts]),
        f"It is right for {domain.words} only",
        f"Right for {domain.words}{as_what}; for others its own check raises {error.get('type')}"
        f"{': ' + error['text'] if error.get('text') else ''} ({error.get('line')}).",
        "Which size or option does the code take for granted?",
        {"domain": domain.words},
    )


def _within_a_domain(examination: Examination) -> Diagnosis | None:
    """Return the domain of shapes within which the function is right."""
    domain = limited(examination)
    return _limited_to(domain, examination) if domain is not None and is_about_shapes(domain) else None


def _explained(examination: Examination) -> FittedRelation | None:
    """Return what the function computes instead; it is asked once."""
    if "fit" not in examination.known:
        examination.known["fit"] = explain(examination)
    found: FittedRelation | None = examination.known["fit"]
    return found


def _by_its_differences(examination: Examination) -> Diagnosis | None:
    """Return the names of the differences between what the function computes and what was asked for."""
    found = _explained(examination)
    if found is None or found.code in ("", mistakes.UNRECOGNISED):
        return None
    domain = limited(examination)
    about_shapes = domain is not None and is_about_shapes(domain)
    return _of_a_fit(found, f"It is right for {domain.words}." if domain is not None and about_shapes else "")


def _of_a_fit(found: FittedRelation, more: str) -> Diagnosis:
    """Return the diagnosis that a fit gives, with one more sentence."""
    parts = found.code.split("+")
    entries = [next((m for m in mistakes.CATALOGUE if m.code == part), None) for part in parts]
    titles = [m.title if m else NEW[part].rstrip(".") for m, part in zip(entries, parts, strict=True)]
    hints = " ".join(m.hint for m in entries if m)
    does = f"That is exactly what {found.convention} computes." if found.convention else ""
    message = " ".join(filter(None, (found.sentence, does, more)))
    return Diagnosis(found.code, " — and: ".join(titles), message, hints, convention=found.convention)


def _under_a_condition(examination: Examination) -> Diagnosis | None:
    """Return what the function computes where a condition holds, or does not, while all else is right."""
    domain = limited(examination)
    if domain is not None:
        found = _outside_of(domain, examination)
        elsewhere = f"It is right for {domain.words}."
    else:
        only = spoilt(examination)
        if only is None:
            return None
        found = explain(examination, only.holds)
        elsewhere = f"That is so for {only.words}; for all others it is right."
    if found is None or found.code in ("", mistakes.UNRECOGNISED):
        return None
    return _of_a_fit(found, elsewhere)


def _outside_of(domain: Domain, examination: Examination) -> FittedRelation | None:
    """Return what the function computes outside of a domain; it is asked once."""
    key = f"fit outside of {domain.name}"
    if key not in examination.known:
        examination.known[key] = explain(examination, lambda g: not domain.holds(g))
    found: FittedRelation | None = examination.known[key]
    return found


def _within_options(examination: Examination) -> Diagnosis | None:
    """Return the domain of options or counts within which the function is right, where nothing says more."""
    domain = limited(examination)
    return _limited_to(domain, examination) if domain is not None else None


def _limited_to(domain: Domain, examination: Examination) -> Diagnosis:
    first = min((a for a in examination.wrong if not domain.holds(a.probe.geometry)), key=lambda a: a.simplicity)
    shown = show_geometry(first.probe.geometry, examination.plane)
    others = None if all(a.raised for a in examination.wrong) else _outside_of(domain, examination)
    beyond = f" For all others: {others.sentence[:1].lower()}{others.sentence[1:]}" if others else ""
    return Diagnosis(
        "domain",
        f"It is right for {domain.words} only",
        f"Right for {domain.words}; for {shown} {_does(first)}.{beyond}",
        "Which size or option does the code take for granted?",
        {"domain": domain.words},
    )


def _does(asked: Asked) -> str:
    """Return what a wrong call does: it raises, gives another shape, or other numbers."""
    error, trial = asked.answer.error, asked.trial
    if error and asked.raised:
        return f"it raises {error['type']}: {error['text']}" + (f" ({error['line']})" if error.get("line") else "")
    if trial.got is None or trial.got.shape == trial.expected.shape:
        return "it gives other numbers"
    if not trial.got.size:
        return "the result is empty"
    got, wanted = (" × ".join(map(str, a.shape[2:])) for a in (trial.got, trial.expected))
    return f"the result is {got}, not {wanted}" if got != wanted else "the result has another shape"


def _behaviour(examination: Examination) -> Diagnosis | None:
    """Return what can be seen of how the function behaves: whether it repeats itself, and whether it is linear."""
    seen = (
        manners.of_repetition(examination)
        or fractions_lost.of_image_type(examination)
        or fractions_lost.of_fractions(examination)
        or _of_changed_arguments(examination)
        or manners.of_linearity(examination)
    )
    return _observed(*seen) if seen else None


def _of_changed_arguments(examination: Examination) -> tuple[str, str] | None:
    """Return `mutates-input` where a function is not linear and changes what it goes on to read."""
    seen = manners.of_arguments(examination)
    if seen is None or (manners.of_linearity(examination) or ("", ""))[0] != "not-linear":
        return None
    return seen[0], f"{seen[1]}; the function reads them again, so that its result is wrong too"


def _not_a_number(examination: Examination) -> Diagnosis | None:
    """Return where the function gives NaN, or infinity."""
    for asked in examination.wrong:
        got = asked.trial.got
        if got is not None and not np.isfinite(got).all():
            count, where = int((~np.isfinite(got)).sum()), show_geometry(asked.probe.geometry, examination.plane)
            what = "NaN" if np.isnan(got).any() else "infinite"
            return Diagnosis(
                "not-finite", "Some results are no numbers", f"For {where} {count} of {got.size} elements are {what}.",
                "Which memory does the array begin with, and what is divided by what?",
            )  # fmt: skip
    return None


def _memory(examination: Examination) -> Diagnosis | None:
    """Return what one call keeps of the call before, or which result stands in the place of another."""
    seen = (
        manners.of_exchange(examination)
        or manners.of_update(examination)
        or of_bias_gradient(examination)
        or manners.of_memory(examination)
        or of_border(examination)
        or of_copied_border(examination)
        or of_spread_image(examination)
        or in_memory.of_memory(examination)
        or manners.of_scale(examination)
    )
    return _observed(*seen) if seen else None


def _right_sum_of_something_else(examination: Examination) -> Diagnosis | None:
    """Return what is done to an array before it is used, or to the result afterwards."""
    seen = of_changes(examination)
    if seen is None:
        return None
    code, said = seen
    entry = next((m for m in mistakes.CATALOGUE if m.code == code), None)
    title, hint = (
        (entry.title, entry.hint) if entry else (NEW[code].rstrip("."), "What is done before the sum, and after?")
    )
    return Diagnosis(code, title, f"{said} All else is right.", hint, {"seen": said})


# The ways of looking for a name, in turn.
LOOKS: tuple[Callable[[Examination], Diagnosis | None], ...] = (
    _wrapped, _alone, _memory, _in_another_convention, _right_sum_of_something_else,
    _by_its_differences, _not_a_number, _within_a_domain,
    _under_a_condition, _behaviour, _within_options,
)  # fmt: skip


def named(found: mistakes.Recognised) -> Diagnosis:
    """Return what the catalogue says of the mistake."""
    (entry,) = found.mistakes
    return Diagnosis(entry.code, entry.title, entry.explain(found.variation), entry.hint)


# An array without influence: what stands in its place, the catalogue's sentence knows of its own entry only.
SEEN_ALONE = ("kernel-ignored", "upstream-ignored")


def _observed(code: str, what: str) -> Diagnosis:
    if code in NEW:
        return Diagnosis(
            code, NEW[code].rstrip("."), f"{NEW[code].rstrip('.')}. Here: {what}.", evidence={"seen": what}
        )
    mistake = mistakes.find(code)
    if code in SEEN_ALONE:
        return Diagnosis(code, mistake.title, f"{what[:1].upper()}{what[1:]}.", mistake.hint, {"seen": what})
    said = f"{mistake.sentence.rstrip('.')}. Here: {what}."
    return Diagnosis(code, mistake.title, said, mistake.hint, {"seen": what})


def unrecognised(examination: Examination, candidates: list[str]) -> Diagnosis:
    """Return a diagnosis without a name: how much is wrong, and where."""
    wrong, asked = examination.wrong, len(examination.asked)
    raised = [a for a in wrong if a.answer.error]
    too_large = [a for a in wrong if a.answer.facts.get("too_large")]
    if too_large:
        shape = "×".join(map(str, too_large[0].answer.facts["too_large"]))
        title = "The result is larger than any convolution's"
        message = f"It is so for {len(too_large)} of {asked} inputs tried, for the first with shape {shape}."
    elif raised and len(raised) == len(wrong):
        error = raised[0].answer.error or {}
        where = f", at {error['line']}" if error.get("line") else ""
        message = (
            f"It raised {error.get('type')} for {len(raised)} of {asked} inputs tried: {error.get('text')}{where}."
        )
        title = f"It raises {error.get('type')}"
    else:
        title = "The values are wrong, in a way that has no name here"
        message = (
            f"{len(wrong)} of the {asked} inputs tried give wrong results{_where(examination)}. No mistake that is "
            "known here, and no other way to choose the indices, gives these values."
        )
        said = statements(examination) if examination.target.operation in mistakes.OPERATIONS else []
        if said:
            message = f"{len(wrong)} of the {asked} inputs tried give wrong results. {' '.join(said)}"
    if candidates:
        message = f"{message[:-1]}. Several explain it equally well ({', '.join(candidates)}), so none is named."
    return Diagnosis(mistakes.UNRECOGNISED, title, message)


def _where(examination: Examination) -> str:
    """Return the geometry of the first wrong probe, where the others with simpler ones are right."""
    return f", the first with {show_geometry(examination.wrong[0].probe.geometry, examination.plane)}"


def _add_evidence(examination: Examination, diagnosis: Diagnosis) -> None:
    if not examination.wrong:
        return
    first = examination.wrong[0]
    diagnosis.evidence["first_failing"] = show_geometry(first.probe.geometry, examination.plane)
    shapes = first.trial
    if shapes.got is not None and shapes.got.shape != shapes.expected.shape:
        diagnosis.evidence["shape"] = {"got": list(shapes.got.shape), "expected": list(shapes.expected.shape)}
    error = next((a.answer.error for a in examination.wrong if a.answer.error), None)
    if error:
        diagnosis.evidence["error"] = {k: str(error.get(k, "")) for k in ("type", "text", "line")}
    if any(a.answer.facts.get("too_large") for a in examination.wrong):
        return
    if examination.target.operation not in mistakes.OPERATIONS:
        return
    diagnosis.evidence["smallest"] = describe_smallest(examination, smallest(examination))
    # A program is started for every call: where its mistake has a name, the hundreds of a fit are spared.
    spared = diagnosis.code != mistakes.UNRECOGNISED and examination.form.container == "files"
    if "seen" not in diagnosis.evidence and "domain" not in diagnosis.evidence and not spared:
        explained = _explained(examination)
        if explained is not None:
            diagnosis.explanation, diagnosis.fit = explained.sentence, explained.fit
            diagnosis.convention = diagnosis.convention or explained.convention
        read = read_map(examination)
        if read is not None:
            diagnosis.evidence |= describe_reads(examination, read)
