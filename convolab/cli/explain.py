"""`convolab explain`: one element of the output, or of either gradient, written out."""

from typing import Annotated, Literal

from cyclopts import Parameter

from convolab.cli.console import emit
from convolab.cli.options import Dilation, Force, Json, Padding, Sizes, Stride
from convolab.cli.output import FIGURES, Figure, check_output, deliver, kind_of, words_beside
from convolab.definition import explain as explain_element


def explain(
    quantity: Annotated[Literal["output", "input", "weight"], Parameter(help="What to write out an element of.")],
    /,
    *,
    input: Annotated[Sizes, Parameter(help="Input size in pixels, one number an axis: 6, or 5x7.")],
    kernel: Annotated[Sizes, Parameter(help="Kernel size in pixels: 3, or 3x2.")],
    at: Annotated[Sizes, Parameter(help="The element, one position an axis, counted from 1: 3, or 1,2.")],
    stride: Stride = (1,),
    padding: Padding = (0,),
    dilation: Dilation = (1,),
    base: Annotated[Literal[0, 1], Parameter(help="Count positions from 1, as on paper, or from 0, as in Python.")] = 1,
    latex: Annotated[bool, Parameter(help="Print LaTeX.")] = False,
    output: Figure = None,
    force: Force = False,
    json: Json = False,
) -> None:
    """Write out one element of the output, or of a gradient, as the sum that it is.

    Examples
    --------
    $ convolab explain input --input 6 --kernel 3 --at 3
    ∂L/∂x₃ = w₃·y′₁ + w₂·y′₂ + w₁·y′₃

    $ convolab explain output --input 5x5 --kernel 2x2 --padding 1 --at 1,1 -o corner.svg
    wrote corner.svg
    y₁‚₁ = w₂‚₂·x₁‚₁
    """
    check_output(output, FIGURES, force=force, as_json=json)
    result = explain_element(
        quantity, input=input, kernel=kernel, at=at, stride=stride, padding=padding, dilation=dilation, base=base
    )
    if output is not None:
        deliver(output, result.drawing().file(kind_of(output)))
    if json:
        emit({"expression": result.expression, "latex": result.latex, "taps": result.taps, "bounds": result.bounds})
    else:
        print(result.latex if latex else result.expression, file=words_beside(output).file)
