"""The relation fitted: what libraries and mistaken programs compute is found, proved on other shapes, and said."""

import random
from dataclasses import replace

import numpy as np
import pytest
import wrong_programs
from in_turn import few

import convolab as cl
from convolab.definition.mistakes import CATALOGUE
from convolab.fitting import rules, search
from convolab.fitting.bias import fit_bias
from convolab.fitting.conventions import CONVENTIONS, asked_by, convention
from convolab.fitting.fit import Fit, fitted
from convolab.fitting.laws import Law
from convolab.fitting.leading import CHANNELS, FILTERS, IMAGES, SCALES, Leading, shapes
from convolab.fitting.names import NEW, OTHER_CONVENTION, UNRECOGNISED, code, differences
from convolab.fitting.patterns import patterns
from convolab.fitting.rules import AS_ASKED, BORDERS, DILATIONS, LINES, PADDINGS, SHIFTS, STRIDES, USES
from convolab.fitting.words import as_dict, formula, sentence
from convolab.geometry import Geometry
from convolab.verify.explanation import BATCHES, BIASED, FRESH_BATCHES, FRESH_GROUPED, FRESH_PLANES, GROUPED, PLANES


def geometries(table):
    for input, kernel, *rest in table:
        (n, ci, co), (stride, padding, dilation, *groups) = rest or ((1, 1, 1), (1, 0, 1))
        g = groups[0] if groups else 1
        sizes = {"batch": n, "in_channels": ci * g, "out_channels": co * g, "groups": g}
        yield Geometry(input, kernel, stride=stride, padding=padding, dilation=dilation, **sizes)


def fit_of(ask_in, operation="forward", *, plane=True):
    read, fresh = (PLANES, FRESH_PLANES) if plane else (BATCHES, FRESH_BATCHES)
    return fitted(ask_in, operation, list(geometries(read)), list(geometries(fresh)))


def of_planes(function):
    """A function of bare planes, asked as a batch of one with one channel; where it raises there is no answer."""

    def ask(image, kernel):
        try:
            return np.asarray(function(image[0, 0], kernel[0, 0]))[None, None]
        except (ValueError, RuntimeError, IndexError):
            return None

    return lambda geometry: ask


def valid(image, kernel):
    return cl.conv2d(image, kernel)


def torch_conv(mode):
    """Torch's module as a function of planes, with a padding mode."""
    import torch

    def of(image, kernel):
        module = torch.nn.Conv2d(1, 1, kernel.shape, padding="same", padding_mode=mode, bias=False, dtype=torch.float64)
        module.weight.data[:] = torch.tensor(kernel)
        return module(torch.tensor(image)[None, None])[0, 0].detach().numpy()

    return of


def same_as_tensorflow(image, kernel):
    """TensorFlow's SAME with stride 1, by its documentation: the odd pixel is padded behind."""
    return valid(np.pad(image, [((k - 1) // 2, k // 2) for k in kernel.shape]), kernel)


def libraries():
    """Every convention with the library's own function, of planes or of lines."""
    import cv2
    import scipy.ndimage
    import scipy.signal
    import torch

    names = {"scipy": scipy, "cv2": cv2, "torch": torch, "numpy": np}
    for short, entry in CONVENTIONS.items():
        called, _, options = entry.called.removesuffix(")").partition("(")
        if called.startswith(("tf", "jax")):
            yield short, same_as_tensorflow
            continue
        if called == "torch.nn.Conv2d":
            yield short, torch_conv(eval(f"dict({options})")["padding_mode"])
            continue
        function, keywords = eval(called, names), eval(f"dict({options})", names)
        if called.startswith("cv2"):
            yield short, lambda a, k, f=function, o=keywords: f(a, -1, k, **o)
        elif called.startswith("torch"):
            yield (
                short,
                lambda a, k, f=function, o=keywords: f(torch.tensor(a)[None, None], torch.tensor(k)[None, None], **o)[
                    0, 0
                ].numpy(),
            )
        elif called.startswith("numpy"):
            yield short, lambda a, k, f=function, o=keywords: f(a[0], k[0], **o)[None]
        else:
            yield short, lambda a, k, f=function, o=keywords: f(a, k, **o)


LIBRARIES = dict(libraries())
LINES_OF_PIXELS = [((1, 8), (1, 3)), ((1, 9), (1, 4)), ((1, 7), (1, 2)), ((1, 10), (1, 5))]


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
@pytest.mark.parametrize("short", few(list(LIBRARIES), 30))
def test_a_library_s_own_function_is_seen_as_the_convention_that_it_is(short):
    expected, function = CONVENTIONS[short], of_planes(LIBRARIES[short])
    if expected.operation == "input_gradient":  # without options it is just what was asked for
        assert fit_of(function, "input_gradient").is_what_was_asked
        return
    table = LINES_OF_PIXELS if short.startswith("numpy") else PLANES
    fresh = [((1, 11), (1, 4)), ((1, 9), (1, 3))] if short.startswith("numpy") else FRESH_PLANES
    found = fitted(function, "forward", list(geometries(table)), list(geometries(fresh)))
    assert found is not None
    if found.is_what_was_asked:
        assert short in ("scipy-correlate2d-valid", "numpy-correlate-valid")
        return
    same = next(c for c in CONVENTIONS.values() if c.called == convention(found))
    for input, kernel in PLANES:
        g, (image, weight) = Geometry(input, kernel), (np.random.default_rng(3).normal(size=s) for s in (input, kernel))
        made = asked_by(short).compute(g, image[None, None], weight[None, None])
        assert np.allclose(made, asked_by(same.short).compute(g, image[None, None], weight[None, None]))


def test_what_was_asked_for_has_no_differences():
    found = fit_of(of_planes(valid))
    assert found.is_what_was_asked and sentence(found, plane=True) == "" and convention(found) is None


def one_row_too_low(image, kernel):
    result = np.zeros_like(valid(image, kernel))
    result[1:] = valid(image, kernel)[:-1]
    return result


def in_the_middle(image, kernel):
    inside, result = valid(image, kernel), np.zeros(image.shape)
    top, left = (k // 2 for k in kernel.shape)
    result[top : top + inside.shape[0], left : left + inside.shape[1]] = inside
    return result


SAID = {
    "one row too low": (
        one_row_too_low,
        "Along the rows everything stands one row too low, with the first row left zero.",
    ),
    "in the middle of zeros": (
        in_the_middle,
        "Along both axes everything stands kernel // 2 lines too far, with what is freed left zero, and the result has "
        "the input's size in place of the size that was asked for.",
    ),
    "backwards": (lambda a, k: valid(a, k[::-1, ::-1]), "Along both axes the kernel is used backwards."),
    "mirrored": (lambda a, k: valid(a, k[:, ::-1]), "Along the columns the kernel is used backwards."),
    "mean": (lambda a, k: valid(a, k) / k.size, "Every product is multiplied by 1 / (number of products)."),
    "minus, backwards": (
        lambda a, k: -valid(a, k[::-1]),
        "Along the rows the kernel is used backwards; every product is multiplied by −1.",
    ),
    "turned over": (lambda a, k: valid(a, k).T, "Rows and columns of the result are exchanged."),
    "a constant beyond": (
        lambda a, k: valid(np.pad(a, ((1, 0), (0, 0)), constant_values=3), k)[:-1],
        "Along the rows it reads i = o + k − 1 where i = o + k was asked for; 3 stands beyond the border.",
    ),
    "the last tap dropped": (
        lambda a, k: valid(a, np.where(np.arange(len(k))[:, None] < len(k) - 1, k, 0)),
        "Along the rows the last kernel position is never used.",
    ),
}


@pytest.mark.quick
@pytest.mark.parametrize("name", SAID)
def test_a_mistake_is_said_as_the_difference_that_it_is(name):
    function, said = SAID[name]
    assert sentence(fit_of(of_planes(function)), plane=True) == said


def batched(change):
    """Our own convolution of batches, with a change of its arguments."""

    def ask_in(g):
        options = {"stride": g.axes[0].stride, "padding": g.axes[0].before, "dilation": g.axes[0].dilation}
        return lambda input, weight: change(input, weight, options)

    return ask_in


BATCHED = {
    "stride ignored": (
        lambda x, w, o: cl.conv2d(x, w, **{**o, "stride": 1}),
        "Along both axes it reads i = o + dilation · k − padding where i = stride · o + dilation · k − padding was asked",
    ),
    "padding ignored": (
        lambda x, w, o: cl.conv2d(x, w, **{**o, "padding": 0}),
        "it reads i = stride · o + dilation · k where",
    ),
    "first channel": (
        lambda x, w, o: cl.conv2d(x[:, :1], w[:, :1], **o),
        "Only the first input channel takes part.",
    ),
    "first filter": (
        lambda x, w, o: cl.conv2d(x, np.broadcast_to(w[:1], w.shape), **o),
        "Every filter is taken for the first.",
    ),
    "replicate": (
        lambda x, w, o: cl.conv2d(x, w, padding_mode="replicate", **o),
        "Along both axes the last line is repeated beyond the border.",
    ),
}


@pytest.mark.parametrize("name", BATCHED)
def test_a_mistake_with_batches_and_options_is_said_too(name):
    change, said = BATCHED[name]
    assert said in sentence(fit_of(batched(change), plane=False), plane=False)


@pytest.mark.parametrize("operation", ["forward", "input_gradient", "weight_gradient"])
@pytest.mark.parametrize("seed", few(range(12), 2))
def test_a_law_drawn_at_random_is_recovered_by_its_values(operation, seed):
    rng = random.Random(seed)
    law = [
        replace(
            Law(),
            reversed=rng.random() < 0.5,
            padding=rng.choice(PADDINGS[:7]),
            stride=rng.choice(STRIDES[:2]),
            dilation=rng.choice(DILATIONS[:2]),
            border=rng.choice([AS_ASKED, *list(BORDERS)[1:]]) if operation != "input_gradient" else AS_ASKED,
            head=rng.choice(LINES[:2]),
        )
        for _ in range(2)
    ]
    leading = rng.choice([Leading(i) for i in IMAGES] + [Leading(filters=f) for f in FILTERS])
    leading = rng.choice([leading, *(Leading(channels=c) for c in CHANNELS[:10])])
    drawn = Fit(operation, law[0], law[1], leading=leading, scale=rng.choice(SCALES))
    found = fit_of(lambda g: lambda first, second: drawn.compute(g, first, second), operation, plane=False)
    assert found is not None and found.cost <= drawn.cost
    for g in geometries([((9, 8), (2, 4), (2, 2, 2), (2, 1, 1)), ((10, 9), (4, 3), (1, 2, 3), (1, 2, 2))]):
        _, second, first = (np.random.default_rng(seed).normal(size=shape) for shape in shapes(g, operation))
        assert np.allclose(found.compute(g, first, second), drawn.compute(g, first, second))


def options(g):
    return g.axes[0].stride, g.axes[0].before, g.axes[0].dilation


def asked_as(table):
    """The operation of a table of wrong programs, and how a program of it is asked in a geometry."""
    return {
        "FORWARD": ("forward", lambda f, g: lambda x, w: f(x, w, *options(g), g.groups)),
        "GROUPED": ("forward", lambda f, g: lambda x, w: f(x, w, *options(g), g.groups)),
        "INPUT_GRADIENT": ("input_gradient", lambda f, g: lambda dy, w: f(dy, w, g.input_shape, *options(g))),
        "WEIGHT_GRADIENT": ("weight_gradient", lambda f, g: lambda x, dy: f(x, dy, g.weight_shape, *options(g))),
    }[table]


def answering(function):
    """The function, which answers None where it raises."""

    def ask(*arrays):
        try:
            return function(*arrays)
        except (ValueError, IndexError, AssertionError):
            return None

    return ask


def fit_of_program(table, name):
    program, expected = getattr(wrong_programs, table)[name]
    if table == "PLANES":
        return fit_of(of_planes(program)), expected
    operation, called = asked_as(table)
    read, fresh = (BATCHES, FRESH_BATCHES)
    if table == "GROUPED":
        read, fresh = [*BATCHES, *GROUPED], [*FRESH_BATCHES, *FRESH_GROUPED]
    found = fitted(lambda g: answering(called(program, g)), operation, list(geometries(read)), list(geometries(fresh)))
    return found, expected


TABLES = ("PLANES", "FORWARD", "GROUPED", "INPUT_GRADIENT", "WEIGHT_GRADIENT")
PROGRAMS = [(table, name) for table in TABLES for name in getattr(wrong_programs, table)]


@pytest.mark.parametrize("program", few({f"{table}-{name}": (table, name) for table, name in PROGRAMS}, 20))
def test_a_wrong_program_is_recovered_and_has_its_code(program):
    table, name = program
    found, expected = fit_of_program(table, name)
    assert found is not None and code(found, plane=table == "PLANES") == expected
    assert bool(sentence(found, plane=table == "PLANES")) == bool(expected or found.silent)


def test_every_code_is_one_of_the_catalogue_or_has_a_sentence():
    known = {m.code for m in CATALOGUE} | set(NEW) | {UNRECOGNISED}
    codes = {part for table, name in PROGRAMS for part in getattr(wrong_programs, table)[name][1].split("+")}
    assert codes <= known | {""} and not {m.code for m in CATALOGUE} & set(NEW)


def test_differences_are_ordered_rows_first_and_image_first():
    found, _ = fit_of_program("PLANES", "two")
    assert [d.code for d in differences(found)] == ["off-by-one", "flipped-rows"]
    assert {d.where for d in differences(found)} == {"rows"}


def test_several_differences_that_are_one_library_s_are_another_convention():
    found, _ = fit_of_program("PLANES", "symmetric_same")
    assert code(found) == OTHER_CONVENTION and len(differences(found)) == 2


def test_where_a_program_gives_no_answer_is_said():
    found, _ = fit_of_program("PLANES", "kernel_loops_exchanged")
    assert found.is_what_was_asked and len(found.silent) == 5
    assert sentence(found, plane=True).startswith("What it gives is right; it gives no answer for a 3 × 2 kernel on a")


NO_LIST_OF_PRODUCTS = {
    "squares": lambda a, k: valid(a * a, k),
    "a constant added": lambda a, k: valid(a, k) + 1,
    "nothing": lambda a, k: np.nan * valid(a, k),
    "sums of neighbours": lambda a, k: valid(a + np.roll(a, 1, 1), k),
    "always the same": lambda a, k: np.ones((2, 2)),
}


@pytest.mark.parametrize("name", NO_LIST_OF_PRODUCTS)
def test_what_is_no_single_relation_is_given_no_sentence(name):
    assert fit_of(of_planes(NO_LIST_OF_PRODUCTS[name])) is None


def test_a_fit_that_fails_on_other_shapes_is_no_explanation():
    def right_where_it_was_read(image, kernel):
        return valid(image, kernel[::-1] if image.shape[0] * image.shape[1] < 64 else kernel)

    assert fit_of(of_planes(right_where_it_was_read)) is None


def test_numbers_cut_to_integers_are_no_list_of_products():
    assert fit_of(of_planes(lambda a, k: valid(a.astype(int), k[::-1].astype(int)))) is None


@pytest.mark.parametrize(
    ("padding", "written"),
    {
        "padding": "o + k",
        "padding + 1": "o + k − 1",
        "padding − 2": "o + k + 2",
        "kernel − 1": "o + k − (kernel − 1)",
    }.items(),
)
def test_the_relation_is_written_as_on_paper(padding, written):
    law = Law(padding=next(p for p in PADDINGS if p.name == padding))
    assert formula(law, plane=True) == f"i = {written}"


def test_check_names_the_library_that_does_the_same_and_explains_it():
    from scipy.signal import convolve2d

    def apply_convolution(img, kernel):
        return convolve2d(img, kernel, mode="same")

    report = cl.check(apply_convolution)
    found = report.functions[0].diagnosis
    assert found.code == "other-convention" and found.fit["flip"] == [True, True]
    assert found.convention == "scipy.signal.convolve2d(mode='same')" and found.convention in str(report)
    assert found.explanation.startswith("Along both axes the kernel is used backwards, it reads")
    assert found.convention in report._repr_html_().replace("&#x27;", "'")


def test_the_fit_is_plain_data_for_programs():
    import json

    found = as_dict(fit_of(of_planes(one_row_too_low)))
    assert json.loads(json.dumps(found)) == found
    assert found["shift"] == ["1", "0"] and found["padding"] == ["padding", "padding"]


def test_every_choice_of_a_law_has_a_name_of_its_own():
    for table in (STRIDES, DILATIONS, PADDINGS, rules.SIZES, LINES, SHIFTS, USES, IMAGES, FILTERS, CHANNELS, SCALES):
        names = [choice.name for choice in table]
        assert len(set(names)) == len(names) and table[0].cost == 0
        assert all(c.cost or c.name == "the size that follows" for c in table[1:])


BIASES = {
    "right": (lambda r, b, g: r + b[:, None, None], ""),
    "left out": (lambda r, b, g: r, "bias-ignored"),
    "subtracted": (lambda r, b, g: r - b[:, None, None], "bias-sign"),
    "once a channel": (lambda r, b, g: r + g.in_channels * b[:, None, None], "bias-repeated"),
    "once a row of the kernel": (lambda r, b, g: r + g.kernel[0] * b[:, None, None], "bias-repeated"),
    "once a product": (lambda r, b, g: r + g.products * b[:, None, None], "bias-repeated"),
    "along the columns": (lambda r, b, g: r + b, "bias-axis"),
    "along the rows": (lambda r, b, g: r + b[:, None], "bias-axis"),
    "only the first": (lambda r, b, g: r + b[0], "bias-first-only"),
    "multiplied": (lambda r, b, g: r * b[:, None, None], "bias-multiplied"),
    "squared": (lambda r, b, g: r + b[:, None, None] ** 2, None),
}


@pytest.mark.parametrize("name", BIASES)
def test_what_becomes_of_the_bias_is_read_and_said(name):
    change, expected = BIASES[name]

    def ask_in(g):
        return answering(lambda x, w, b: change(wrong_programs.conv(x, w, *options(g)), b, g))

    found = fit_bias(ask_in, list(geometries(BIASED)))
    assert (found and found.code) == expected
    if expected is not None:
        assert bool(found.sentence) == bool(expected)
        assert all(part in set(NEW) | {m.code for m in CATALOGUE} for part in expected.split("+") if part)


PATTERNS = {
    "right where the window leaves": (
        lambda g, e, at: np.where(at[3] * g.axes[1].stride < g.axes[1].before, 0, e),
        ["It is right everywhere but where the window leaves the image at the left.", "Where it is wrong, it is zero."],
    ),
    "first channel": (
        lambda g, e, at: np.where(at[1] == 0, e, 3 * e),
        ["It is right in the first channel only.", "Where it is wrong, it is 3 times the right value."],
    ),
    "first row": (
        lambda g, e, at: np.where(at[2] == 0, e, e + 2),
        ["It is right in the first row only.", "Where it is wrong, it is too large by 2."],
    ),
    "neighbour added": (
        lambda g, e, at: e + np.roll(np.where(at[3] == at.shape[4] - 1, 0, e), 1, 3),
        ["It is right everywhere but where", "Where it is wrong, it is too large by the value of its left neighbour."],
    ),
    "two lines": (
        lambda g, e, at: np.where((at[2] == at.shape[3] - 1) | (at[3] == at.shape[4] - 1), 0, e),
        ["It is right everywhere but in the last row and in the last column.", "Where it is wrong, it is zero."],
    ),
    "no rule": (lambda g, e, at: np.sin(1e3 * e), []),
}


@pytest.mark.parametrize("name", PATTERNS)
def test_what_no_fit_explains_is_grouped_into_true_statements(name):
    change, expected = PATTERNS[name]
    rng, triples = np.random.default_rng(5), []
    for g in geometries([((6, 7), (3, 2), (2, 2, 3), (1, 1, 1)), ((7, 5), (3, 3), (2, 3, 2), (1, 2, 1))]):
        right = wrong_programs.conv(rng.normal(size=g.input_shape), rng.normal(size=g.weight_shape), *options(g))
        triples.append((g, right, change(g, right, np.indices(right.shape))))
    said = patterns(triples)
    assert said == expected or (name == "neighbour added" and said[-1] == expected[-1])


def test_a_result_of_another_shape_is_said_to_be_one():
    g = Geometry((5, 5), (3, 3))
    assert patterns([(g, np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 3)))]) == ["The result has another shape than asked."]


def test_an_examination_is_explained_with_its_bias_and_by_statements():
    from convolab.verify.direct import Direct
    from convolab.verify.explanation import explain, statements
    from convolab.verify.interpret import examined
    from convolab.verify.subjects import subjects
    from convolab.verify.targets import TARGETS

    def conv2d(input, weight, bias=None, stride=1, padding=0):
        result = wrong_programs.conv(input, weight, stride, padding)
        result[:, :, 0] = 0
        return result if bias is None else result - np.reshape(bias, (-1, 1, 1))

    caller = Direct(conv2d, "conv2d")
    (subject,) = subjects(caller.start(), {"conv2d": TARGETS["conv2d"]}, {})
    examination = examined(caller, subject, {}, torch_loaded=False)
    found = explain(examination)
    assert found.code == "missing-border+bias-sign" and "bias" in found.sentence
    examination.asked = [a for a in examination.asked if "bias" not in a.arrays]
    assert statements(examination) == ["It is right everywhere but in the first row.", "Where it is wrong, it is zero."]


LINES_WRONG = {
    "backwards": (lambda a, k: np.convolve(a, k, "valid"), "flipped-kernel", "The kernel is used backwards."),
    "one too far": (
        lambda a, k: np.concatenate([[0], np.correlate(a, k, "valid")[:-1]]),
        "off-by-one",
        "Everything stands one line too far, with the first line left zero.",
    ),
    "whole": (lambda a, k: np.correlate(a, k, "full"), "output-size", ""),
}


@pytest.mark.parametrize("name", LINES_WRONG)
def test_a_program_of_one_axis_is_fitted_as_an_image_of_one_row(name):
    function, expected, said = LINES_WRONG[name]
    fresh = [((1, 11), (1, 4)), ((1, 9), (1, 3))]
    wrapped = of_planes(lambda a, k: function(a[0], k[0])[None])
    found = fitted(wrapped, "forward", list(geometries(LINES_OF_PIXELS)), list(geometries(fresh)))
    assert found.line and code(found) == expected
    assert not said or sentence(found, plane=True) == said


@pytest.mark.parametrize("seed", range(20))
def test_products_drawn_at_random_are_never_given_a_law_that_does_not_hold(seed):
    """A program that reads places at random, the same in every call: a fit of it must not be found."""

    def ask(image, kernel):
        rng = np.random.default_rng(seed + image.size)
        h, w = (n - k + 1 for n, k in zip(image.shape, kernel.shape, strict=True))
        rows, columns = rng.integers(0, image.shape[0], (h, w)), rng.integers(0, image.shape[1], (h, w))
        return image[rows, columns] * kernel[0, 0] + image[columns % image.shape[0], 0] * kernel[-1, -1]

    assert fit_of(of_planes(ask)) is None


def test_a_fit_takes_few_calls():
    calls = []

    def counted(image, kernel):
        calls.append(1)
        return valid(image, kernel[::-1])

    assert fit_of(of_planes(counted)) is not None and len(calls) < 120


def test_an_unknown_convention_is_answered_with_the_known_ones():
    with pytest.raises(
        cl.errors.ArgumentError, match=r"^convention: 'scipy' is unknown. Expected one of ndimage, opencv"
    ):
        asked_by("scipy")
    assert asked_by("ndimage") == asked_by("ndimage-correlate-reflect")


def test_what_tells_too_little_or_too_much_is_given_up_after_so_many_tries(monkeypatch):
    tries = []
    with_lines = search._with_lines
    monkeypatch.setattr(search, "_with_lines", lambda *given: tries.append(1) or with_lines(*given))
    fit_of(of_planes(lambda a, k: valid(a, k)[:1, :1]))
    assert len(tries) <= 2 * search.Effort().left
    calls = []
    assert fit_of(of_planes(lambda a, k: calls.append(1) or a * k.sum())) is not None or len(calls) < 4000
    assert fit_of(of_planes(lambda a, k: calls.append(1) or np.full_like(a, a.sum() * k.sum()))) is None
    assert len(calls) < 4000
