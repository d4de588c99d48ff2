"""What of a hand-in is judged, and as what: by the names that were given, by the checker's own, or by a course's."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from convolab.verify.asked import CORRELATION, DIVIDES, AskedConvention, Domain
from convolab.verify.courses import COURSES, Course, courses_of, parts_of
from convolab.verify.forms import Form, backward_method, forms, is_autograd, transposed_forms
from convolab.verify.roles import assigned, role_of, sized, spelled
from convolab.verify.targets import OPTIONS, TARGETS, TRANSPOSED, JudgedFunction, Options, Parameters

# What a function is called that may be meant, where nothing else is found.
LIKELY = re.compile(r"conv|corr|filter_?(2d|image)|imfilter|apply_(kernel|filter)", re.IGNORECASE)
TRANSPOSES = re.compile(r"transposed?_?conv|conv\w*?_?transpose|deconv|up_?conv", re.IGNORECASE)
OF_WEIGHTS = re.compile(r"(weight|kernel|filter)s?_?grad|(grad|back|backward|wrt)_?(weight|kernel|filter)", re.I)
BACK = re.compile(r"back|bwd|(?<!wino)grad|deriv", re.IGNORECASE)
HELPER = re.compile(
    r"pad|normal|build|make|load|show|plot|draw|flip|rotat|check|test|main|init|creat|print|size|shape|valid|pool|im2col",
    re.IGNORECASE,
)
TURNS = r"flip\w*?(?=_|\b)|rotat\w*?(?=_|\b)|mirror\w*?(?=_|\b)|180"
KERNEL_NAMES = frozenset("kernel kernels filter filters filt weights weight stencil ker kern conv_kernel".split())
BACKWARD = (("conv2d_input", "dx"), ("conv2d_weight", "dw"), ("conv2d_bias", "db"))


@dataclass(frozen=True)
class JudgedSubject:
    """One thing that is judged.

    Attributes
    ----------
    name, shown : str
        Its name in the file, and in the report.
    target : JudgedFunction
    forms : list of Form
        The ways in which it may be meant to be called, the likeliest first.
    conventions : tuple of AskedConvention
        What may be asked; the one that it follows best is.
    domain : Domain
    options : dict
        Options that are fixed.
    notes : list of str
    text : str
        Its name and what it says of itself.
    likely : bool
        Whether nobody has named it: it is found by what its name and its parameters are like.
    """

    name: str
    shown: str
    target: JudgedFunction
    forms: list[Form]
    conventions: tuple[AskedConvention, ...] = (CORRELATION,)
    domain: Domain = field(default_factory=Domain)
    options: Options = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    text: str = ""
    by_course: bool = False
    likely: bool = False


def subjects(
    loaded: dict[str, Any], wanted: dict[str, JudgedFunction] | None, settings: dict[str, Any]
) -> Iterator[JudgedSubject]:
    """Yield what is judged of a hand-in.

    Parameters
    ----------
    loaded : dict
        What the hand-in has, see `inside/describing.py`.
    wanted : dict of JudgedFunction, optional
        The functions that were named; otherwise those with a name that can be judged, or that a course gives.
    settings : dict
        `course`, and what `check` was given.
    """
    known: dict[str, Parameters] = loaded["functions"]
    if wanted is not None:
        for name in (n for n in wanted if n in known):
            yield from _named(name, wanted[name], known, loaded)
        yield from _of_autograd(known, loaded, beside=wanted)
        return
    course, notes = _course(known, settings.get("course"))
    of_course = list(_of_course(course, known, notes)) if course else []
    yield from of_course
    taken = {s.name for s in of_course}
    own = [n for n in TARGETS if n in known and n not in taken]
    lacking = (f"no function has a name of {course.title}",) if course and not of_course else ()
    for name in own:
        yield from (replace(s, notes=(*lacking, *s.notes)) for s in _named(name, TARGETS[name], known, loaded))
    yield from _of_autograd(known, loaded, beside=own)
    if not of_course and not own:
        yield from (replace(s, notes=(*lacking, *s.notes)) for s in _likely(known))


def _course(known: dict[str, Parameters], name: str | None) -> tuple[Course | None, tuple[str, ...]]:
    """Return the course that was named, or that the file's names and parameters say, and a note where several do."""
    if name is not None:
        return COURSES[name], ()
    found = courses_of(known)
    if not found:
        return None, ()
    if len(found) > 1:
        others = ", ".join(c.name for c in found)
        return found[0], (f"may be of several courses ({others}): judged as {found[0].name}'s; --course says another",)
    return found[0], (f"judged as {found[0].title} asks for it (--course {found[0].name})",)


def _of_course(course: Course, known: dict[str, Parameters], notes: Sequence[str]) -> Iterator[JudgedSubject]:
    for name, shown, part, made, options in parts_of(course, known):
        if made:
            yield JudgedSubject(
                name, shown, TARGETS[part.target], made, part.conventions, part.domain, options, tuple(notes),
                _text(name, known[name]), by_course=True,
            )  # fmt: skip


def _named(
    name: str, target: JudgedFunction, known: dict[str, Parameters], loaded: dict[str, Any]
) -> Iterator[JudgedSubject]:
    """Yield a function that was named, and the gradients of a class that was named for its forward pass."""
    said = known[name]
    text = _text(name, said)
    own = loaded["forms"](target) if "forms" in loaded else _sure(forms(name, said, target, known), name, said, target)
    yield JudgedSubject(name, name, target, own, text=text)
    if target.operation == "forward":
        yield from _gradients_of_class(name, known)


def _gradients_of_class(name: str, known: dict[str, Parameters]) -> Iterator[JudgedSubject]:
    """Yield the gradients of a class that has a backward pass."""
    said = known[name]
    if not said.get("class") or backward_method(said.get("methods", {})) is None:
        return
    for other, label in BACKWARD:
        made = forms(name, said, TARGETS[other], known)
        if made and (label != "db" or any("bias" in f.roles for f in made)):
            yield JudgedSubject(name, f"{name} [{label}]", TARGETS[other], made, text=_text(name, said))


def _of_autograd(
    known: dict[str, Parameters], loaded: dict[str, Any], *, beside: Collection[str]
) -> Iterator[JudgedSubject]:
    """Yield the gradients of a convolution whose backward pass torch calls, where a function beside it is judged."""
    for name in (n for n, said in known.items() if is_autograd(said) and n not in beside and beside):
        subjects_of_it = list(_named(name, TARGETS["conv2d"], known, loaded))
        yield from (s for s in subjects_of_it if s.target is not TARGETS["conv2d"])


def _sure(made: list[Form], name: str, said: Parameters, target: JudgedFunction) -> list[Form]:
    """Return the forms, or, where none is known, one that hands in what the target has."""
    return made or forms(name, {**said, "unknown": True, "class": False}, target, {})


def _likely(known: dict[str, Parameters]) -> Iterator[JudgedSubject]:
    """Yield functions whose names and parameters look like a convolution's; or else whose parameters alone do."""
    found = [*_likely_by_name(known)]
    yield from found or _likely_by_parameters(known)


def _likely_by_parameters(known: dict[str, Parameters]) -> Iterator[JudgedSubject]:
    """Yield functions of two arrays, of which one has a kernel's name, that are no helpers by their own name."""
    for name, said in known.items():
        if name.startswith("_") or HELPER.search(name) or said.get("unknown") or said.get("class"):
            continue
        if BACK.search(name):
            yield from _one_gradient(name, known)
            continue
        needed = [p for p in said["parameters"] if "default" not in p]
        if len(needed) > 2:  # with options that are required
            roles = assigned(said["parameters"], ("input", "weight"))
            roled = zip(said["parameters"], roles, strict=True)
            options = [p for p, role in roled if role in OPTIONS and role_of(p, OPTIONS)]
            needed = [p for p in needed if p not in options]
        kernels = [p for p in needed if spelled(p["name"]) in KERNEL_NAMES]
        if len(needed) == 2 and len(kernels) == 1 and said.get("doc", "") + name:
            yield from _as_convolution(name, known, "its parameters")


def _as_convolution(name: str, known: dict[str, Parameters], by: str) -> Iterator[JudgedSubject]:
    made = forms(name, known[name], TARGETS["conv2d"], known)
    if made:
        note = f"judged as conv2d, by {by}; --function {name}=NAME judges it as another"
        text = _text(name, known[name])
        yield JudgedSubject(name, name, TARGETS["conv2d"], made, notes=(note,), text=text, likely=True)
        yield from _gradients_of_class(name, known)


def _as_transposed(name: str, known: dict[str, Parameters]) -> Iterator[JudgedSubject]:
    """Yield a transposed convolution: its result has just the size that the stride leads to."""
    said = known[name]
    if not said.get("class") and not {"input", "weight"} <= set(assigned(said["parameters"], ("input", "weight"))):
        return
    made = transposed_forms(name, said, known)
    note = f"judged as a transposed convolution, by its name; --function {name}=NAME judges it as another"
    if made:
        text = _text(name, said)
        yield JudgedSubject(name, name, TRANSPOSED, made, domain=DIVIDES, notes=(note,), text=text)


def _backward_function(name: str, known: dict[str, Parameters]) -> Iterator[JudgedSubject]:
    """Yield the gradients of a function of an output gradient and a cache, or of both factors beside it."""
    parameters = known[name]["parameters"]
    arrays = {"grad_output", "input", "weight"}
    if OF_WEIGHTS.search(name) and [*_one_gradient(name, known, ("input",))]:
        yield from _one_gradient(name, known, ("input",))
        return
    with_cache = {"grad_output", "cache"} <= set(assigned(parameters, ("grad_output",)))
    if not with_cache and not arrays <= {role_of(p, tuple(arrays)) for p in parameters}:
        yield from _one_gradient(name, known)
        return
    note = f"judged as a backward pass, by its name and its parameters; --function {name}=NAME judges it as another"
    for other, label in BACKWARD:
        made = forms(name, known[name], TARGETS[other], known)
        made = [f for f in made if with_cache or arrays <= f.roles]
        made = [replace(f, pick=(*f.pick, "absent")) if "absent" not in f.pick else f for f in made]
        if made:
            text = _text(name, known[name])
            yield JudgedSubject(name, f"{name} [{label}]", TARGETS[other], made, notes=(note,), text=text)


def _one_gradient(
    name: str, known: dict[str, Parameters], factors: Collection[str] = ("weight", "input")
) -> Iterator[JudgedSubject]:
    """Yield the gradient that a function of an output gradient and of one factor computes: that of the other factor."""
    parameters = known[name]["parameters"]
    for factor, other, what in (("weight", "conv2d_input", "input"), ("input", "conv2d_weight", "kernel")):
        roles = sized(parameters, ("grad_output", factor), TARGETS[other].operation)
        told = {role_of(p, ("grad_output", factor)) for p in parameters}
        if (
            factor not in factors
            or not {"grad_output", factor} <= told
            or any(not role and "default" not in p for p, role in zip(parameters, roles, strict=True))
        ):
            continue
        made = forms(name, known[name], TARGETS[other], known)
        by = "by its name and its parameters"
        note = f"judged as the gradient of the {what}, {by}; --function {name}=NAME judges it as another"
        if made:
            yield JudgedSubject(name, name, TARGETS[other], made, notes=(note,), text=_text(name, known[name]))
            return


def _likely_by_name(known: dict[str, Parameters]) -> Iterator[JudgedSubject]:
    for name, said in known.items():
        if name.startswith("_") or not LIKELY.search(name) or said.get("unknown"):
            continue
        if TRANSPOSES.search(name):
            yield from _as_transposed(name, known)
        elif BACK.search(name) and not said.get("class"):
            yield from _backward_function(name, known)
        elif said.get("class") or {"input", "weight"} <= set(assigned(said["parameters"], ("input", "weight"))):
            yield from _as_convolution(name, known, "its name and its parameters")


def _text(name: str, said: Parameters) -> str:
    """Return what a function says of itself: its name, its text, its parameters' names and plain defaults.

    That a kernel should be turned is asked for by a text alone: a name says what a program does, also by mistake.
    """
    parameters = " ".join(
        f"{p['name']} {p['default']}" for p in said["parameters"] if isinstance(p.get("default"), str)
    )
    methods = " ".join(m.get("doc", "") for m in said.get("methods", {}).values())
    called = re.sub(TURNS, "", name, flags=re.IGNORECASE).replace("_", " ")
    return f"{called} {said.get('doc', '')} {parameters} {methods}"
