"""Signs and scales: ours against the same filter of other libraries, line by line of the table that the docs show."""

from functools import cache
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

import convolab as cl
from convolab.filters.conventions import CONVENTIONS, IMPORTS, page
from convolab.filters.kernels import FILTERS, make_filter

pytestmark = pytest.mark.quick

IMAGE = np.random.default_rng(4).normal(120, 40, (41, 53))
MARGIN = 12


def theirs(convention) -> np.ndarray:
    """The other library's answer, for the pixels that no border reaches."""
    names = {name: import_module(module) for name, module in IMPORTS.values()}
    chosen = make_filter(convention.filter)
    if convention.component != "magnitude":
        names["k"] = chosen[convention.component].array
    answer = eval(convention.call, names | {"f": IMAGE})
    lost = np.array(IMAGE.shape) - answer.shape
    before = (np.array(chosen.shape) - 1) // 2 if lost.any() else np.array([0, 0])
    top, left = MARGIN - before
    return answer[top : top + IMAGE.shape[0] - 2 * MARGIN, left : left + IMAGE.shape[1] - 2 * MARGIN]


@cache
def components(filter: str, engine: str) -> dict[str, np.ndarray]:
    """All that the table compares of a filter, from one pass, for the pixels that no border reaches."""
    show = tuple(dict.fromkeys(c.component for c in CONVENTIONS if c.filter == filter))
    planes = cl.edges(IMAGE, filter, show=show, mode="reflect", engine=engine)
    return {name: plane[MARGIN:-MARGIN, MARGIN:-MARGIN] for name, plane in zip(show, planes, strict=True)}


@pytest.mark.parametrize("engine", ["halide", "numpy"])
@pytest.mark.parametrize(
    "convention", CONVENTIONS, ids=lambda c: f"{c.filter}-{c.component}-{c.library}-{c.factor_text}"
)
def test_one_factor_turns_their_answer_into_ours(convention, engine):
    expected = convention.factor * theirs(convention)
    found = components(convention.filter, engine)[convention.component]
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12 * np.abs(expected).max())


def test_every_filter_is_held_against_torch_and_scipy():
    for library in ("torch", "scipy.signal"):
        assert {c.filter for c in CONVENTIONS if c.library == library} == set(FILTERS)


def test_x_rises_to_the_right_and_y_downwards():
    ramp = np.arange(20.0).reshape(4, 5)  # 1 to the right, 5 downwards
    for name in ("sobel", "scharr", "prewitt"):
        x, y = cl.edges(ramp, name, show=("x", "y"))
        smoothing = make_filter(name)["x"].array[:, 2].sum()
        assert (x == 2 * smoothing).all() and (y == 10 * smoothing).all()


def test_the_page_shows_the_table_that_is_tested():
    text = Path(__file__).parents[1].joinpath("docs", "edges.md").read_text()
    assert page() in text
