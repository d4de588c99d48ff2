"""Is this gradient right? Analytic against numerical; and if not, where it is wrong and why.

Convolution is linear in each of its arguments, so on integers a central difference with step 1 is its derivative
exactly, as it is for every function that is at most quadratic in each element. Where that holds, nothing is tolerated.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from convolab.errors import ArgumentError
from convolab.geometry import Geometry
from convolab.gradient.conditions import examine_forward
from convolab.gradient.report import GradientReport
from convolab.gradient.subject import Subject
from convolab.gradient.subjects import subject_of
from convolab.gradient.work import Work, is_whole

# Elements of one argument that are checked at most, unless told otherwise.
SAMPLE = 1000


def gradcheck(
    function,
    arguments: Sequence,
    gradients=None,
    *,
    options: Mapping | None = None,
    geometry: Geometry | None = None,
    mode: Literal["auto", "exact", "numerical"] = "auto",
    dtype=None,
    sample: int | None = SAMPLE,
    tolerance: float | None = None,
    seed: int = 0,
    advance: Callable[[], None] = lambda: None,
) -> GradientReport:
    """Compare a function's gradients with finite differences, and return what was found.

    The loss is ⟨grad_output, function(*arguments)⟩ under a random grad_output, and each element of an argument is moved
    by ± a step. Where gradient and difference disagree, the report says where, and which known mistake would do it.

    Parameters
    ----------
    function : callable
        One of `cl.conv2d` and its relatives; a function of NumPy arrays, with `gradients`; a
        `torch.autograd.Function`, a `torch.nn.Module` or any function of tensors, which autograd differentiates.
    arguments : sequence
        The function's positional arguments. Floating-point arrays and tensors are checked, a module's parameters too;
        everything else is passed on as it is. The weight of `cl.conv2d` and its relatives may be the name, the numbers
        or the file of a kernel, as `convolab.filters.kernels.read_kernel` takes it.
    gradients : callable or {name: callable}, optional
        `(grad_output, *arguments)` → one gradient an argument; or such a function for each argument to be checked.
    options : mapping, optional
        Keyword arguments of every call, such as `{"stride": 2}`.
    geometry : Geometry, optional
        Of the convolution that the function is meant to be, of its first two arguments: borders, phases and mistakes
        are then named after it. Recognised by itself for the convolutions above and for plain convolution layers, and
        for other functions that compute one.
    mode : {"auto", "exact", "numerical"}
        exact: integer values, step 1, no tolerance. auto: exact where the arguments hold integers and the function is
        at most quadratic in each element, numerical otherwise.
    dtype : dtype, optional
        The type that the gradients are computed in; the arguments' own by default. Differences are taken in float64
        where the function takes it.
    sample : int or None
        At most so many elements of each argument, drawn at random; None for all.
    tolerance : float, optional
        Allowed difference as a fraction of the argument's largest gradient (numerical mode); by the types by default.
    seed : int
        Of the numbers that the check draws.
    advance : callable
        Called after each element that was measured.

    Returns
    -------
    GradientReport
        True if everything agrees; `print` it to read what was found.

    Raises
    ------
    ArgumentError
        For arguments that hold NaN or nothing to check, a mode that is unknown, and fractions in mode "exact".
    DtypeError
        For a function that cannot be called, or that returns no tensor that autograd can follow.

    Convention
    ----------
    Differences are central: (f(x + h) − f(x − h)) / 2h.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> x, w = rng.integers(-4, 5, (7, 9)).astype(float), rng.integers(-4, 5, (3, 3)).astype(float)
    >>> import convolab as cl
    >>> print(gradcheck(cl.conv2d, (x, w), options={"padding": 1}))
    conv2d: passed (exact: integers, step 1, no tolerance)
      ✓ input (7, 9): 63 elements, no difference
      ✓ weight (3, 3): 9 elements, no difference
    """
    subject, arrays = subject_of(function, arguments, gradients, options, geometry)
    if dtype is not None:
        arrays = [a.astype(dtype) for a in arrays]
    _check_arguments(subject, arrays, mode)
    output, findings = examine_forward(subject, arrays)
    if output is None or "not-finite" in {f.code for f in findings}:
        return GradientReport(subject.title, False, 0.0, (), tuple(findings), subject.notes)
    if "mutates-input" in {f.code for f in findings}:
        subject = replace(subject, forward=_on_copies(subject.forward), gradients=_on_copies(subject.gradients))
    subject = replace(subject, geometry=subject.geometry or _recognised(subject, arrays, output))
    work = Work(subject, arrays, output, mode, sample, tolerance, np.random.default_rng(seed), advance)
    return work.report(findings)


def _check_arguments(subject: Subject, arrays, mode: str) -> None:
    if mode not in ("auto", "exact", "numerical"):
        raise ArgumentError(f"gradcheck: mode={mode!r} is unknown. Expected auto, exact or numerical.")
    for name, array in zip(subject.names, arrays, strict=True):
        if not np.isfinite(array).all():
            raise ArgumentError(f"gradcheck: {name} holds NaN or infinity. Expected finite numbers.")
        if mode == "exact" and not is_whole(array):
            raise ArgumentError(f"gradcheck: mode='exact' takes integer values, but {name} holds fractions.")


def _on_copies(function: Callable) -> Callable:
    """Return a function that cannot reach its caller's arrays."""
    return lambda *arrays: function(*(a.copy() for a in arrays))


def _recognised(subject: Subject, arrays, output) -> Geometry | None:
    from convolab.gradient.recognise import recognise

    return recognise(arrays, output)
