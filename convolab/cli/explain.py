"""`convolab explain`: one element of the output, or of either gradient, written out; or what computing all costs."""

from typing import Annotated, Literal, NoReturn

from cyclopts import Parameter

from convolab.cli import costs
from convolab.cli.console import emit
from convolab.cli.filter_options import NO_PARAMETERS, FilterParameters, given
from convolab.cli.options import Dilation, Force, Groups, Json, Padding, Sizes, Stride
from convolab.cli.output import FIGURES, Figure, check_output, deliver, kind_of, words_beside
from convolab.definition import explain as explain_element
from convolab.errors import UsageError


def explain(
    quantity: Annotated[Literal["output", "input", "weight"], Parameter(help="What to write out an element of.")],
    /,
    *,
    input: Annotated[Sizes, Parameter(help="Input size in pixels, one number an axis: 6, or 5x7.")],
    kernel: Annotated[Sizes, Parameter(help="Kernel size in pixels: 3, or 3x2.")] = (),
    at: Annotated[Sizes, Parameter(help="The element, one position an axis, counted from 1: 3, or 1,2.")] = (),
    stride: Stride = (1,),
    padding: Padding = (0,),
    dilation: Dilation = (1,),
    base: Annotated[Literal[0, 1], Parameter(help="Count positions from 1, as on paper, or from 0, as in Python.")] = 1,
    latex: Annotated[bool, Parameter(help="Print LaTeX.")] = False,
    cost: Annotated[bool, Parameter(help="Say instead by which algorithm all of it is computed, and why.")] = False,
    filter: Annotated[str, Parameter(help="With --cost: of this filter, instead of a convolution.")] = "",
    parameters: Annotated[FilterParameters, Parameter(name="*")] = NO_PARAMETERS,
    channels: Annotated[Sizes, Parameter(help="With --cost: channels in and out, 64,128, or one number.")] = (1,),
    batch: Annotated[int, Parameter(help="With --cost: images in a batch.")] = 1,
    groups: Groups = 1,
    dtype: Annotated[str, Parameter(help="With --cost: element type of the input.")] = "float32",
    output: Figure = None,
    force: Force = False,
    json: Json = False,
) -> None:
    """Write out one element of the output, or of a gradient, as the sum that it is; or say what computing it costs.

    Examples
    --------
    $ convolab explain input --input 6 --kernel 3 --at 3
    ∂L/∂x₃ = w₃·y′₁ + w₂·y′₂ + w₁·y′₃

    $ convolab explain output --cost --input 1024x1024 --kernel 63x63
    transform: transforms are estimated to cost less
    direct     183.7 ms of one core
    transform  9.74 ms of one core, in tiles of 384 × 384
    """
    if cost:
        if filter:
            plan = costs.costs_of_filter(filter, given(parameters), input, dtype)
        else:
            options = {"stride": stride, "padding": padding, "dilation": dilation}
            plan = costs.costs_of_operator(
                quantity, input, kernel or _missing("kernel"), channels, batch, groups, dtype, options
            )
        return emit({"plan": plan}) if json else print(costs.told(plan))
    if not (kernel and at):
        _missing("at" if kernel else "kernel")
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


def _missing(option: str) -> NoReturn:
    raise UsageError(f"--{option}: missing. Expected it, as convolab explain --help says")
