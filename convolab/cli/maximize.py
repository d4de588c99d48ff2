"""`convolab maximize`: gradient ascent on Σ (x ⋆ k)², with the exact optimum beside it."""

from typing import Literal

from convolab.cli.console import Progress, emit, stderr
from convolab.cli.filter_options import Kernel
from convolab.cli.options import Dilation, Engine, Force, Groups, ImageSize, Json, Padding, PaddingMode, Stride
from convolab.cli.output import FIGURES, Output, check_output, deliver, kind_of, words_beside
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
    output: Output = None,
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
        Write pictures of the first, the last and the best image: .png, or .svg or .pdf with the loss curve; - writes a
        PNG to standard output.

    Examples
    --------
    $ convolab maximize --constraint sphere
    loss       1.12357 at first, 53.8583515 after 100 steps
    optimum    53.8588972, exact: σ² of the largest singular value
    reached    to a millionth not yet (the two largest singular values ask for 140)
    σ          7.33886212 (residual …), then 7.12914994
    alignment  0.999910058: 0.7685° from the top singular vectors

    $ convolab maximize --kernel 1,-1 --size 8 --constraint box -o climb.svg
    wrote climb.svg
    loss       10.1667 at first, 40.4230994 after 100 steps
    optimum    at most 56; reached: 72.2 %
    …
    """
    check_output(output, FIGURES, force=force, as_json=json)
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
        from convolab.gradient.ascent_picture import ascent_png

        kind = kind_of(output)
        deliver(output, ascent_png(found) if kind == "png" else found.drawing().file(kind))
    if json:
        emit(found.as_dict())
    else:
        words_beside(output).print(str(found), markup=False, soft_wrap=True)


def _warning(found: Ascent) -> str:
    return (
        f"warning: without a constraint the loss only grows, in the end {found.growth:.4g} times each step; the number "
        f"it has reached says nothing. --constraint sphere or box asks a question that has an answer."
    )
