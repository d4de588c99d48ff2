"""`convolab summary`: the layers of a network, what they cost and what they see."""

from typing import Annotated

from cyclopts import Parameter

from convolab.cli.console import emit, loading
from convolab.cli.options import SHEETS, Json, RunName, Sizes, listed
from convolab.errors import UsageError
from convolab.network.model.models import DEFAULT, MODELS

NAMED = listed(MODELS, SHEETS | {DEFAULT: "the default"})


def summary(
    run: RunName | None = None,
    *,
    model: Annotated[str | None, Parameter(help=f"Which layers, where no run is given: {NAMED}.")] = None,
    input: Annotated[Sizes | None, Parameter(help="Channels, height and width of one image: 1x28x28.")] = None,
    json: Json = False,
) -> None:
    """Show each layer's output, parameters, multiply-adds and receptive field, and the memory they take.

    Examples
    --------
    $ convolab summary pretrained
    Layer (type)  Output Shape      Param #  Multiply-adds     Sees  Name
    ------------------------------------------------------------------------
        Conv2d-1  [-1, 32, 26, 26]      320        194,688    3 × 3  conv1
    …
    Total params: 93,322
    …

    $ convolab summary --input 3x32x32
    Layer (type)  Output Shape      Param #  Multiply-adds     Sees  Name
    ------------------------------------------------------------------------
        Conv2d-1  [-1, 32, 30, 30]      896        777,600    3 × 3  conv1
    …
    Total params: 122,570
    …
    """
    with loading("torch"):
        from convolab.network.model import summary as network_summary
    from convolab.network.model.models import build_model

    if run and (model or input):
        raise UsageError("summary: a run brings its own model and input. Give the run alone, or --model and --input")
    if input and len(input) != 3:
        raise UsageError(f"input: {'x'.join(map(str, input))} has {len(input)} sizes. Expected CHANNELSxHEIGHTxWIDTH")
    shape = input or (1, 28, 28)
    if run:
        from convolab.network.model.runs import load

        classifier = load(run)
        network, model, shape = classifier.network, classifier.config["model"], classifier.config["input_shape"]
    else:
        network = build_model(model or DEFAULT, (shape[0], shape[1], shape[2]))
    found = network_summary.summary(network, shape)
    if json:
        emit({"run": run, "model": model or DEFAULT} | found.as_dict())
    else:
        print(found)
