"""The table of mistakes: each entry differs from the definition, and is told apart from every other one."""

from functools import cache
from itertools import count

import numpy as np
import pytest

from convolab import definition
from convolab.definition import mistakes
from convolab.definition.mistakes.edges import place
from convolab.definition.mistakes.manners import MANNERS
from convolab.definition.mistakes.values import scaled_by
from convolab.errors import ArgumentError
from convolab.geometry import Geometry

# Wide and tall images and kernels, square ones too (some mistakes raise on all others), strides that do not divide.
SIZES = [
    ((6, 9), (3, 2)),
    ((9, 6), (2, 3)),
    ((6, 6), (3, 3)),
    ((5, 8), (3, 3)),
    ((8, 5), (3, 3)),
    ((5, 9), (2, 4)),
    ((7, 7), (4, 2)),
]
OPTIONS = [
    {},
    {"stride": 2},
    {"padding": 1},
    {"stride": 2, "padding": 1},
    {"dilation": 2, "padding": 1},
    {"stride": 3, "padding": 2},
    {"padding": 2},
]
CHANNELS = [(2, 2, 3), (1, 1, 1), (1, 1, 1), (3, 3, 2), (1, 1, 1)]


def trial_arrays(operation, geometry, rng, fraction=1):
    shapes = {"input": geometry.input_shape, "weight": geometry.weight_shape, "grad_output": geometry.output_shape}
    names = {
        "forward": ("input", "weight"),
        "input_gradient": ("weight", "grad_output"),
        "weight_gradient": ("input", "grad_output"),
    }
    arrays = {n: rng.integers(-9, 10, shapes[n]) / fraction for n in names[operation]}
    if operation == "forward":
        arrays["bias"] = rng.integers(1, 9, geometry.out_channels) / fraction
    return arrays


def geometries():
    numbers = count()
    for options in OPTIONS:
        for input, kernel in SIZES:
            batch, ci, co = CHANNELS[next(numbers) % 5]
            yield Geometry(input, kernel, batch=batch, in_channels=ci, out_channels=co, **options)
    yield Geometry((6, 7), (3, 2), batch=2, in_channels=4, out_channels=6, groups=2)


GEOMETRIES = [g for n, g in enumerate(geometries()) if n % 3 == 0 or n < 7 or n == 49]


@cache
def questions(operation, geometries, seed=0):
    """(geometry, arrays, right answer) of every trial: whole numbers and quarters, some images of integers."""
    rng, found = np.random.default_rng(seed), []
    for n, geometry in enumerate(geometries):
        arrays = trial_arrays(operation, geometry, rng, 1 if n % 3 else 4)
        if n % 5 == 4:
            arrays = {k: np.floor(v).astype(np.int64) if k in ("input",) else v for k, v in arrays.items()}
        found.append((geometry, arrays, mistakes.Variation().evaluate(operation, geometry, arrays)[0]))
    return found


def trials_of(variation, operation, geometries=GEOMETRIES):
    """What a function with this mistake answers, over a list of geometries."""
    found = []
    for geometry, arrays, expected in questions(operation, tuple(geometries)):
        try:
            got = variation.run(operation, geometry, {k: v.copy() for k, v in arrays.items()})
        except (IndexError, ValueError):
            got = None
        found.append(mistakes.Trial(operation, geometry, arrays, got, 1e-9, expected=expected))
    return found


@pytest.fixture
def computed_once(monkeypatch):
    """What a way gives for the arrays of a question is computed once, however many answers it is compared with."""
    evaluate, kept = mistakes.Variation.evaluate, {}

    def remembered(self, operation, geometry, arrays):
        key = id(self), id(arrays)
        if key not in kept:
            try:
                kept[key] = self, arrays, evaluate(self, operation, geometry, arrays)
            except (IndexError, ValueError) as error:
                kept[key] = self, arrays, error
        if isinstance(kept[key][2], Exception):
            raise kept[key][2]
        return kept[key][2]

    monkeypatch.setattr(mistakes.Variation, "evaluate", remembered)


@pytest.mark.parametrize("operation", mistakes.OPERATIONS)
def test_no_variation_at_all_is_the_definition(operation):
    rng = np.random.default_rng(0)
    for geometry in GEOMETRIES[::5]:
        arrays = trial_arrays(operation, geometry, rng)
        bias = arrays.pop("bias", None)
        plain = {
            "forward": definition.conv,
            "input_gradient": definition.conv_input,
            "weight_gradient": definition.conv_weight,
        }
        expected = plain[operation](geometry, *arrays.values())
        if bias is not None:
            expected = expected + bias[:, None, None]
        np.testing.assert_array_equal(
            getattr(mistakes.Variation(), operation)(geometry, *arrays.values(), *[bias] * (bias is not None)), expected
        )
        if operation == "input_gradient":
            np.testing.assert_array_equal(
                mistakes.Variation(gather=True).input_gradient(geometry, *arrays.values()), expected
            )


WAYS = [
    (operation, mistake.code, number)
    for operation in mistakes.OPERATIONS
    for mistake in mistakes.applicable(operation)
    if not mistake.observed
    for number in range(len(mistake.ways(operation)))
]


# The first way of every mistake, and each tenth of the further ones.
SOME = [way for n, way in enumerate(WAYS) if way[2] == 0 or n % 10 == 0]
REST = [way for way in WAYS if way not in SOME]


@pytest.mark.parametrize("ways", [SOME, pytest.param(REST, marks=pytest.mark.slow)], ids=["some", "rest"])
@pytest.mark.parametrize("operation", mistakes.OPERATIONS)
def test_every_way_of_every_mistake_is_told_apart_from_every_other_mistake(operation, ways, computed_once):
    bad = []
    for op, code, number in ways:
        if op != operation:
            continue
        trials = trials_of(mistakes.find(code).ways(operation)[number], operation)
        if all(t.right for t in trials):
            bad.append(f"{code} [{number}] changes nothing")
            continue
        if all(t.right or t.raised for t in trials):
            continue  # it raises wherever it is wrong: there are no values to recognise it by
        names = [f.code for f in mistakes.recognise(trials, pairs=False)]
        if names != [code]:
            bad.append(f"{code} [{number}] {mistakes.find(code).ways(operation)[number].note!r} is called {names}")
    assert not bad, "\n".join(bad)


def test_a_function_that_is_right_has_no_mistake():
    assert mistakes.recognise(trials_of(mistakes.Variation(), "forward")) == []


def test_an_unknown_mistake_is_not_given_a_name():
    odd = mistakes.Variation(result=lambda terms, result: result * np.where(np.arange(result.shape[-1]) % 2, 1, 3))
    assert mistakes.recognise(trials_of(odd, "forward")) == []


@pytest.mark.parametrize("operation", mistakes.OPERATIONS)
def test_two_mistakes_at_once_are_both_named(operation):
    flipped, sign = mistakes.find("flipped-kernel"), mistakes.find("sign")
    both = flipped.ways(operation)[0].then(sign.ways(operation)[0])
    (found,) = mistakes.recognise(trials_of(both, operation))
    assert {m.code for m in found.mistakes} == {"flipped-kernel", "sign"}


def test_a_mistake_that_shows_in_some_answers_alone_is_named_beside_one_that_shows_in_all():
    sizes = [Geometry((4, 5), (2, 2)), Geometry((6, 7), (2, 2), stride=2), Geometry((9, 8), (3, 2), stride=2)]
    strides, sign = (mistakes.find(code).ways("weight_gradient")[0] for code in ("stride-ignored", "sign"))
    (found,) = mistakes.recognise(trials_of(strides.then(sign), "weight_gradient", geometries=sizes))
    assert {m.code for m in found.mistakes} == {"sign", "stride-ignored"}


def test_a_mistake_made_twice_is_no_pair_of_mistakes():
    all_of_it, products = scaled_by(2.0), scaled_by(2.0, bias=False)
    assert mistakes.recognise(trials_of(products.then(all_of_it), "forward", GEOMETRIES[:8])) == []


def test_two_mistakes_in_one_program_need_the_axes_that_each_of_them_needs():
    sign, rows = mistakes.find("sign").variations[0], mistakes.find("flipped-rows").variations[0]
    assert sign.then(rows).least_dims == rows.then(sign).least_dims == 2


@pytest.mark.parametrize("operation", mistakes.OPERATIONS)
def test_along_one_axis_no_mistake_speaks_of_rows_or_columns(operation):
    line = Geometry(7, 3, batch=2)
    ways = [(m.code, way.note) for m in mistakes.CATALOGUE for way in m.ways(operation, line)]
    assert len(ways) > 60 and [way for way in ways if "row" in way[1] or "column" in way[1]] == []


def test_what_is_particular_to_a_way_follows_the_sentence():
    mistake = mistakes.find("padding-one-side")
    front = mistake.ways("forward")[0]
    assert (
        mistake.explain(front) == "Zeros are added at one end of each axis and not at the other. Here: the front only."
    )
    assert mistake.explain() == "Zeros are added at one end of each axis and not at the other."


def test_manners_are_seen_and_all_other_mistakes_recognised_by_their_values():
    assert {m.code for m in mistakes.CATALOGUE if m.observed} == {m.code for m in MANNERS}


@pytest.mark.parametrize("mode, numpys", [("reflect", "reflect"), ("replicate", "edge"), ("circular", "wrap")])
def test_a_border_is_numpys_padding_and_beyond_it_nothing_is_read(mode, numpys):
    (axis,) = Geometry(5, 3, padding=((2, 1),)).axes
    index, left_out, raises = place(np.arange(-4, 9), axis, 5, mode)
    inside = np.array([False] * 2 + [True] * 8 + [False] * 3)
    assert (left_out == ~inside).all() and not raises.any()
    assert index[inside].tolist() == np.pad(np.arange(5), (2, 1), mode=numpys).tolist()


def test_a_factor_is_read_off_the_answers():
    third = mistakes.Variation(result=lambda terms, result: result * -0.3)
    (found,) = mistakes.recognise(trials_of(third, "weight_gradient"))
    assert found.code == "scaled" and found.variation.note == "the factor is -0.3"


def test_the_sheets_slip_raises_on_tall_images_and_misreads_wide_ones():
    slips = mistakes.find("row-index-for-column").ways("input_gradient")
    slip = next(v for v in slips if v.note.endswith("b = i - l") and v.edge == "bare" and v.taps.__name__ == "change")
    tall, wide = Geometry((9, 5), (3, 2)), Geometry((5, 9), (3, 2))
    rng = np.random.default_rng(0)
    with pytest.raises(IndexError):
        slip.input_gradient(tall, *trial_arrays("input_gradient", tall, rng).values())
    arrays = trial_arrays("input_gradient", wide, rng)
    assert (slip.input_gradient(wide, *arrays.values()) != definition.conv_input(wide, *arrays.values())).any()


def test_a_wrong_name_is_refused_with_the_right_ones():
    with pytest.raises(ArgumentError, match=r"code='flipped' is unknown. Expected one of flipped-kernel, "):
        mistakes.find("flipped")
    with pytest.raises(ArgumentError, match=r"operation='backward' is unknown. Expected one of forward, "):
        mistakes.applicable("backward")


def test_every_entry_is_complete_and_its_hint_does_not_repeat_its_sentence():
    codes = [m.code for m in mistakes.CATALOGUE]
    assert len(set(codes)) == len(codes) >= 40
    for m in mistakes.CATALOGUE:
        assert m.title and m.hint.endswith((".", "?")) and m.explain().endswith(".") and m.variations
        assert m.hint not in m.sentence
