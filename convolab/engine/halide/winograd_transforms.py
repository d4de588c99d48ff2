"""The linear maps of the tiles along one axis: sums, differences and halves, each beside its adjoint.

F(2 × 2, 3 × 3) of the sources that `winograd.py` names.
"""

from collections.abc import Callable
from typing import TypeAlias

import halide as hl

Transform: TypeAlias = Callable[..., list[hl.Expr]]

PATCH = 4  # inputs of a tile along each axis
PLACES = PATCH * PATCH


def kernel(w0: hl.Expr, w1: hl.Expr, w2: hl.Expr) -> list[hl.Expr]:
    """The transform of a row of the kernel."""
    return in_this_order(w0, (w0 + w1 + w2) * 0.5, (w0 - w1 + w2) * 0.5, w2)


def patch(d0: hl.Expr, d1: hl.Expr, d2: hl.Expr, d3: hl.Expr) -> list[hl.Expr]:
    """The transform of four inputs."""
    return in_this_order(d0 - d2, d1 + d2, d2 - d1, d1 - d3)


def outputs(m0: hl.Expr, m1: hl.Expr, m2: hl.Expr, m3: hl.Expr) -> list[hl.Expr]:
    """Two outputs, from the four sums of products."""
    return in_this_order(m0 + m1 + m2, m1 - m2 - m3)


def weights(m0: hl.Expr, m1: hl.Expr, m2: hl.Expr, m3: hl.Expr) -> list[hl.Expr]:
    """The adjoint of `kernel`."""
    return in_this_order(m0 + (m1 + m2) * 0.5, (m1 - m2) * 0.5, (m1 + m2) * 0.5 + m3)


def gathered(m0: hl.Expr, m1: hl.Expr, m2: hl.Expr, m3: hl.Expr) -> list[hl.Expr]:
    """The adjoint of `patch`."""
    return in_this_order(m0, m1 - m2 + m3, m1 + m2 - m0, -m3)


def spread(y0: hl.Expr, y1: hl.Expr) -> list[hl.Expr]:
    """The adjoint of `outputs`."""
    return in_this_order(y0, y0 + y1, y0 - y1, -y1)


def in_this_order(*sums: hl.Expr) -> list[hl.Expr]:
    """The sums, which the compiler may not reorder, so that they have the same bits wherever it puts them."""
    return [hl.strict_float(each) for each in sums]
