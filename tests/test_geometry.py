"""The relation against its own statement by brute force, and every complaint about shapes in its own words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convolab import definition
from convolab.errors import ArgumentError, ConvolabError, DtypeError
from convolab.geometry import (
    OPERATIONS,
    Axis,
    Geometry,
    array_shapes,
    check_shape,
    convolution_geometry,
    layout,
    transposed_geometry,
    transposed_size,
)

pytestmark = pytest.mark.quick


@st.composite
def axes(draw):
    size = st.integers(1, 9)
    input, kernel, stride, dilation = (
        draw(size),
        draw(st.integers(1, 4)),
        draw(st.integers(1, 4)),
        draw(st.integers(1, 4)),
    )
    before, after = draw(st.integers(0, 5)), draw(st.integers(0, 5))
    missing = dilation * (kernel - 1) + 1 - input - before - after
    return Geometry(input, kernel, stride=stride, dilation=dilation, padding=((before + max(0, missing), after),)).axes[
        0
    ]


def brute_force(axis) -> set:
    """Every (o, k, i) that satisfies the relation, by trying all."""
    return {
        (o, k, i)
        for o in range(axis.output)
        for k in range(axis.kernel)
        for i in range(axis.input)
        if i == axis.stride * o + axis.dilation * k - axis.before
    }


@given(axes())
def test_taps_are_exactly_the_triples_that_satisfy_the_relation(axis):
    assert {tuple(t) for t in axis.taps().tolist()} == brute_force(axis)
    assert len(axis.taps()) == len(brute_force(axis))


def test_windows_that_reach_past_the_padded_end_have_no_taps_there():
    axis = Axis(input=4, kernel=3, output=5, stride=2, before=1)
    assert {tuple(t) for t in axis.taps().tolist()} == brute_force(axis)


@given(axes())
def test_each_pair_of_ranges_lists_the_same_taps(axis):
    by_output = {
        (o, k, i)
        for o in range(axis.output)
        for k, i in zip(axis.kernels_of_output(o), axis.inputs_of_output(o), strict=True)
    }
    by_kernel = {
        (o, k, i)
        for k in range(axis.kernel)
        for o, i in zip(axis.outputs_of_kernel(k), axis.inputs_of_kernel(k), strict=True)
    }
    by_input = {
        (o, k, i)
        for i in range(axis.input)
        for k, o in zip(axis.kernels_of_input(i), axis.outputs_of_input(i), strict=True)
    }
    assert by_output == by_kernel == by_input == brute_force(axis)


@given(axes())
def test_the_transposed_size_is_the_smallest_input_with_that_many_outputs(axis):
    size = transposed_size(axis.output, axis.kernel, axis.stride, axis.dilation, axis.before, axis.after)
    assert size <= axis.input < size + axis.stride


@pytest.mark.parametrize("mode", ["reflect", "replicate", "circular"])
def test_padding_modes_read_what_numpy_pad_puts_there(mode):
    axis = Geometry(5, 3, padding=((2, 1),), padding_mode=mode).axes[0]
    padded = np.pad(np.arange(5), (2, 1), {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}[mode])
    assert [i for _, _, i in axis.taps(mode).tolist()] == [padded[o + k] for o in range(axis.output) for k in range(3)]


def test_the_sheets_bounds_at_the_borders():
    axis = Geometry(6, 3, padding=1).axes[0]
    assert [axis.kernels_of_output(o) for o in (0, 1, 5)] == [range(1, 3), range(0, 3), range(0, 2)]


@pytest.mark.parametrize(
    "padding, expected",
    [
        (1, ((1, 1), (1, 1))),
        ((1, 2), ((1, 1), (2, 2))),
        ([1, 2], ((1, 1), (2, 2))),
        (((1, 2), (0, 3)), ((1, 2), (0, 3))),
        (np.array([1, 2]), ((1, 1), (2, 2))),
        (np.int64(2), ((2, 2), (2, 2))),
        ("valid", ((0, 0), (0, 0))),
        ("same", ((1, 2), (1, 1))),
    ],
)
def test_every_form_of_padding_has_one_canonical_form(padding, expected):
    geometry = Geometry((9, 8), (4, 3), padding=padding)
    assert tuple((a.before, a.after) for a in geometry.axes) == expected


def test_one_dimension_takes_its_pair_bare():
    assert Geometry(6, 3, padding=(2, 0)) == Geometry(6, 3, padding=((2, 0),))


def test_equal_arguments_give_equal_geometries_that_hash_alike():
    a, b = Geometry((5, 6), 3, stride=[2, 2]), Geometry([5, 6], (3, 3), stride=2)
    assert a == b and hash(a) == hash(b) and a != a.replace(batch=2)


def test_tap_arrays_list_the_taps_of_the_plane_in_order():
    geometry = Geometry((4, 5), (3, 2), stride=(2, 1), padding=1)
    expected = [
        (
            np.ravel_multi_index(o, geometry.output),
            np.ravel_multi_index(k, geometry.kernel),
            np.ravel_multi_index(i, geometry.input),
        )
        for o, k, i in geometry.taps()
    ]
    assert sorted(zip(*(a.tolist() for a in geometry.tap_arrays()), strict=True)) == sorted(expected)


def forward(**changes):
    return lambda: convolution_geometry("conv2d", (2, 4, 9, 9), (8, 4, 3, 3), **changes)


COMPLAINTS = [
    (lambda: convolution_geometry("conv2d", (2, 4, 9, 9), (8, 3, 5, 5)),
     "conv2d: weight takes 3 input channels per group, but input has 4 channels and groups=1. Expected weight (8, 4, kH, kW), got (8, 3, 5, 5)."),
    (lambda: convolution_geometry("conv2d", (2, 0, 9, 9), (8, 0, 5, 5)), "conv2d: input has 0 channels. Expected at least 1,"),
    (lambda: convolution_geometry("conv2d", (2, 4, 9, 9), (0, 4, 5, 5)), "conv2d: weight has 0 channels. Expected at least 1,"),
    (lambda: convolution_geometry("conv2d", (2, 4, 0, 9), (8, 4, 3, 3)), "conv2d: input has no elements along H. Expected at least 1, got 0."),
    (lambda: convolution_geometry("conv2d", (2, 4, 9, 9), (8, 4, 3, 0)), "conv2d: weight has no elements along W."),
    (forward(groups=3), "conv2d: 4 input channels cannot be split into groups=3 equal groups. Expected a divisor of 4."),
    (forward(groups=0), "conv2d: groups must be positive, got 0."),
    (lambda: Geometry((9, 9), (3, 3), in_channels=4, out_channels=3, groups=2), "Geometry: 3 output channels cannot be split into groups=2 equal groups."),
    (lambda: Geometry((9, 9), (3, 0)), "Geometry: kernel must be positive, got 0."),
    (lambda: Geometry((9, 0), (3, 3)), "Geometry: input must be positive, got 0."),
    (forward(stride=0), "conv2d: stride must be positive, got 0."),
    (forward(stride=(1, 2, 3)), "conv2d: stride takes one integer or 2 (one an axis), got 3: (1, 2, 3)."),
    (forward(padding=-1), "conv2d: padding must be 0 or more, got -1."),
    (forward(padding=((1, 2), 3)), "conv2d: padding takes one (before, after) pair an axis, 2 in all, got ((1, 2), 3)."),
    (forward(padding="full"), "conv2d: padding='full' is unknown. Expected integers, (before, after) pairs, \"same\" or \"valid\"."),
    (forward(padding="same", stride=2), 'conv2d: padding="same" needs stride 1: with stride (2, 2) no padding keeps the size.'),
    (forward(padding="same", stride=(1, 2)), 'conv2d: padding="same" needs stride 1: with stride (1, 2) no padding keeps the size.'),
    (forward(padding_mode="mirror"), "conv2d: padding_mode='mirror' is unknown. Expected one of zeros, reflect, replicate, circular."),
    (forward(padding=9, padding_mode="reflect"), "conv2d: padding (9, 9) is more than reflect can take from an input of 9. Expected at most 8 on each side."),
    (lambda: convolution_geometry("conv1d", (1, 1, 3), (1, 1, 3), dilation=2, padding=(0, 1)),
     "conv1d: kernel 3 with dilation 2 (reaching over 5) is larger than input 3 padded to 4 along L. Expected a kernel of at most 2, or padding of 2 in all."),
    (lambda: layout("conv2d", 2, (9, 9), (1, 1, 3, 3)),
     "conv2d: input has 2 axes and weight has 4. Expected input (N, C, H, W) or (C, H, W) with weight (C_out, C_in, kH, kW), or a bare (H, W) with a bare (kH, kW), got input (9, 9) and weight (1, 1, 3, 3)."),
    (lambda: check_shape("conv2d", "bias", (3,), (8,), "one an output channel"),
     "conv2d: bias has the wrong shape. Expected (8,) (one an output channel), got (3,)."),
    (lambda: transposed_geometry("conv_transpose2d", (1, 4, 5, 5), (3, 4, 3, 3)),
     "conv_transpose2d: weight takes 3 input channels, but input has 4. A transposed convolution's weight is (C_in, C_out / groups, …): expected (4, 4, kH, kW), got (3, 4, 3, 3)."),
    (lambda: transposed_geometry("conv_transpose2d", (1, 4, 5, 5), (4, 4, 3, 3), groups=3), "conv_transpose2d: 4 input channels cannot be split into groups=3"),
    (lambda: transposed_geometry("conv_transpose2d", (1, 0, 5, 5), (0, 4, 3, 3)), "conv_transpose2d: input has 0 channels."),
    (lambda: transposed_geometry("conv_transpose2d", (1, 1, 0, 5), (1, 4, 3, 3)), "conv_transpose2d: input has no elements along H."),
    (lambda: transposed_geometry("conv_transpose2d", (1, 1, 5, 5), (1, 1, 3, 3), output_padding=1), "conv_transpose2d: output_padding=1 along H must be smaller than stride=1 or dilation=1"),
    (lambda: transposed_geometry("conv_transpose2d", (1, 1, 5, 5), (1, 1, 3, 3), stride=(1, 0)), "conv_transpose2d: stride must be positive, got 0."),
    (lambda: transposed_geometry("conv_transpose2d", (1, 1, 5, 5), (1, 1, 3, 3), dilation=0), "conv_transpose2d: dilation must be positive, got 0."),
    (lambda: transposed_geometry("conv_transpose2d", (1, 4, 5, 5), (4, 0, 3, 3)), "conv_transpose2d: weight has 0 channels."),
    (lambda: transposed_geometry("conv_transpose2d", (1, 1, 1, 1), (1, 1, 3, 3), padding=2), "conv_transpose2d: output size along H would be -1: padding (2, 2) takes away more than"),
    (lambda: transposed_geometry("conv_transpose2d", (1, 1, 5, 5), (1, 1, 3, 3), padding="same"), "conv_transpose2d: padding='same' is for convolutions."),
]  # fmt: skip


@pytest.mark.parametrize("call, words", COMPLAINTS)
def test_each_complaint_about_shapes_has_its_own_words(call, words):
    with pytest.raises(ArgumentError) as caught:
        call()
    assert str(caught.value).startswith(words) and "\n" not in str(caught.value)


def test_a_transposed_convolutions_geometry_has_its_input_for_an_output():
    geometry = transposed_geometry("conv_transpose2d", (2, 4, 5, 7), (4, 3, 3, 2), stride=2, groups=2, output_padding=1)
    assert geometry.output_shape == (2, 4, 5, 7) and geometry.weight_shape == (4, 3, 3, 2)
    assert geometry.input_shape == (2, 6, 12, 15)


@pytest.mark.parametrize("changes", [{"stride": 1.5}, {"stride": True}, {"padding": {1: 2}}, {"dilation": None}])
def test_what_is_not_an_integer_is_a_dtype_error(changes):
    with pytest.raises(DtypeError, match=r"conv2d: .*take"):
        forward(**changes)()


def test_the_errors_of_the_package_are_also_pythons():
    assert issubclass(ArgumentError, (ConvolabError, ValueError)) and issubclass(DtypeError, TypeError)


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
@pytest.mark.parametrize("groups", [1, 2])
def test_an_operation_has_the_shape_and_the_number_of_terms_that_the_definition_counts(operation, groups):
    geometry = Geometry((7, 9), (2, 3), batch=3, in_channels=4, out_channels=6, groups=groups)
    sums = dict(zip(OPERATIONS, (definition.conv, definition.conv_input, definition.conv_weight), strict=True))
    factors = (np.ones(array_shapes(geometry)[factor]) for factor in operation.factors)
    counts = sums[operation.name](geometry, *factors)
    assert counts.shape == operation.result_shape(geometry)
    assert counts.max() == operation.terms(geometry)
    assert {operation.result, *operation.factors} == set(array_shapes(geometry))
    assert set(operation.written) == set(operation.factors)


@pytest.mark.parametrize("size", [2.5, None])
def test_a_size_that_is_no_integer_is_a_line_and_not_a_traceback(size):
    with pytest.raises(DtypeError, match=r"Geometry: input takes integers, got "):
        Geometry(size, 3)
