"""What is checked? A function and its gradients on NumPy arrays, and those of its arguments that count."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from convolab.errors import ArgumentError, DtypeError
from convolab.geometry import Geometry
from convolab.gradient.precision import Kind

# Stands for the gradient of an argument that is not to be checked.
NOT_CHECKED = object()


@dataclass(frozen=True)
class Subject:
    """A function and its gradients on NumPy arrays.

    Attributes
    ----------
    title : str
    names : tuple of str
        Of the arguments that are checked.
    forward : callable
        (*arguments) → output
    gradients : callable
        (grad_output, *arguments) → one gradient an argument; `NOT_CHECKED` for one that nobody asked about.
    geometry : Geometry or None
        Where the function is known to be that convolution of its first two arguments, (input, weight).
    kinks : callable or None
        (reach, *arguments) → the operations met within `reach` of a point where they are not differentiable.
    computed_in : callable or None
        (grad_output, *arguments) → the coarsest type that numbers pass through inside.
    precisely : callable or None
        `forward` in float64, whatever types it asks for inside.
    """

    title: str
    names: tuple[str, ...]
    forward: Callable[..., np.ndarray]
    gradients: Callable[..., Sequence]
    geometry: Geometry | None = None
    kinks: Callable[..., list[str]] | None = None
    notes: tuple[str, ...] = field(default=())
    computed_in: Callable[..., Kind] | None = None
    precisely: Callable[..., np.ndarray] | None = None


def title_of(function) -> str:
    return getattr(function, "__name__", type(function).__name__)


def names_of(function, count: int) -> tuple[str, ...]:
    """Return the names of a function's first arguments; argument0, argument1, … where it does not tell them."""
    try:
        kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        names = [name for name, p in inspect.signature(function).parameters.items() if p.kind in kinds]
    except (TypeError, ValueError):
        names = []
    return tuple(names[n] if n < len(names) else f"argument{n}" for n in range(count))


def checked_places(arguments: Sequence) -> list[int]:
    """Return the places of the arguments that are checked."""
    places = [n for n, a in enumerate(arguments) if isinstance(a, (np.ndarray, np.generic)) and a.dtype.kind == "f"]
    if not places:
        kinds = ", ".join(str(getattr(a, "dtype", type(a).__name__)) for a in arguments) or "none"
        raise DtypeError(
            f"gradcheck: arguments hold no floating-point array, got {kinds}. Expected at least one; integers become "
            f"floating with .astype(float), and are then checked without any tolerance."
        )
    for n in places:
        if arguments[n].size == 0:
            raise ArgumentError(f"gradcheck: argument {n} has no elements, shape {arguments[n].shape}.")
    return places
