"""`convolab maximize`: gradient ascent on Σ (x ⋆ k)², with the exact optimum beside it."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from convolab.cli.console import Progress, emit, stderr, stdout
from convolab.cli.filter_options import Kernel
from convolab.cli.options import Dilation, Engine, Force, Groups, ImageSize, Json, Padding, PaddingMode, Stride
from convolab.errors import UsageError
from convolab.gradient.ascent import Ascent
from convolab.gradient.ascent import maximize as climb
from convolab.gradient.operator import as_weight


def maximize(
    *,
    kernel: Kernel = "sobel-x",
    size: ImageSize = (9, 9),
    steps: int = 100,
    rate: float = 0.01,
    constraint: Literal["none", "sphere", "box"] = "none",
    stride: Stride = (1,),
    padding: Padding = (0,),
    dilation: Dilation = (1,),
    groups: Groups = 1,
    padding_mode: PaddingMode = "zeros",
    seed: int = 0,
    engine: Engine = "auto",
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    force: Force = False,
    json: Json = False,
) -> None:
    """Climb Σ (x ⋆ k)² from a random image, and say how far the best image is.

    Parameters
    ----------
    steps
        Steps of the ascent.
    rate
        Of each step along the gradient. inf on the sphere: pure power iteration.
    constraint
        none: the loss only grows. sphere: |x| = 1. box: every pixel within [0, 1].
    seed
        Of the random image.
    output
        Write pictures of the first, the last and the best image: .png, or .svg with the loss curve.
    """
    if output is not None and output.suffix not in (".png", ".svg"):
        raise UsageError(f"--output: {output} has no known ending. Expected .png or .svg")
    kernel_weight = as_weight(kernel, "kernel")
    with Progress("maximize", total=max(1, steps), unit="steps") as progress:
        found = climb(
            kernel_weight, size, steps=steps, rate=rate, constraint=constraint, seed=seed, stride=stride,
            padding=padding, dilation=dilation, groups=groups, padding_mode=padding_mode, engine=engine,
            advance=progress.advance,
        )  # fmt: skip
    if constraint == "none":
        stderr().print(_warning(found), highlight=False, markup=False)
    if output is not None:
        from convolab.views.ascent import ascent_picture, ascent_png
        from convolab.views.svg import write_picture

        write_picture(ascent_png(found) if output.suffix == ".png" else ascent_picture(found), output, force=force)
    if json:
        emit(found.as_dict())
    else:
        for line in lines(found):
            stdout().print(line, markup=False)


def _warning(found: Ascent) -> str:
    return (
        f"warning: without a constraint the loss only grows, in the end {found.growth:.4g} times each step; the number "
        f"it has reached says nothing. --constraint sphere or box asks a question that has an answer."
    )


def lines(found: Ascent) -> list[str]:
    """What the ascent found, a fact a line."""
    value = found.top_singular_value
    shown = [f"loss       {found.losses[0]:.6g} at first, {found.final_loss:.9g} after {found.iterations} steps"]
    if found.constraint == "sphere":
        reached = "not yet" if found.reached_after is None else f"after {found.reached_after} steps"
        expected = found.expected_iterations()
        needed = "" if expected is None else f" (the two largest singular values ask for {expected:,})"
        shown.append(f"optimum    {found.optimum:.9g}, exact: σ² of the largest singular value")
        shown.append(f"reached    to a millionth {reached}{needed}")
    if found.constraint == "box" and found.optimum:
        shown.append(f"optimum    at most {found.optimum:.9g}; reached: {100 * found.final_loss / found.optimum:.1f} %")
    shown.append(f"σ          {value:.9g} (residual {found.residual:.1e}), then {found.runner_up:.9g}")
    shown.append(f"alignment  {found.alignment:.9f}: {found.angle:.4f}° from the top singular vectors")
    return shown
