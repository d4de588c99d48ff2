"""`convolab gradcheck`: analytic gradients against finite differences, and what is wrong where they differ."""

from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from cyclopts import Parameter

from convolab.cli.console import Progress, emit, stderr
from convolab.cli.filter_options import KERNEL_HELP, Kernel
from convolab.cli.options import Dilation, Engine, Force, Groups, Json, Padding, PaddingMode, Sizes, Stride
from convolab.cli.output import FIGURES, Figure, check_output, deliver, kind_of, words_beside
from convolab.errors import UsageError
from convolab.filters.kernels import read_kernel
from convolab.gradient.check import SAMPLE
from convolab.gradient.check import gradcheck as check_gradients
from convolab.gradient.files import FoundFunction, find_function
from convolab.gradient.report import GradientReport


def gradcheck(
    *,
    input: Sizes = (2, 2, 7, 9),
    weight: Sizes = (3, 2, 3, 2),
    kernel: Annotated[Kernel, Parameter(help=f"The weight itself, instead of random numbers: {KERNEL_HELP}")] = "",
    stride: Stride = (1,),
    padding: Padding = (0,),
    dilation: Dilation = (1,),
    groups: Groups = 1,
    padding_mode: PaddingMode = "zeros",
    engine: Engine = "auto",
    function: str = "",
    dtype: Literal["float64", "float32"] = "float64",
    mode: Literal["auto", "exact", "numerical"] = "auto",
    sample: int = SAMPLE,
    seed: int = 0,
    output: Figure = None,
    force: Force = False,
    json: Json = False,
) -> int:
    """Compare gradients with finite differences, and say where and why they differ.

    Checked are our own convolution or, with --function, somebody's. On integers with step 1 a convolution's differences
    are its gradients exactly, so nothing is tolerated. Exit code 1: a gradient is wrong.

    Parameters
    ----------
    input
        Shape of the input: 2x2x7x9 (N, C, H, W), or a bare plane, 7x9.
    weight
        Shape of the weight: 3x2x3x2 (C_out, C_in / groups, kH, kW), or a bare plane, 3x2.
    function
        FILE:NAME instead of our own: apply_convolution or a conv_gradient_wrt_… of the lab sheet; conv2d, conv2d_input
        or conv2d_weight; a torch.autograd.Function, a module, or a function of tensors. A gradient is judged by the
        convolution that its name says, a convolution by the file's gradients beside it. The file is run inside this
        process, with your rights.
    dtype
        The type that gradients are computed in; differences are taken in float64 where that works.
    mode
        exact: integers, step 1, no tolerance. numerical: random fractions and a small step. auto: exact if it holds.
    sample
        At most so many elements of each argument are checked, drawn at random.
    seed
        Of the numbers that the check draws.

    Examples
    --------
    $ convolab gradcheck
    conv2d: passed (exact: integers, step 1, no tolerance)
      ✓ input (2, 2, 7, 9): 252 elements, no difference
      ✓ weight (3, 2, 3, 2): 36 elements, no difference

    $ convolab gradcheck --function mine.py:conv_gradient_wrt_input --input 5x5 --weight 2x2
    …
    conv_gradient_wrt_input: FAILED (exact: integers, step 1, no tolerance)
      ✗ img (5, 5): 25 elements, largest difference …
      ✗ wrong gradient: img: … = where += belongs (overwrites): Each product replaces the sum so far and is not …
    """
    check_output(output, FIGURES, force=force, as_json=json)
    found, notes = find_function(function) if function else None, []
    options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    values = read_kernel(kernel) if kernel else None
    shapes = [tuple(input), tuple(weight)] if values is None else [tuple(input)[-values.ndim :], values.shape]
    if found is None:
        function_, gradients = _own(len(shapes[1])), None
        options |= {"padding_mode": padding_mode, "engine": engine}
    else:
        function_, gradients, shapes = found.function, found.gradients, _shapes(found, shapes)
        options = {
            name: _plain(value) for name, value in options.items() if name in found.options and _set(name, value)
        }
        notes = [*found.notes, "the file was run inside this process"]
        for note in notes:
            stderr().print(f"note: {note}", style="dim")
    arrays = _draw(shapes, dtype, mode, np.random.default_rng(seed))
    if values is not None and len(arrays) > 1:
        arrays[1] = _as_argument(values, arrays[1])
    total = sum(min(a.size, sample) for a in arrays)
    with Progress("gradcheck", total=total, unit="elements") as progress:
        report = check_gradients(
            function_, arrays, gradients, options=options, mode=mode, sample=sample, seed=seed, advance=progress.advance
        )
    if output is not None:
        _write_picture(report, output)
    if json:
        emit(report.as_dict() | {"notes": [*report.notes, *notes]})
    else:
        words_beside(output).print(str(report), markup=False, soft_wrap=True)
    return 0 if report.passed else 1


def _own(rank: int):
    """Our convolution for weights with so many axes."""
    import convolab.convolution as operators

    dims = rank if rank < 3 else rank - 2
    if not 1 <= dims <= 3:
        raise UsageError(f"gradcheck: --weight takes (C_out, C_in, …) along one to three axes, got {rank} numbers")
    return getattr(operators, f"conv{dims}d")


def _shapes(found: FoundFunction, shapes: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """The shapes that somebody's function takes: bare planes for the sheet's."""
    if found.plane:
        shapes = [shape[-2:] for shape in shapes]
    return shapes[: found.arguments]


def _plain(value):
    """One number for all axes as a number: a learner's function need not take tuples."""
    return value[0] if isinstance(value, tuple) and len(value) == 1 else value


def _set(name: str, value) -> bool:
    """Whether an option differs from its default: a learner's function need not know the others."""
    return _plain(value) != (0 if name == "padding" else 1)


def _draw(shapes, dtype: str, mode: str, rng: np.random.Generator) -> list[np.ndarray]:
    """Random arguments: integers −4 … 4, or fractions where exactness is not wanted."""
    if mode == "numerical":
        return [rng.standard_normal(shape).astype(dtype) for shape in shapes]
    return [rng.integers(-4, 5, shape).astype(dtype) for shape in shapes]


def _as_argument(kernel: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """Return a kernel in the shape and type of the argument that was drawn."""
    if kernel.size != drawn.size:
        raise UsageError(f"gradcheck: --kernel has shape {kernel.shape}, but the function takes a plane (kH, kW)")
    return kernel.reshape(drawn.shape).astype(drawn.dtype)


def _write_picture(report: GradientReport, path: Path) -> None:
    """The error of every element."""
    if not report.comparisons:
        stderr().print("note: there is no picture, because no gradient could be compared")
        return
    deliver(path, report.drawing().file(kind_of(path)))
