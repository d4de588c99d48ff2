"""The relation fitted: what libraries and mistaken programs compute is found, proved on other shapes, and said."""

import random
from dataclasses import replace

import numpy as np
import pytest

import convolab as cl
from convolab.fitting import laws
from convolab.fitting.conventions import CONVENTIONS, asked_by, convention
from convolab.fitting.fit import Fit, fitted
from convolab.fitting.laws import BORDERS, DILATIONS, LINES, PADDINGS, SHIFTS, STRIDES, USES, Law
from convolab.fitting.leading import CHANNELS, FILTERS, IMAGES, SCALES, Leading, shapes
from convolab.fitting.words import as_dict, formula, sentence
from convolab.geometry import Geometry
from convolab.verify.explanation import BATCHES, FRESH_BATCHES, FRESH_PLANES, PLANES


def geometries(table):
    for input, kernel, *rest in table:
        (n, ci, co), (stride, padding, dilation) = rest or ((1, 1, 1), (1, 0, 1))
        sizes = {"batch": n, "in_channels": ci, "out_channels": co}
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
@pytest.mark.parametrize("short", LIBRARIES)
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
        assert short == "scipy-correlate2d-valid"
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
        "Along the rows everything stands one row too low, and the first row is left zero.",
    ),
    "in the middle of zeros": (
        in_the_middle,
        "Along both axes everything stands kernel // 2 lines too far, and what is freed is left zero, and the result has "
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
@pytest.mark.parametrize("seed", range(12))
def test_a_law_drawn_at_random_is_recovered_by_its_values(operation, seed):
    rng = random.Random(seed)
    law = [
        replace(
            Law(),
            reversed=rng.random() < 0.5,
            padding=rng.choice(PADDINGS[:7]),
            stride=rng.choice(STRIDES[:2]),
            dilation=rng.choice(DILATIONS[:2]),
            border=rng.choice(list(BORDERS)) if operation != "input_gradient" else "zeros",
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


def test_check_explains_what_has_no_name_and_names_the_library_that_does_the_same():
    from scipy.signal import convolve2d

    def apply_convolution(img, kernel):
        return convolve2d(img, kernel, mode="same")

    report = cl.check(apply_convolution)
    found = report.functions[0].diagnosis
    assert found.convention == "scipy.signal.convolve2d(mode='same')" and found.fit["flip"] == [True, True]
    assert "That is exactly what scipy.signal.convolve2d(mode='same') computes." in str(report)
    assert "What it computes instead: Along both axes the kernel is used backwards, it reads" in str(report)
    assert found.convention in report._repr_html_().replace("&#x27;", "'")


def test_the_fit_is_plain_data_for_programs():
    import json

    found = as_dict(fit_of(of_planes(one_row_too_low)))
    assert json.loads(json.dumps(found)) == found
    assert found["shift"] == ["1", "0"] and found["padding"] == ["padding", "padding"]


def test_every_choice_of_a_law_has_a_name_of_its_own():
    for table in (STRIDES, DILATIONS, PADDINGS, laws.SIZES, LINES, SHIFTS, USES, IMAGES, FILTERS, CHANNELS, SCALES):
        names = [choice.name for choice in table]
        assert len(set(names)) == len(names) and table[0].cost == 0
        assert all(c.cost or c.name == "the size that follows" for c in table[1:])
