"""The twelve public operators are written out for whoever reads them, and these tests hold them to be one."""

import inspect
import re

import numpy as np
import pytest
import torch

import convolab as cl
from convolab.convolution import __all__ as TWELVE
from convolab.geometry import KERNEL_LETTERS, SPATIAL_LETTERS

OPERATIONS = ("conv{}d", "conv{}d_input", "conv{}d_weight", "conv_transpose{}d")
AXES = {1: "x", 2: "yx", 3: "zyx"}
PICTURES = {1: ("a signal", "a bare signal"), 2: ("an image", "a bare plane"), 3: ("a volume", "a bare volume")}
SAID_OF_AXES = {1: "There is one axis, x", 2: "Axes are in the order (y, x)", 3: "Axes are in the order (z, y, x)"}
FORMS = {
    1: ("int, (int,), ((before, after),)", "int or (int,)"),
    2: ("int, (int, int), ((before, after), (before, after))", "int or (int, int)"),
    3: ("int, (int, int, int), (before, after) for each axis", "int or (int, int, int)"),
}


def any_dims(doc: str, dims: int) -> str:
    """What a docstring says of any number of axes, without its example."""
    said = re.sub(rf"\b(conv|conv_transpose){dims}d", r"\1Nd", doc.partition("Examples\n")[0])
    spatial, kernel = SPATIAL_LETTERS[dims], KERNEL_LETTERS[dims]
    sizes = {"SPATIAL": spatial, "KERNEL": kernel, "OUTPUT": tuple(f"o{letter}" for letter in spatial)}
    index = {name: tuple(name[0] + axis for axis in AXES[dims]) for name in ("input", "output", "kernel")}
    words = [*zip(PICTURES[dims], ("A PICTURE", "A BARE ONE"), strict=True), (SAID_OF_AXES[dims], "AXES")]
    words += [(FORMS[dims][0], "PAIRS"), (FORMS[dims][1], "INTS")]
    for separator in ", ", " · ":
        named = {**sizes, **{f"{name} index": letters for name, letters in index.items()}}
        words += [
            (separator.join(letters), name) for name, letters in named.items() if separator == ", " or name in sizes
        ]
    for theirs, name in sorted(words, key=lambda pair: -len(pair[0])):
        said = re.sub(rf"(?<!\w){re.escape(theirs)}(?!\w)", name, said)
    return said.replace("(SPATIAL,)", "(SPATIAL)").replace("(KERNEL,)", "(KERNEL)").replace("(OUTPUT,)", "(OUTPUT)")


def functions(operation: str):
    return {dims: getattr(cl, operation.format(dims)) for dims in (1, 2, 3)}


def test_the_four_operations_in_three_dimensions_are_all_there_is():
    assert sorted(TWELVE) == sorted(operation.format(dims) for operation in OPERATIONS for dims in (1, 2, 3))


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_signature_is_one_for_all_dimensions_and_annotated(operation):
    one, two, three = (inspect.signature(function) for function in functions(operation).values())
    assert one == two == three
    assert all(p.annotation is not p.empty for p in two.parameters.values()) and two.return_annotation == "Array"


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_docstring_is_one_for_all_dimensions_but_for_the_letters(operation):
    said = {dims: any_dims(function.__doc__, dims) for dims, function in functions(operation).items()}
    assert said[1] == said[2] == said[3]


def test_a_docstring_that_differs_in_one_letter_is_noticed():
    doc = cl.conv3d.__doc__
    assert any_dims(doc.replace("(C_out, oD, oH, oW)", "(C_out, oD, oH, oD)"), 3) != any_dims(doc, 3)


@pytest.mark.parametrize("name", TWELVE)
def test_the_docstring_has_every_parameter_and_every_section(name):
    function = getattr(cl, name)
    doc = inspect.getdoc(function)
    listed = re.search(r"Parameters\n-+\n(.*?)\n\n", doc, re.DOTALL).group(1)
    named = {word for line in re.findall(r"^\w.*", listed, re.MULTILINE) for word in line.split(" : ")[0].split(", ")}
    assert named == set(inspect.signature(function).parameters)
    sections = re.findall(r"^(\w+)\n-+$", doc, re.MULTILINE)
    assert sections == ["Parameters", "Returns", "Raises", "Convention", "Cost", "Source", "Examples"]


@pytest.mark.parametrize("kind, made", [(np.ndarray, np.ones), (torch.Tensor, torch.ones)])
def test_arrays_give_arrays_and_tensors_give_tensors(kind, made):
    for dims in (1, 2, 3):
        shape, kernel = (4,) * dims, (2,) * dims
        x, w, g = made(shape), made(kernel), made((3,) * dims)
        results = [
            functions("conv{}d")[dims](x, w),
            functions("conv{}d_input")[dims](shape, w, g),
            functions("conv{}d_weight")[dims](x, kernel, g),
            functions("conv_transpose{}d")[dims](g, w),
        ]
        assert [type(result) for result in results] == [kind] * 4
        assert [tuple(result.shape) for result in results] == [(3,) * dims, shape, kernel, shape]
