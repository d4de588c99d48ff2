"""What must a hand-in define? Every function that is judged by its name: its arguments, in order, and their shapes."""

from collections.abc import Iterable
from textwrap import fill
from typing import Any, NamedTuple

from convolab.verify.exercise1.layers import SHEETS
from convolab.verify.sobel.judge import SOBELS
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
    "Arguments come in this order, or in another where their names say which is which. They are NumPy arrays or torch "
    "tensors, indexed [row, column] from 0. What is computed is a cross-correlation: the kernel is not flipped."
)
WIDTH = 100  # characters of a printed line
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


PICTURE = "(H, W), a grey picture of fractions from 0 to 1, without a channel axis"
EDGES = "(H − 2, W − 2), √(G_x² + G_y²) at every whole 3 × 3 window, divided by its own maximum"
NETWORK = {
    "network": (
        "a network of torch's: nn.Sequential, or a class with a forward. It is given (N, 1, 28, 28), fractions from 0 "
        "to 1, and returns (N, 10), one score a digit, without a softmax. The sheet's layers: "
        + " · ".join(map(str, SHEETS))
    ),
    "training": (
        "the loop that trains it, run by the file itself, or a function whose name says so, such as train(model, "
        "loader, "
        "optimizer, criterion, device): what each parameter is follows from its name. Batches of training images, "
        "shuffled, and for each of them zero_grad, the scores, cross-entropy, backward, step"
    ),
    "evaluation": (
        "the loop that tests it, likewise, such as evaluate(model, loader, device): the test images, without "
        "gradients, "
        "each image's highest score compared with its label, and the number of right ones divided by that of the images"
    ),
}
"""What a file defines for exercise 1; MNIST is handed to it, whatever it is read by, as a small part of the set."""


def _sobel_signature(name: str) -> Signature:
    return Signature(name, f"{name}(img)", {"img": PICTURE}, EDGES)


def line_of(name: str, judged_as: str) -> str:
    """Return the line that begins a function's definition, under a name of its own."""
    target = TARGETS.get(judged_as)
    if judged_as in SOBELS:
        return f"{name}(img)"
    return signature(target).line.replace(judged_as, name, 1) if target else name


def signatures() -> list[Signature]:
    """Return the signature of every function that is judged by its name."""
    return [*map(signature, TARGETS.values()), *map(_sobel_signature, SOBELS)]


def signatures_text() -> str:
    """Return all of them as text."""
    blocks = [_block(one) for one in signatures()]
    networks = ["For exercise 1:", *(_wrapped(f"{name}: {what}.") for name, what in NETWORK.items())]
    return "\n\n".join(["A hand-in defines any of these.", *blocks, ORDER, LETTERS + ".", *networks])


def _wrapped(text: str) -> str:
    return fill(text, WIDTH, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)


def _block(one: Signature) -> str:
    said = {**one.arguments, "returns": one.returns}
    width = max(map(len, said))
    return "\n".join([one.line, *(f"    {name:<{width}}  {what}" for name, what in said.items())])


def as_dict() -> dict[str, Any]:
    """Return all of them as `--json` prints them."""
    functions = [one._asdict() for one in signatures()]
    return {"functions": functions, "order": ORDER, "letters": LETTERS, "network": NETWORK}


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
