"""What must a hand-in define? Every function that is judged by its name: its arguments, in order, and their shapes."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from convolab.verify.targets import TARGETS, JudgedFunction, Parameters

SHAPES = {
    True: {"input": "(H, W)", "weight": "(kH, kW)", "grad_output": "(H − kH + 1, W − kW + 1)"},
    False: {
        "input": "(N, C, H, W)",
        "weight": "(F, C, kH, kW)",
        "grad_output": "(N, F, oH, oW)",
        "input_size": "the four numbers (N, C, H, W)",
        "weight_size": "the four numbers (F, C, kH, kW)",
    },
}
RESULTS = {"forward": "grad_output", "input_gradient": "input", "weight_gradient": "weight"}
OPTIONS = (("stride", "1"), ("padding", "0"))
LETTERS = (
    "H, W rows and columns of the image; kH, kW of the kernel; N images, C channels, F filters; "
    "oH = ⌊(H + 2·padding − kH) / stride⌋ + 1, oW likewise"
)
ORDER = (
    "Arguments come in this order; in another one where their names say which is which. They are NumPy arrays or torch "
    "tensors, indexed [row, column] from 0. What is computed is a cross-correlation: the kernel is not flipped."
)
MOST_SHOWN = 6  # functions of a file that a message names


class Signature(NamedTuple):
    """One function: the line that begins its definition, what each argument is, and what it returns."""

    name: str
    line: str
    arguments: dict[str, str]
    returns: str


def signature(target: JudgedFunction) -> Signature:
    """Return what a function that can be judged takes and gives.

    >>> signature(TARGETS["apply_convolution"]).line
    'apply_convolution(img, kernel)'
    >>> signature(TARGETS["apply_convolution"]).returns
    '(H − kH + 1, W − kW + 1)'
    """
    shapes = SHAPES[target.plane]
    arguments = {"i": "row of the element, counted from 1", "j": "its column, counted from 1"}
    arguments = arguments if target.by_position else {}
    arguments |= {c: shapes.get(a, "") for a, c in zip(target.arguments, target.called, strict=True)}
    takes_options = not target.plane and target.operation in RESULTS
    options = {name: f"{default} if it is not given" for name, default in OPTIONS if takes_options}
    shown = [*arguments, *(f"{name}={default}" for name, default in OPTIONS if takes_options)]
    returns = shapes.get(RESULTS.get(target.operation, ""), "(F,)" if target.operation == "bias_gradient" else "")
    if target.by_position:
        returns = "one number, the element (i, j) of the result"
    return Signature(target.name, f"{target.name}({', '.join(shown)})", arguments | options, returns)


def line_of(name: str, judged_as: str) -> str:
    """Return the line that begins a function's definition, under a name of its own."""
    target = TARGETS.get(judged_as)
    return signature(target).line.replace(judged_as, name, 1) if target else name


def signatures() -> list[Signature]:
    """Return the signature of every function that is judged by its name."""
    return [signature(target) for target in TARGETS.values()]


def signatures_text() -> str:
    """Return all of them as text."""
    blocks = [_block(one) for one in signatures()]
    return "\n\n".join(["A hand-in defines any of these.", *blocks, ORDER, LETTERS + "."])


def _block(one: Signature) -> str:
    said = {**one.arguments, "returns": one.returns}
    width = max(map(len, said))
    return "\n".join([one.line, *(f"    {name:<{width}}  {what}" for name, what in said.items())])


def as_dict() -> dict[str, Any]:
    """Return all of them as `--json` prints them."""
    return {"functions": [one._asdict() for one in signatures()], "order": ORDER, "letters": LETTERS}


def nothing_to_judge(known: dict[str, Parameters], wanted: Iterable[str] | None) -> str:
    """Return one line for a file that has none of the functions: what it has, and how to have that judged."""
    asked = ", ".join(wanted) if wanted else "the functions that are judged"
    listed = "convolab check --signatures lists what is judged"
    found = {name: said for name, said in known.items() if not name.startswith("_")}
    if not found:
        expected = "Expected such as apply_convolution(img, kernel)"
        return f"it defines none of {asked}, and no other function. {expected}; {listed}"
    shown = ", ".join(_shown(name, said) for name, said in list(found.items())[:MOST_SHOWN])
    more = f" and {len(found) - MOST_SHOWN} more" if len(found) > MOST_SHOWN else ""
    name, target = _likeliest(found)
    return f"it defines none of {asked}, but {shown}{more}. To have one judged: --function {name}={target}; {listed}"


def _shown(name: str, said: Parameters) -> str:
    return f"class {name}" if said.get("class") else f"{name}({', '.join(p['name'] for p in said['parameters'])})"


def _likeliest(found: dict[str, Parameters]) -> tuple[str, str]:
    """Return the function that is most likely meant, and as what: by how many arguments it needs."""
    needs = {n: sum("default" not in p for p in said["parameters"]) for n, said in found.items()}
    for count, target in ((2, "apply_convolution"), (4, "compute_convolution_at_position"), (3, "conv2d")):
        name = next((n for n, needed in needs.items() if needed == count and not found[n].get("class")), None)
        if name is not None:
            return name, target
    return next(iter(found)), "conv2d"
