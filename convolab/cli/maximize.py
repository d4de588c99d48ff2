"""`convolab maximize`: gradient ascent on Σ (x ⋆ k)², with the exact optimum beside it."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from convolab.cli.console import Force, Json, Progress, Sizes, emit, stderr, stdout
from convolab.engine import EngineName
from convolab.errors import UsageError
from convolab.gradient.ascent import Ascent
from convolab.gradient.ascent import maximize as climb
from convolab.gradient.kernels import read_kernel


def maximize(
    *,
    kernel: str = "sobel-x",
    size: Sizes = (9, 9),
    steps: int = 100,
    rate: float = 0.01,
    constraint: Literal["none", "sphere", "box"] = "none",
    stride: Sizes = (1,),
    padding: Sizes = (0,),
    dilation: Sizes = (1,),
    groups: int = 1,
    padding_mode: Literal["zeros", "reflect", "replicate", "circular"] = "zeros",
    seed: int = 0,
    engine: EngineName = "auto",
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    force: Force = False,
    json: Json = False,
) -> None:
    """Climb Σ (x ⋆ k)² from a random image, and say how far the best image is.

    Parameters
    ----------
    kernel
        sobel-x, sobel-y, scharr-x, laplacian, gaussian, …; a .npy file with a kernel (kH, kW) or a weight
        (C_out, C_in / groups, kH, kW); or numbers: '-1,0,1;-2,0,2;-1,0,1'.
    size
        Of the image in pixels.
    steps
        Steps of the ascent.
    rate
        Of each step along the gradient. inf on the sphere: pure power iteration.
    constraint
        none: the loss only grows. sphere: |x| = 1. box: every pixel within [0, 1].
    stride
        Step of the window in pixels: one for all axes, or one for each.
    dilation
        Step between kernel positions in pixels: one for all axes, or one for each.
    padding
        In pixels on both sides: one for all axes, or one for each.
    groups
        Channels are split into so many groups.
    padding_mode
        What stands in the padding.
    seed
        Of the random image.
    engine
        What computes the convolutions.
    output
        Write pictures of the first, the last and the best image: .png, or .svg with the loss curve.
    """
    if output is not None and output.suffix not in (".png", ".svg"):
        raise UsageError(f"--output: {output} has no known ending. Expected .png or .svg")
    with Progress("maximize", total=max(1, steps), unit="steps") as progress:
        found = climb(
            read_kernel(kernel), size, steps=steps, rate=rate, constraint=constraint, seed=seed, stride=stride,
            padding=padding, dilation=dilation, groups=groups, padding_mode=padding_mode, engine=engine,
            advance=progress.advance,
        )  # fmt: skip
    if constraint == "none":
        stderr().print(warning(found), highlight=False, markup=False)
    if output is not None:
        from convolab.views.ascent import ascent_picture, ascent_png
        from convolab.views.svg import write_picture

        write_picture(ascent_png(found) if output.suffix == ".png" else ascent_picture(found), output, force=force)
    if json:
        emit(found.as_dict())
    else:
        for line in lines(found):
            stdout().print(line, markup=False)


def warning(found: Ascent) -> str:
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
