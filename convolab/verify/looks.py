"""Which mistake is it? The ways of looking for its name, in turn; the first that tells it is the answer."""

from collections.abc import Callable

import numpy as np

from convolab.definition import mistakes
from convolab.fitting.names import NEW
from convolab.verify import fractions_lost, manners
from convolab.verify.around import of_changes
from convolab.verify.asked import Domain, library_of
from convolab.verify.beyond import of_border, of_copied_border, of_spread_image
from convolab.verify.bias_gradient import of_bias_gradient
from convolab.verify.diagnosis import Diagnosis, named, observed
from convolab.verify.examine import Asked, Examination
from convolab.verify.explanation import FittedRelation, explain, statements
from convolab.verify.following import checked, codes, followed, is_about_shapes, limited, spoilt
from convolab.verify.in_memory import has_another_shape, of_memory
from convolab.verify.words import show_geometry

NAMELESS = "The values are wrong, in a way that has no name here"
# Sizes that no library has under a name: a text that asks for another is believed.
OWN_SIZES = ("first", "last", "half", "centred")


def name(examination: Examination, *, fitted: bool = True) -> Diagnosis:
    """Return what the function does instead, by the first way of looking that tells it; maybe without a fit."""
    within = _within_its_checks(examination)
    if within is not None:
        return within
    if all(a.raised for a in examination.asked):  # an exception is evidence, and there is no value to look at
        exchanged = manners.of_exchange(examination) if "padding" in examination.taken else None
        return observed(*exchanged) if exchanged else unrecognised(examination, [])
    for look in LOOKS if fitted else (look for look in LOOKS if look not in FITS):
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
    if examination.convention.size and not any(has_another_shape(a) for a in examination.wrong):
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
    if parts == ["shifted"] and convention.size in OWN_SIZES and (fit := explained(examination)) is not None:
        said = fit.sentence
    if {convention.size, examination.convention.size} == {"same", "same-late"} and not domain:
        said += " That is the same for odd kernels; for even ones everything stands one line off."
    if convention.size == "half" and examination.convention.size.startswith("same") and not domain:
        plainly = "" if "dilation" not in examination.taken else " without dilation"
        said += f" That is the same for odd kernels{plainly}; for even ones the result has one line more."
    if (
        convention.size in ("half", "same-late")
        and examination.convention.size == "same"
        and parts[-1] == "output-size"
    ):
        said += " The padding does not grow with the dilation." if "dilation" in examination.taken else ""
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


def explained(examination: Examination) -> FittedRelation | None:
    """Return what the function computes instead; it is asked once."""
    if "fit" not in examination.known:
        examination.known["fit"] = explain(examination)
    found: FittedRelation | None = examination.known["fit"]
    return found


def _by_its_differences(examination: Examination) -> Diagnosis | None:
    """Return the names of the differences between what the function computes and what was asked for."""
    found = explained(examination)
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
        or fractions_lost.of_digits(examination)
        or fractions_lost.of_image_type(examination)
        or fractions_lost.of_fractions(examination)
        or _of_changed_arguments(examination)
        or manners.of_linearity(examination)
    )
    return observed(*seen) if seen else None


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
        or of_memory(examination)
        or manners.of_added(examination)
        or manners.of_scale(examination)
    )
    return observed(*seen) if seen else None


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
FITS = (_by_its_differences, _under_a_condition)


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
        title = NAMELESS
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
