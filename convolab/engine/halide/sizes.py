"""Which sizes are numbers in the compiled code, and which does each call bring?

The code of a pipeline serves every batch, height, width, length and number of channels. What it knows is what makes it
fast: types, kernel, stride, dilation, padding before the first input, very small numbers of channels, and what some
sizes are multiples of, so that their last tile needs no test.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import halide as hl
import numpy as np

from convolab.engine.halide.problem import LETTERS, Problem, Size
from convolab.geometry import Axis

SMALL = 4  # channels of a group, up to which their number is compiled in


class Brought(NamedTuple):
    """A size that comes with the call, as a number of which it is `factor` times as large, plus a remainder.

    The number is at least `least`.
    """

    name: str
    factor: int = 1
    remainder: int = 0
    least: int = 1

    def number(self, size: int) -> int:
        """Return the number that is brought for a size."""
        return (size - self.remainder) // self.factor


@dataclass(frozen=True)
class CodeForm:
    """All that compiled code depends on, besides its schedule; tuples of axes have the fastest first.

    Attributes
    ----------
    types : tuple of str
        Of the factors, of the result and of the arrays given.
    leaves : tuple of bool
        Whether some windows of an axis reach outside the input.
    leaves_output : bool
        Whether some inputs of a row would have windows beside its outputs.
    known : tuple of (str, int)
        Sizes that are numbers in the code.
    brought : tuple of Brought
        Sizes that come with the call.
    derived : tuple of (str, str, int, int)
        Sizes that are derived from a number that comes with the call: (name, the number's name, factor, summand).
    contiguous : bool
        Whether the strides of the arrays are known from their sizes.
    """

    types: tuple[str, str, str]
    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    dilation: tuple[int, ...]
    before: tuple[int, ...]
    leaves: tuple[bool, ...]
    leaves_output: bool
    known: tuple[tuple[str, int], ...]
    brought: tuple["Brought", ...]
    derived: tuple[tuple[str, str, int, int], ...]
    contiguous: bool = False


def sizes_of(p: Problem) -> dict[str, int]:
    """Every size of the problem, by its name."""
    found = {"inputs": p.inputs, "outputs": p.outputs, "groups": p.groups, "batch": p.batch}
    for letter, axis in zip(LETTERS, p.axes, strict=False):
        found |= {f"input_{letter}": axis.input, f"output_{letter}": axis.output}
    return found


def form_of(
    p: Problem,
    more: Mapping[str, int],
    promised: Iterable[Brought] = (),
    known: Iterable[str] = (),
    derived: Mapping[str, tuple[str, int]] = MappingProxyType({}),
) -> tuple[CodeForm, tuple[int, ...]]:
    """The form of a problem's code, and the numbers that its call brings.

    Parameters
    ----------
    more : mapping
        Sizes that the schedule adds.
    promised : iterable of Brought
        What is known of some of the sizes that come with the call.
    known : iterable of str
        Names of sizes that are compiled in.
    derived : mapping
        For sizes that grow with another one: its name, and how much they grow with the number that is brought for it.
    """
    sizes = sizes_of(p) | dict(more)
    most = {"inputs": SMALL, "outputs": SMALL, "groups": 1}
    fixed = {*known, *(name for name, few in most.items() if sizes[name] <= few)}
    fixed |= {name for name, (other, _) in derived.items() if other in fixed}
    promises = {each.name: each for each in promised}
    brought = tuple(promises.get(n, Brought(n)) for n in sizes if n not in fixed and n not in derived)
    numbers = {each.name: each.number(sizes[each.name]) for each in brought}
    dependent = tuple(
        (name, other, factor, sizes[name] - factor * numbers[other])
        for name, (other, factor) in derived.items()
        if name not in fixed
    )
    kernel, stride, dilation, before = zip(*((a.kernel, a.stride, a.dilation, a.before) for a in p.axes), strict=True)
    constants = tuple((name, size) for name, size in sizes.items() if name in fixed)
    values = tuple(numbers[each.name] - each.least for each in brought)
    leaves = p.leaves, p.leaves_output
    form = CodeForm(p.types, kernel, stride, dilation, before, *leaves, constants, brought, dependent, p.contiguous)
    return form, values


class AnySize(Problem):
    """The problem of a form: the sizes that a call brings are Halide's expressions of its `parameters`."""

    def __init__(self, form: CodeForm):
        self.form = form
        self._set_types(*map(np.dtype, form.types))
        self.contiguous, self.leaves, self.leaves_output = form.contiguous, form.leaves, form.leaves_output
        self.brought = {each.name: each for each in form.brought}
        parameters = {name: hl.Param(hl.Int(32), f"size_{name}") for name in self.brought}
        self.parameters = list(parameters.values())
        self.sizes: dict[str, Size] = dict(form.known)
        # That a number is not less than the least one is said by an expression, which Halide's simplifier understands.
        numbers = {name: hl.max(parameters[name], 0) + each.least for name, each in self.brought.items()}
        for name, each in self.brought.items():
            self.sizes[name] = each.factor * numbers[name] + each.remainder
        for name, other, factor, summand in form.derived:
            self.sizes[name] = factor * numbers[other] + summand
        inputs, outputs = ([self.sizes.get(f"{kind}_{x}") for x in LETTERS] for kind in ("input", "output"))
        parts = zip(inputs, form.kernel, outputs, form.stride, form.dilation, form.before, strict=False)
        self._set_sizes(tuple(Axis(*part) for part in parts), *(self.sizes[n] for n in COUNTS))

    def divides(self, number: int, name: str) -> bool:
        """Whether the size of that name is known to be a multiple of the number."""
        if name in self.brought:
            return self.brought[name].factor % number == 0 and self.brought[name].remainder % number == 0
        return bool(self.sizes[name] % number == 0)


COUNTS = ("inputs", "outputs", "groups", "batch")
