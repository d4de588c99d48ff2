"""How far apart may two right gradients lie? As far as rounding moves them, which is measured and not guessed.

A gradient that is truly zero (a bias before a normalisation, the sum of a softmax) comes out as the rounding of the
terms that cancel in it. No fraction of that gradient says whether it is right; the size of what was summed does. That
size is inside the function. So every argument is nudged by its own last bit, and the answers are compared: what then
moves is rounding, however large the terms were.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from convolab.gradient.differences import Slopes
from convolab.gradient.ground import Ground
from convolab.gradient.precision import Kind

# How often the arguments are nudged, and how much more than the largest change seen is still taken for rounding: less
# of the types of 16 bits, whose last bit is a great deal.
DRAWS, MARGIN, NARROW_MARGIN = 4, 8.0, 1.0
# A change of more than so many last bits of the whole is no rounding but a jump, and is not taken for more than that.
MOST_BITS = 2.0**12
# Rounding that goes the same way each time does not show in a change: so many last bits of the whole are always left.
FEWEST_BITS = 0.5
# Differences with several steps that disagree are off by as much, but hardly by more than this part of what was summed.
TRUNCATION = 1e-4


@dataclass
class Rounding:
    """What rounding does to a function and its gradients at one point.

    Attributes
    ----------
    ground : Ground
        Where differences are taken.
    arrays : list of array
        The arguments as gradients take them.
    gradients : list of array or None
        As the function gave them; None for those that are not compared.
    """

    ground: Ground
    arrays: list[np.ndarray]
    grad_output: np.ndarray
    gradients: Sequence[np.ndarray | None]

    def between(self, which: int, found: Slopes) -> np.ndarray:
        """Return how far rounding and steps may have moved a gradient and its differences apart, (elements,)."""
        steps = np.minimum(2 * found.spread, TRUNCATION * found.summed)
        return found.rounding + steps + self.of_gradients[which]

    @cached_property
    def of_output(self) -> np.ndarray:
        """How far rounding may move each output, where differences are taken."""
        bit = self.ground.measured.epsilon
        (change,) = wobble(lambda *arrays: [self.ground.subject.forward(*arrays)], self.ground.arrays, bit)
        sizes = np.abs(self._output)
        return _margin(self.ground.measured) * np.clip(change, bit * sizes, MOST_BITS * bit * sizes.max(initial=1.0))

    @cached_property
    def of_gradients(self) -> list[float]:
        """How far rounding may move any element of each argument's gradient."""
        bit = self.ground.kind.epsilon
        changes = wobble(self._gradients, [self.grad_output, *self.arrays], bit)
        sizes = [float(np.abs(a).max()) or 1.0 for a in self.arrays]
        loss = float(np.abs(self.grad_output).max()) * self._output_size
        most = bit * max(loss / min(sizes), *(float(np.abs(g).max()) for g in self.gradients if g is not None))
        fewest = [FEWEST_BITS * bit * loss / max(1.0, size) for size in sizes]
        return [
            _margin(self.ground.kind) * float(np.clip(c, least, MOST_BITS * most).max())
            for c, least in zip(changes, fewest, strict=True)
        ]

    def _gradients(self, grad_output, *arrays) -> list[np.ndarray]:
        """Return 0 for each gradient that is not compared."""
        found = zip(self.ground.subject.gradients(grad_output, *arrays), self.gradients, arrays, strict=True)
        return [np.zeros(a.shape) if known is None else np.asarray(gradient) for gradient, known, a in found]

    @cached_property
    def _output(self) -> np.ndarray:
        return np.array(self.ground.subject.forward(*(a.copy() for a in self.ground.arrays)), np.float64)

    @property
    def _output_size(self) -> float:
        """Return the largest output; 1 where everything cancels and what is left is no measure of the sums."""
        largest = float(np.abs(self._output).max(initial=0.0))
        return largest if largest > 2 * self.of_output.max(initial=0.0) else max(1.0, largest)


def _margin(kind: Kind) -> float:
    return MARGIN if kind.bits > 16 else NARROW_MARGIN


def wobble(function: Callable[..., Sequence[np.ndarray]], arrays: Sequence[np.ndarray], bit: float) -> list[np.ndarray]:
    """Return how far each element of each answer moves at most when every argument is nudged by its last bit.

    Parameters
    ----------
    function : callable
        (*arrays) → a list of arrays.
    bit : float
        Its relative size.
    """
    rng = np.random.default_rng(0)
    here = [np.array(a, np.float64) for a in function(*(a.copy() for a in arrays))]
    most = [np.zeros(a.shape) for a in here]
    for _ in range(DRAWS):
        try:
            moved = function(*_nudged(arrays, bit, rng))
        except Exception:  # a function under test may take its own numbers only
            break
        for largest, before, after in zip(most, here, moved, strict=True):
            change = np.abs(np.asarray(after, np.float64) - before)
            np.maximum(largest, np.where(np.isfinite(change), change, 0), out=largest)
    return most


def _nudged(arrays: Sequence[np.ndarray], bit: float, rng: np.random.Generator) -> list[np.ndarray]:
    return [(a * (1 + bit * rng.choice([-1.0, 1.0], a.shape))).astype(a.dtype) for a in arrays]
