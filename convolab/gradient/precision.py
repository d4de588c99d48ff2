"""How many digits does a function compute with? Not always as many as its arguments have.

A function of float64 may convert to float32 inside, autocast to bfloat16. Its gradients are then right as far as that
type reaches, and differences with a step that only float64 can see would be nothing but rounding.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Kind:
    """A floating-point type: its name, and how many bits of a number it keeps after the first."""

    name: str
    bits: int

    @property
    def epsilon(self) -> float:
        return 2.0**-self.bits

    @property
    def tolerance(self) -> float:
        """Allowed difference of a gradient computed with it, as a fraction of the largest one."""
        return max(1e-6, (100 if self.bits > 16 else 4) * self.epsilon)

    @property
    def step_tolerance(self) -> float:
        """Allowed difference of a slope taken with it: truncation and rounding of the best step."""
        return min(0.1, 100 * self.epsilon ** (2 / 3))


FLOAT64, FLOAT32, FLOAT16, BFLOAT16 = KINDS = (
    Kind("float64", 52),
    Kind("float32", 23),
    Kind("float16", 10),
    Kind("bfloat16", 7),
)


def coarsest(kinds) -> Kind:
    """Return the kind that keeps least; float64 if there are none."""
    return min(kinds, key=lambda kind: kind.bits, default=FLOAT64)


def kind_of(arrays: Sequence[np.ndarray]) -> Kind:
    """Return the coarsest type of some floating-point arrays."""
    return coarsest(Kind(str(a.dtype), min(52, int(np.finfo(a.dtype).nmant))) for a in arrays)


def felt(function: Callable[..., np.ndarray], arrays: Sequence[np.ndarray]) -> Kind:
    """Return the type that a function seems to compute with: the finest in which it feels a small change.

    A function that rounds to float32 inside gives the very same output when its arguments change by less, and another
    one, by at least a step of that type, when they change by more. Nothing is said of a function that feels neither.
    """
    known = kind_of(arrays)
    try:
        here = np.asarray(function(*(a.copy() for a in arrays)), np.float64)
        if _moves(function, arrays, here, known.epsilon * 2**8, 0.0).any():
            return known
        for kind in KINDS[1:3]:
            steps = _moves(function, arrays, here, kind.epsilon * 2**5, kind.epsilon / 4)
            if kind.bits < known.bits and steps.mean() > 0.25:
                return kind
    except Exception:  # a function under test may take its own numbers only
        pass
    return known


def _moves(function: Callable, arrays: Sequence[np.ndarray], here: np.ndarray, change: float, least: float):
    """Return which outputs move, by more than a part of themselves, when every argument is changed by a part."""
    rng = np.random.default_rng(1)
    moved = [(a * (1 + change * rng.choice([-1.0, 1.0], a.shape))).astype(a.dtype) for a in arrays]
    return np.abs(np.asarray(function(*moved), np.float64) - here) > least * np.abs(here)
