"""How a function was called, as one would write the call."""

from convolab.verify.forms import ARRAYS, Argument, Form, Step
from convolab.verify.targets import OPTIONS

# What is handed in that is no array of numbers: a context as torch's, an array that is written into.
OTHERS = {"context": "ctx", "made": "out", "kept": "what the forward pass gave"}


def call_text(form: Form) -> str:
    """Return the calls of a form: `Conv(weight, stride, padding).forward(input)`.

    >>> from convolab.verify.layouts import PLANE
    >>> from convolab.verify.targets import TARGETS
    >>> step = Step("convolve", (Argument("weight"), Argument("input", "image"), Argument("padding", "pad")))
    >>> call_text(Form(TARGETS["apply_convolution"], PLANE, (step,)))
    'convolve(kernel, image=img, pad=padding)'
    """
    names = dict(zip(form.target.arguments, form.target.called, strict=True))
    positions = ("i", "j") if form.target.by_position else ()
    texts = [_step(step, names, positions, lists=form.container == "lists") for step in form.steps]
    said = texts[0] + "".join(text if text.startswith(".") else f", then {text}" for text in texts[1:])
    return said + (", on tensors" if form.container == "tensors" else "")


def _step(step: Step, names: dict[str, str], positions: tuple[str, ...], *, lists: bool) -> str:
    given = [_argument(a, names, lists=lists) for a in step.arguments]
    if step.set:
        return f"{step.call}.{step.set[0]} = {given[0]}"
    where = step.call if isinstance(step.call, str) else "." + ".".join(step.call[1:])
    return f"{where}({', '.join((*positions, *given))})"


def _argument(a: Argument, names: dict[str, str], *, lists: bool) -> str:
    value = _value(a, names, lists=lists)
    return f"{a.keyword}={value}" if a.keyword else value


def _value(a: Argument, names: dict[str, str], *, lists: bool) -> str:
    if a.role in ARRAYS:
        name = names.get(a.role, a.role)
        return f"{name}.tolist()" if a.style == "list" or (lists and a.role != "bias") else name
    if a.role == "options":
        return "{" + ", ".join(f"{key!r}: {role}" for key, role in a.value) + "}"
    if a.role in ("tuple", "node"):
        return "(" + ", ".join(_value(inner, names, lists=lists) for inner in a.value) + ")"
    if a.role in (*OPTIONS, *OTHERS):
        return OTHERS.get(a.role, a.role)
    return _plain(a)


def _plain(a: Argument) -> str:
    return repr(a.value) if a.role == "constant" else a.role
