"""Where in an argument are the wrong elements? Border or interior, which batch element, which channel, which phase.

A place is said only when it tells something: a batch of one has no "only batch element 0".
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from convolab.geometry import Axis, Geometry

ROLES = {0: ("batch", "channel"), 1: ("output channel", "input channel")}


@dataclass(frozen=True)
class Place:
    """Where the wrong elements of one argument lie.

    Attributes
    ----------
    elements, of : int
        How many are wrong, of how many.
    border, interior : int
        How many of the wrong ones lie on the border: the outermost ring, and wherever an element meets fewer windows
        than it would far from every edge.
    divided : bool
        Whether the argument has both a border and an interior, so that the two can be told apart.
    only : dict
        For each axis that tells something ("batch", "channel", "row", "row modulo 2", …) the only positions with wrong
        elements.
    """

    elements: int
    of: int
    border: int
    interior: int
    divided: bool = True
    only: dict[str, list[int]] = field(default_factory=dict)

    def __str__(self) -> str:
        if self.elements == self.of:
            return f"all {self.of:,} elements"
        words = [f"{self.elements:,} of {self.of:,} elements"]
        if self.divided and not self.interior:
            words.append("on the border only")
        elif self.divided and not self.border:
            words.append("in the interior only")
        words += [f"only {axis} {_list(positions)}" for axis, positions in self.only.items()]
        return ", ".join(words)


def _list(positions: list[int]) -> str:
    shown = [str(p) for p in positions[:8]]
    return ", ".join(shown) + (", …" if len(positions) > 8 else "")


def locate(wrong: np.ndarray, *, role: str = "input", geometry: Geometry | None = None) -> Place:
    """Return where the True elements of a mask lie.

    Parameters
    ----------
    wrong : bool array
        Of the argument's shape.
    role : {"input", "weight", "other"}
        Which argument of a convolution it is; axes and borders are named accordingly.
    geometry : Geometry, optional
        Of the convolution, for an argument in batched layout or a bare plane.
    """
    outer, spatial = _axis_names(wrong.shape, role)
    edge = _border_mask(wrong.shape, len(spatial), role, geometry)
    border = wrong & edge
    only = dict(_only(wrong, [*outer, *spatial], strides(role, geometry, spatial)))
    return Place(int(wrong.sum()), wrong.size, int(border.sum()), int(wrong.sum() - border.sum()), not edge.all(), only)


def _axis_names(shape: tuple[int, ...], role: str) -> tuple[list[str], list[str]]:
    """Return what the outer and the spatial axes of an argument are called."""
    count = len(shape)
    if count == 1 and role == "other":
        return [], ["position"]
    outer = ROLES[role == "weight"] if count >= 3 else ()
    letters = {1: ["position"], 2: ["row", "column"], 3: ["slice", "row", "column"]}
    spatial = letters.get(count - len(outer), [f"axis {n}" for n in range(len(outer), count)])
    return list(outer), spatial


def strides(role: str, geometry: Geometry | None, spatial: list[str]) -> dict[str, int]:
    """Return the period in which a stride treats the positions of a spatial axis alike."""
    if geometry is None or role != "input":
        return {}
    return {name: axis.stride for name, axis in zip(spatial, geometry.axes, strict=True) if axis.stride > 1}


def _border_mask(shape, dims: int, role: str, geometry: Geometry | None) -> np.ndarray:
    """Return a mask of the outermost ring and, where the geometry is known, of elements that meet fewer taps."""
    mask = np.zeros(shape, bool)
    for n in range(dims):
        axis = len(shape) - dims + n
        line = np.isin(np.arange(shape[axis]), (0, shape[axis] - 1))
        if geometry is not None and role == "input":
            line |= _short_of_taps(geometry.axes[n], geometry.padding_mode)
        mask |= line.reshape([-1 if a == axis else 1 for a in range(len(shape))])
    return mask


def _short_of_taps(axis: Axis, padding_mode: str) -> np.ndarray:
    """Return which inputs of an axis meet another number of outputs than those of their phase in the middle."""
    counts = np.bincount(axis.taps(padding_mode)[:, 2], minlength=axis.input)
    usual = np.empty(axis.input, int)
    for phase in range(axis.stride):
        usual[phase :: axis.stride] = _most_frequent(counts[phase :: axis.stride])
    return counts != usual


def _most_frequent(counts: np.ndarray) -> int:
    values, how_often = np.unique(counts, return_counts=True)
    # Of equally frequent counts the larger: a narrow input has more border than interior.
    return int(values[np.flatnonzero(how_often == how_often.max())[-1]]) if len(values) else 0


def _only(wrong: np.ndarray, names: list[str], periods: dict[str, int]) -> Iterator[tuple[str, list[int]]]:
    for axis, name in enumerate(names):
        others = tuple(a for a in range(wrong.ndim) if a != axis)
        line = np.asarray(wrong.any(axis=others))
        found = np.flatnonzero(line)
        period = periods.get(name, 1)
        phases = np.unique(found % period)
        whole = np.flatnonzero(np.isin(np.arange(len(line)) % period, phases))
        if len(phases) < min(period, len(line)) and len(found) == len(whole) > len(phases):
            yield f"{name} modulo {period} =", phases.tolist()
        elif 0 < len(found) < len(line) and (len(found) <= max(1, len(line) // 2) or len(found) == len(line) - 1):
            yield name, found.tolist()
