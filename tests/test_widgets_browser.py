"""The widgets in a real Chromium: their arithmetic, what is lit and written, the keyboard, and what they ask for.

`make browser` runs these.
"""

import re
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pytest
from cases import CASES
from chromium import browser as browser
from chromium import opened, watched

import convolab as cl
from convolab.definition import conv, conv_input, conv_weight
from convolab.filters.kernels import make_filter, read_kernel
from convolab.filters.table import FILTERS
from convolab.views.computed import arrays_of, geometry_of, output_of
from convolab.views.modules import script, style
from convolab.views.page import WIDGETS, one_page
from convolab.views.reads import reads_of
from convolab.views.states import from_address, rest, to_address
from convolab.views.theirs import Theirs

pytestmark = pytest.mark.browser
playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The page of every widget, as a file."""
    folder = tmp_path_factory.mktemp("pages")
    for widget in WIDGETS:
        (folder / f"{widget}.html").write_text(one_page(widget), encoding="utf-8")
    return folder


@pytest.fixture
def show(browser, pages):
    """A function that opens a widget's whole page at an address; see `watched` for what must hold at the end."""

    def whole(widget: str, address: str = ""):
        opened(page, pages / f"{widget}.html", address)
        page.locator(".deck, .cvl-reads").last.wait_for()
        return page

    with watched(browser) as page:
        yield whole


# ---- Arithmetic

NAMES = "geometry, transposed, forward, inputGradient, weightGradient, outputOf, codeOf, fromAddress, toAddress"


@pytest.fixture(scope="module")
def lab(browser):
    """A page that has the explorer's functions as `lab`."""
    page = browser.new_page()
    page.add_script_tag(type="module", content=script("explorer") + f"\nwindow.lab = {{ {NAMES} }};")
    page.wait_for_function("window.lab")
    yield page
    page.close()


def as_two_axes(geometry) -> dict:
    """A geometry of one or two axes as the page's script takes it."""
    axes = geometry.axes
    row = {"input": 1, "kernel": 1, "stride": 1, "dilation": 1, "before": 0, "after": 0}
    both = ([row] if len(axes) == 1 else []) + [{name: getattr(axis, name) for name in row} for axis in axes]
    sizes = {name: [axis[name] for axis in both] for name in ("input", "kernel", "stride", "dilation")}
    padding = [[axis["before"], axis["after"]] for axis in both]
    channels = {"cin": geometry.in_channels, "cout": geometry.out_channels, "groups": geometry.groups}
    return sizes | channels | {"padding": padding, "mode": geometry.padding_mode}


SUMS = """([geometry, x, w, dy, single]) => {
    const g = lab.geometry(geometry), round = single ? Math.fround : Number;
    return [lab.forward(g, x, w, round), lab.inputGradient(g, w, dy, round), lab.weightGradient(g, x, dy, round)]
        .map((sum) => Array.from(sum));
}"""


def sums_agree(lab, geometry, arrays) -> bool:
    x, w, dy = arrays
    expected = conv(geometry, x, w), conv_input(geometry, w, dy), conv_weight(geometry, x, dy)
    flat = [a.astype(float).ravel().tolist() for a in arrays]
    found = lab.evaluate(SUMS, [as_two_axes(geometry), *flat, x.dtype == np.float32])
    return all(np.array_equal(f, e.ravel()) for f, e in zip(found, expected, strict=True))


@pytest.mark.parametrize("case", [c for c in CASES if c.dims < 3], ids=lambda c: c.name)
def test_the_page_adds_up_what_the_definition_adds_up(case, lab):
    geometry = case.geometry.replace(batch=1)
    rng = np.random.default_rng(1)
    shapes = geometry.input_shape, geometry.weight_shape, geometry.output_shape
    assert sums_agree(lab, geometry, [rng.integers(-9, 10, shape) for shape in shapes])
    # Of numbers that are rounded at every step, only the same order of sums gives the same bits.
    assert sums_agree(lab, geometry, [rng.normal(size=shape).astype(np.float32) for shape in shapes])


def random_state(rng) -> dict:
    """A state of the explorer that is valid, of any operation."""
    while True:
        state = rest("explorer") | {"op": str(rng.choice(["correlation", "convolution", "transposed"]))}
        groups = int(rng.integers(1, 3))
        ins, outs = (groups * int(rng.integers(1, 3)) for _ in range(2))
        dims = int(rng.integers(1, 3))
        first = [1] if dims == 1 else []
        size, kernel = ([*first, *map(int, rng.integers(low, high, dims))] for low, high in ((3, 9), (1, 5)))
        numbers = (lambda s: rng.integers(-9, 10, s)) if rng.random() < 0.5 else (lambda s: rng.normal(size=s).round(3))
        state |= {"x": numbers((ins, *size)).tolist(), "w": numbers((ins * outs // groups, *kernel)).tolist()}
        state |= {"groups": groups, "dims": dims, "base": int(rng.integers(2))}
        for name, low, high in (("stride", 1, 4), ("dilation", 1, 3), ("extra", 0, 2)):
            state[name] = [*([max(low, 0)] if dims == 1 else []), *map(int, rng.integers(low, high, dims))]
        sides = rng.integers(0, 3, 2 * dims) if rng.random() < 0.5 else [int(rng.integers(0, 3))] * 2 * dims
        state["padding"] = [*([0, 0] if dims == 1 else []), *map(int, sides)]
        if state["op"] != "transposed":
            state |= {"extra": [0, 0], "mode": str(rng.choice(["zeros", "reflect", "replicate", "circular"]))}
        state["b"] = numbers(outs).tolist() if rng.random() < 0.3 else []
        try:
            output_of(state)
        except ValueError:
            continue
        return state


@pytest.mark.parametrize("seed", range(40))
def test_the_page_shows_what_the_definition_gives_and_its_line_of_python_says(seed, lab):
    state = random_state(np.random.default_rng(seed))
    found = lab.evaluate("state => Array.from(lab.outputOf(state))", state)
    expected = output_of(state)
    assert np.array_equal(found, expected.ravel())
    x, w = arrays_of(state)
    if state["dims"] == 1:
        x, w = x[:, 0], w[:, :, 0]
    b = np.array(state["b"], float)
    code = lab.evaluate("state => lab.codeOf(state)", state)
    assert np.allclose(eval(code["convolab"], {"cl": cl, "x": x, "w": w, "b": b}).ravel(), expected.ravel())
    if code["torch"]:
        torch = pytest.importorskip("torch")
        tensors = {name: torch.from_numpy(a.copy()) for name, a in {"x": x, "w": w, "b": b}.items()}
        found = eval(code["torch"], {"F": torch.nn.functional, **tensors})
        assert np.allclose(found.numpy().ravel(), expected.ravel())


@pytest.mark.parametrize("seed", range(10))
def test_page_and_python_read_and_write_the_same_addresses(seed, lab):
    state = random_state(np.random.default_rng(seed))
    text = lab.evaluate("state => lab.toAddress('explorer', state)", state)
    assert text == to_address("explorer", state)
    assert lab.evaluate("text => lab.fromAddress('explorer', text)", text) == from_address("explorer", text) == state


# ---- The explorer


def cell(page, plane: str, place: tuple[int, int], index: int = 0):
    """A cell of the input (x), the weight (w) or the output (y), counted from 0 in what is drawn."""
    y, x = place
    return page.locator(f".column.{plane} .plane").nth(index).locator(".row").nth(y).locator(".cell").nth(x)


def lit(page, plane: str, kind: str, index: int = 0) -> set[tuple[int, int]]:
    rows = page.locator(f".column.{plane} .plane").nth(index)
    return set(
        map(
            tuple,
            rows.evaluate(
                f"""plane => [...plane.querySelectorAll(".row")].flatMap((row, y) =>
                [...row.querySelectorAll(".cell")].flatMap((cell, x) => cell.matches(".{kind}") ? [[y, x]] : []))"""
            ),
        )
    )


def said(page) -> str:
    return page.locator(".readout").inner_text()


def words(page) -> str:
    return re.sub(r"\s+", " ", said(page))


def block(y: int, x: int, rows: int = 3, columns: int = 3) -> set[tuple[int, int]]:
    return {(y + a, x + b) for a in range(rows) for b in range(columns)}


def test_at_rest_a_window_is_lit_and_its_sum_is_written_out(show):
    page = show("explorer")
    assert lit(page, "y", "target") == {(1, 2)} and lit(page, "x", "window") == block(1, 2)
    assert "= (−1)·9 + 0·9 + 1·9 + (−2)·0 + 0·0 + 2·8 + (−1)·0 + 0·7 + 1·9 = 25" in words(page)


def test_an_output_an_input_and_a_weight_say_what_they_meet(show):
    page = show("explorer")
    cell(page, "y", (0, 0)).hover()
    assert lit(page, "x", "window") == block(0, 0) and lit(page, "y", "target") == {(0, 0)}
    assert cell(page, "x", (1, 2)).get_attribute("data-badge") == "×2"
    cell(page, "x", (1, 1)).hover()
    assert lit(page, "y", "window") == block(0, 0, 2, 2) and "9 goes into 4 outputs" in said(page)
    assert cell(page, "y", (0, 1)).get_attribute("data-badge") == "×−2"
    cell(page, "w", (2, 0)).hover()
    assert lit(page, "x", "met") == block(2, 0, 4, 5) and lit(page, "y", "met") == block(0, 0, 4, 5)
    assert "meets 20 inputs and takes part in 20 outputs" in said(page)
    page.mouse.move(5, 5)
    assert lit(page, "y", "target") == {(1, 2)}  # what was selected is selected again


def test_the_input_wears_the_colour_of_the_weight_that_meets_it(show):
    page = show("explorer", "op=convolution")

    def colour(plane, place, kind):
        ring = "node => getComputedStyle(node, '::before').borderTopColor"
        return cell(page, plane, place).evaluate(ring)

    cell(page, "y", (0, 0)).hover()
    for y, x in block(0, 0):
        assert colour("x", (y, x), "window") == colour("w", (2 - y, 2 - x), "window")
    assert len({colour("w", at, "window") for at in block(0, 0)}) == 9


def test_a_number_is_typed_and_the_sum_follows(show):
    page = show("explorer")
    cell(page, "x", (3, 4)).click()
    page.keyboard.type("-5")
    page.keyboard.press("Enter")
    assert cell(page, "x", (3, 4)).inner_text() == "−5"
    cell(page, "y", (1, 2)).hover()
    assert "1·(−5) = 11" in words(page)
    page.wait_for_timeout(300)  # the address follows a little later
    state = from_address("explorer", page.evaluate("location.href"))
    assert state["x"][0][3][4] == -5 and output_of(state)[0, 1, 2] == 11


def test_a_function_of_ones_own_stands_beside_the_output_with_its_mistakes(browser, tmp_path):
    def mine(img, kernel):
        return cl.conv2d(img, kernel) + (np.arange(5) == 4)

    with closing(Theirs(mine)) as theirs:
        told = theirs.told(rest("explorer"), output_of(rest("explorer")))
    (tmp_path / "page.html").write_text(one_page("explorer", rest("explorer"), theirs=told))
    with watched(browser) as page:
        opened(page, tmp_path / "page.html")
        assert lit(page, "theirs", "wrong") == {(y, 4) for y in range(4)}
        assert (
            page.locator(".verdict").inner_text()
            == "mine differs in 4 of 20 outputs. cl.check(mine) names the mistake."
        )
        cell(page, "theirs", (3, 4)).hover()
        assert lit(page, "y", "target") == {(3, 4)} == lit(page, "theirs", "target")


def test_what_is_selected_is_told_to_a_screen_reader(show):
    page = show("explorer")
    cell(page, "y", (0, 1)).focus()
    assert page.get_by_role("gridcell", selected=True).get_attribute("aria-label") == "y 1 2: 0"
    expect(page.locator("[aria-live=polite]")).to_have_text("y 1 2 = 0, a sum of 9 products.")


def test_what_is_no_number_is_refused_and_escape_keeps_the_old(show):
    page = show("explorer")
    cell(page, "w", (0, 0)).dblclick()
    page.keyboard.type("many")
    page.keyboard.press("Enter")
    assert cell(page, "w", (0, 0)).inner_text() == "−1" and "“many” is no number" in page.locator(".said").inner_text()
    cell(page, "w", (0, 0)).dblclick()
    page.keyboard.type("7")
    page.keyboard.press("Escape")
    assert cell(page, "w", (0, 0)).inner_text() == "−1"


def test_the_keyboard_alone_does_everything(show):
    page = show("explorer")
    cell(page, "y", (1, 2)).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert lit(page, "y", "target") == {(2, 3)} and lit(page, "x", "window") == block(2, 3)
    page.keyboard.press("Control+Home")
    assert lit(page, "y", "target") == {(0, 0)}
    page.keyboard.press("Shift+Tab")  # from the output to the weight, and on to the input
    page.keyboard.press("4")
    page.keyboard.press("Enter")
    assert cell(page, "w", (0, 0)).inner_text() == "4"
    stride = page.get_by_role("spinbutton", name="stride", exact=True)
    stride.focus()
    page.keyboard.press("ArrowUp")
    assert page.locator(".column.y figcaption").inner_text() == "output 2 × 3"
    page.get_by_role("radio", name="Transposed").focus()
    page.keyboard.press("Space")
    assert "conv_transpose2d(x, w, stride=2)" in page.locator("code.torch").inner_text()


@pytest.mark.parametrize("widget", ["explorer", "gradient", "ascent"])
def test_the_first_frame_stands_before_what_is_below_it(widget, browser, pages):
    with watched(browser) as page:
        page.add_init_script("""new MutationObserver((_, watch) => {
            if (!document.querySelector(".cvl .cell")) return;
            watch.disconnect();
            requestAnimationFrame(() => (window.first = document.querySelectorAll(".deck, .notes, svg.chart").length));
        }).observe(document, { childList: true, subtree: true });""")
        opened(page, pages / f"{widget}.html")
        page.locator(".deck").wait_for()
        assert page.evaluate("window.first") == 0
        assert page.evaluate("document.querySelectorAll('.deck, .notes').length") == 2


def test_every_control_is_reached_by_tab(show):
    page = show("explorer", "padding=1&apart=1")
    wanted = page.evaluate(
        """[...document.querySelectorAll("select, input, button:not([tabindex='-1']), [role=spinbutton]")]
        .filter((e) => e.offsetParent && !(e.type === "radio" && !e.checked)).length"""
    )
    page.evaluate("window.seen = new Set(); addEventListener('focusin', (e) => seen.add(e.target))")
    for _ in range(wanted + 12):
        page.keyboard.press("Tab")
    reached = page.evaluate("[...seen].filter((e) => e.matches('select, input, button, [role=spinbutton]')).length")
    assert reached == wanted
    assert page.evaluate("[...seen].filter((e) => e.matches('[role=gridcell]')).length") == 3


def test_a_limit_cannot_be_passed_and_says_why(show):
    page = show("explorer")
    rows = page.get_by_role("spinbutton", name="rows", exact=True)
    rows.focus()
    for _ in range(9):
        page.keyboard.press("ArrowDown")
    assert rows.inner_text() == "3" and rows.get_attribute("aria-valuemin") == "3"
    assert "rows stops at 3: a kernel reaching over 3 must fit" in page.locator(".said").inner_text()
    page.get_by_role("spinbutton", name="padding", exact=True).focus()
    page.keyboard.press("ArrowUp")
    page.get_by_label("what stands in it").select_option("reflect")
    rows.focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    assert rows.inner_text() == "2" and "reflect takes its padding from the input" in page.locator(".said").inner_text()


@pytest.mark.parametrize("seed", range(6))
def test_no_sequence_of_steps_leads_to_a_state_that_does_not_exist(seed, show):
    rng = np.random.default_rng(seed)
    page = show("explorer")
    for _ in range(60):
        steps = page.locator("button.step:visible, .switch input")
        steps.nth(int(rng.integers(steps.count()))).dispatch_event("click")
        if rng.random() < 0.1 and page.get_by_label("what stands in it").is_visible():
            page.get_by_label("what stands in it").select_option(str(rng.choice(["zeros", "reflect", "circular"])))
    page.wait_for_timeout(400)
    state = from_address("explorer", page.evaluate("location.href"))
    shown = page.locator(".column.y .cell").all_inner_texts()
    assert len(shown) == output_of(state).size


def test_the_output_appears_as_it_is_played(show):
    page = show("explorer")
    page.get_by_role("slider", name="output").fill("0")
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.locator(".column.y .cell.target")).to_have_count(1)
    empty = page.locator(".column.y .cell").evaluate_all("all => all.filter((c) => c.textContent === '').length")
    assert empty > 10
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="step on").click()
    assert "" not in page.locator(".column.y .cell").all_inner_texts()
    page.get_by_role("slider", name="output").fill("19")
    assert lit(page, "y", "target") == {(3, 4)}


def test_one_draws_into_the_input(show):
    page = show("explorer")
    page.get_by_label("draw with").check()
    start, end = (cell(page, "x", (5, x)).bounding_box() for x in (0, 6))
    page.mouse.move(start["x"] + 9, start["y"] + 9)
    page.mouse.down()
    page.mouse.move(end["x"] + 9, end["y"] + 9, steps=14)
    page.mouse.up()
    assert [cell(page, "x", (5, x)).inner_text() for x in range(7)] == ["9"] * 7


@pytest.mark.parametrize("mode", ["reflect", "replicate", "circular"])
def test_what_stands_in_the_padding_is_shown(mode, show):
    page = show("explorer", f"padding=2&mode={mode}&x=1,2,3;4,5,6;7,8,9")
    numbers = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}
    expected = np.pad(np.arange(1, 10).reshape(3, 3), 2, mode=numbers[mode])
    assert page.locator(".column.x .cell").all_inner_texts() == [str(v) for v in expected.ravel()]


def test_channels_are_small_multiples(show):
    page = show("explorer")
    for name in ("input channels", "output channels"):
        page.get_by_role("spinbutton", name=name, exact=True).press("ArrowUp")
    assert [page.locator(f".column.{p} .plane").count() for p in "xwy"] == [2, 4, 2]
    page.get_by_label("groups").select_option("2")
    assert page.locator(".column.w .plane").count() == 2
    cell(page, "y", (0, 0), index=1).hover()
    assert lit(page, "x", "window", 0) == set() and lit(page, "x", "window", 1) == block(0, 0)


def test_a_picture_of_ones_own_becomes_numbers(show, tmp_path):
    from PIL import Image

    Image.fromarray(np.full((64, 128), 200, np.uint8)).save(tmp_path / "grey.png")
    page = show("explorer")
    page.get_by_label("Own picture").set_input_files(tmp_path / "grey.png")
    expect(page.locator(".column.x .cell")).to_have_count(512)
    assert set(page.locator(".column.x .cell").all_text_contents()) == {"200"}
    assert "scaled down from 64 × 128" in page.locator(".part").inner_text()
    (tmp_path / "no.png").write_text("no picture")
    page.get_by_label("Own picture").set_input_files(tmp_path / "no.png")
    expect(page.locator(".said")).to_contain_text("no picture that the browser can read")


def test_an_address_that_cannot_be_shown_falls_back_to_rest(show):
    page = show("explorer", "stride=0&x=1,2;3,4&dilation=4&mode=nonsense")
    assert "cannot be shown" in page.locator(".said").inner_text()
    assert page.locator(".column.x figcaption").inner_text() == "input 6 × 7"


# ---- The gradient explorer

SLOPES = {"squares": lambda y: 2 * y, "smooth": lambda y: y / np.sqrt(1 + y * y), "sum": np.ones_like}


@pytest.fixture(scope="module")
def gradients(browser):
    """A page that has the gradient explorer's functions as `lab`."""
    page = browser.new_page()
    page.add_script_tag(
        type="module", content=script("gradient") + "\nwindow.lab = { look, difference, gradientCode, ONE };"
    )
    page.wait_for_function("window.lab")
    yield page
    page.close()


@pytest.mark.parametrize("seed", range(20))
def test_both_gradients_are_those_of_the_definition_and_of_the_shown_lines_of_python(seed, gradients):
    rng = np.random.default_rng(seed)
    state = random_state(rng)
    while state["op"] != "correlation" or len(state["x"]) > 1 or len(state["w"]) > 1 or state["b"]:
        state = random_state(rng)
    state |= {"loss": str(rng.choice(list(SLOPES)))}
    found = gradients.evaluate(
        "s => { const v = lab.look({ ...s, ...lab.ONE }); return [v.y, v.dy, v.dx, v.dw].map((a) => Array.from(a)); }",
        state,
    )
    x, w = arrays_of(state)
    y = output_of(state)
    dy = SLOPES[state["loss"]](y)
    geometry = geometry_of(state)
    expected = [y, dy, conv_input(geometry, w, dy[None])[0], conv_weight(geometry, x[None], dy[None])]
    assert all(np.array_equal(f, e.ravel()) for f, e in zip(found[:2], expected[:2], strict=True))
    assert all(np.allclose(f, e.ravel(), rtol=1e-12) for f, e in zip(found[2:], expected[2:], strict=True))
    if state["dims"] == 1:
        x, w, dy = x[:, 0], w[:, :, 0], dy[:, 0]
    code = gradients.evaluate("s => lab.gradientCode(s)", state)
    for library in filter(code.get, ("convolab", "torch")):
        torch = pytest.importorskip("torch")
        given = {"x": x[None], "w": w, "dy": dy[None].copy()}
        if library == "torch":
            given = {name: torch.from_numpy(array) for name, array in given.items()}
        for line, gradient in zip(code[library], expected[2:], strict=True):
            assert np.allclose(np.asarray(eval(line, {"cl": cl, "torch": torch, **given})).ravel(), gradient.ravel())


def test_the_difference_of_a_parabola_is_exact_for_whole_steps_and_swamped_for_tiny_ones(gradients):
    found = gradients.evaluate(
        """state => { const view = lab.look({ ...state, ...lab.ONE });
        return [1, 1e-6].map((e) => ["float32", "float64"].map((t) => lab.difference(view, ["x", 0, 0, 2], e, t))); }""",
        rest("gradient"),
    )
    assert found[0] == [96, 96] and abs(found[1][1] - 96) < 1e-6 and 0.01 < abs(found[1][0] - 96) < 10


def test_at_rest_the_sheets_drawing_is_alive(show):
    page = show("gradient")
    assert page.locator(".taps .tap.lit").count() == 3 and page.locator(".taps .tap").count() == 12
    assert "= 3·18 + (−2)·(−16) + 1·10 = 96" in words(page)
    page.locator(".taps .node", has_text="x₁").hover()
    assert page.locator(".taps .tap.lit").count() == 1 and "Only 1 of the 3 weights meets this input" in said(page)
    cell(page, "w", (0, 2)).hover()
    assert page.locator(".taps .tap.lit").count() == 4 and len(lit(page, "x", "met")) == 4
    assert "= 18·3 + (−16)·(−1) + 10·0 + 10·2 = 90" in words(page)


def test_the_slider_and_the_type_move_the_error_of_the_difference(show):
    page = show("gradient")

    def error():
        return float(
            page.locator(".verdicts tr", has_text="relative error").locator("td").inner_text().replace("·10⁻⁹", "e-9")
        )

    assert error() > 0.001
    page.get_by_role("slider", name="ε").fill("14")
    assert error() == 0
    assert page.locator(".chart polyline").count() == 2
    page.get_by_role("radio", name="float64").check(force=True)
    page.wait_for_timeout(300)
    assert from_address("gradient", page.url) == rest("gradient") | {"eps": 0, "type": "float64"}


def test_two_dimensions_are_reached_and_left_again(show):
    page = show("gradient")
    page.get_by_role("radio", name="2-D").check(force=True)
    assert page.locator(".column.x .cell").count() == 42 and not page.locator(".taps").is_visible()
    cell(page, "dx", (2, 3)).hover()
    assert len(lit(page, "y", "window")) == 9 and lit(page, "x", "target") == {(2, 3)}
    page.get_by_role("radio", name="1-D").check(force=True)
    assert page.locator(".column.x .cell").count() == 6


# ---- The ascent


@pytest.fixture(scope="module")
def ascents(browser):
    """A page that has the ascent's functions as `lab`."""
    page = browser.new_page()
    page.add_script_tag(type="module", content=script("ascent") + "\nwindow.lab = { climb, startOf, look, angle };")
    page.wait_for_function("window.lab")
    yield page
    page.close()


LOOK = """state => { const v = lab.look(state), s = state;
    return { start: Array.from(lab.startOf({ ...s, constraint: "none" })), losses: v.losses, optimum: v.optimum,
        image: Array.from(v.images.at(-1)), top: v.best.values[0], vector: Array.from(v.vector),
        angle: lab.angle(v.images.at(-1), v.best) }; }"""


@pytest.mark.parametrize("constraint", ["none", "sphere", "box"])
@pytest.mark.parametrize(
    ("kernel", "size", "rate"),
    [("sobel-x", (9, 9), 0.01), ("laplacian", (7, 10), 0.03), ("1,2,3;0,-1,4", (5, 6), 0.1), ("box", (9, 8), 1.0)],
)
def test_the_page_climbs_as_maximize_does_and_finds_the_same_optimum(kernel, size, rate, constraint, ascents):
    weights = read_kernel(kernel)
    state = rest("ascent") | {"w": [weights.tolist()], "size": list(size), "rate": rate, "constraint": constraint}
    found = ascents.evaluate(LOOK, state | {"steps": 60})
    start = np.reshape(found["start"], size)
    assert 0 <= start.min() < 0.1 and 0.9 < start.max() < 1 and len(np.unique(start)) == start.size
    expected = cl.maximize(weights, size, start=start, constraint=constraint, rate=rate, steps=60)
    assert np.allclose(found["losses"], expected.losses, rtol=1e-9)
    assert np.allclose(
        np.reshape(found["image"], size), expected.image, rtol=1e-6, atol=1e-9 * np.abs(expected.image).max()
    )
    assert np.isclose(found["top"], expected.top_singular_value**2, rtol=1e-9)
    assert (
        found["optimum"] is None if constraint == "none" else np.isclose(found["optimum"], expected.optimum, rtol=1e-9)
    )
    assert abs(found["angle"] - expected.angle) < 1e-3
    assert np.isclose(abs(np.vdot(found["vector"], expected.vector)), 1, atol=1e-6)


def test_at_rest_the_climb_has_nearly_reached_the_optimum_beside_it(show):
    page = show("ascent")
    assert "of at most σ² = 53.8589" in words(page) and page.locator(".images .cell").count() == 243
    page.get_by_role("slider", name="step").fill("0")
    assert (
        "random start" in page.locator(".images").inner_text()
        and "after 0 steps" in page.locator(".images").inner_text()
    )
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.locator(".images")).to_contain_text(re.compile(r"after [1-9]\d* steps"))
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("radio", name="none").check(force=True)
    page.get_by_role("slider", name="step").fill("50")
    assert "the last step multiplied it by" in said(page)


def test_the_start_and_the_kernel_are_edited(show):
    page = show("ascent", "size=4&w=1,1;1,1")
    first = page.locator(".images .cell").first
    first.dblclick()
    page.keyboard.type("9")
    page.keyboard.press("Enter")
    assert "your start" in page.locator(".images").inner_text()
    page.get_by_role("grid", name="kernel").get_by_role("gridcell").first.dblclick()
    page.keyboard.type("0")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    state = from_address("ascent", page.url)
    assert state["w"] == [[[0, 1], [1, 1]]] and state["start"][0][0][0] == 9


# ---- Filters on a picture


@pytest.fixture(scope="module")
def painting(browser):
    """A page that has the functions of the filters as `lab`."""
    page = browser.new_page()
    page.add_script_tag(type="module", content=script("filters") + "\nwindow.lab = { filtered, kernelsOf, FILTERS };")
    page.wait_for_function("window.lab")
    yield page
    page.close()


FILTER = """([name, show, pixels, width, height]) => Array.from(lab.filtered(
    { data: Float32Array.from(pixels), width, height }, lab.kernelsOf(name), show).data)"""


@pytest.mark.parametrize("name", list(FILTERS))
def test_every_filter_of_the_table_is_on_the_page_and_gives_what_convolab_gives(name, painting):
    assert painting.evaluate("lab.FILTERS") == list(FILTERS)
    image = np.random.default_rng(0).random((31, 37), np.float32)
    for show in ("x", "y", "magnitude", "direction") if make_filter(name).is_gradient else ("response",):
        found = painting.evaluate(FILTER, [name, show, image.ravel().tolist(), 37, 31])
        expected = cl.edges(image, name, show=show)
        if show == "direction":
            found, expected = np.exp(1j * np.array(found)), np.exp(1j * expected.astype(float))
        assert np.allclose(found, expected.ravel(), atol=1e-4)


def test_the_pictures_edges_are_those_of_the_reference_beside_them(show):
    page = show("filters")
    expect(page.locator(".reference figcaption")).to_contain_text("pixel for pixel")
    page.get_by_label("filter", exact=True).select_option("scharr")
    expect(page.locator(".reference")).to_be_hidden()
    assert page.locator("code.convolab").inner_text() == "cl.scharr(image)"


def test_the_window_that_is_looked_at_is_the_pictures_own(show):
    from PIL import Image

    from convolab.pictures.images import SAMPLES

    photograph = np.asarray(Image.open(SAMPLES / "photograph.png")).astype(int)
    page = show("filters")
    grid = page.get_by_role("grid", name="the window")
    glass = page.locator(".picture .glass")
    glass.focus()
    for key in ("ArrowDown", "ArrowRight", "Shift+ArrowRight"):
        page.keyboard.press(key)
    top, left = (a + b for a, b in zip(rest("filters")["at"], (1, 11), strict=True))
    window = photograph[top : top + 3, left : left + 3]
    assert grid.get_by_role("gridcell").all_inner_texts() == [str(v) for v in window.ravel()]
    x, y = (int((window * read_kernel(f"sobel-{axis}")).sum()) for axis in "xy")
    assert f"= {x}".replace("-", "−") in words(page) and f"= {y}".replace("-", "−") in words(page)
    box = glass.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert grid.get_by_role("gridcell").all_inner_texts() == [str(v) for v in photograph[142:145, 114:117].ravel()]


def test_a_kernel_is_edited_and_stands_in_the_address(show):
    page = show("filters", "filter=box")
    page.get_by_role("grid", name="kernel x").get_by_role("gridcell").first.dblclick()
    page.keyboard.type("-2")
    page.keyboard.press("Enter")
    assert (
        page.get_by_label("filter", exact=True).input_value() == ""
        and page.locator("code.convolab").inner_text() == "cl.filter2d(image, kernel)"
    )
    page.wait_for_timeout(300)
    state = from_address("filters", page.url)
    assert state["filter"] == "own" and state["w"][0][0] == [-2, 1 / 9, 1 / 9]


def test_the_camera_runs_and_is_given_back(show):
    page = show("filters")
    expect(page.locator(".reference figcaption")).to_contain_text("pixel for pixel")
    page.get_by_role("button", name="Camera").click()
    expect(page.locator(".top .where")).to_contain_text("frames a second at 640 × 480", timeout=20_000)
    assert page.locator(".picture canvas").evaluate("c => [c.width, c.height]") == [640, 480]
    page.get_by_role("button", name="Stop the camera").click()
    expect(page.get_by_role("button", name="Camera", exact=True)).to_be_visible()
    page.get_by_role("button", name="The first picture").click()
    expect(page.locator(".reference figcaption")).to_contain_text("pixel for pixel")


# ---- The read map


def marks(page, kind: str) -> set[tuple[int, int]]:
    return lit(page, "read", kind)


def test_the_read_map_marks_what_is_read_with_another_weight_by_a_sign_and_in_words(show):
    page = show("reads")
    assert marks(page, "swapped") == block(1, 1) - {(2, 2)} and marks(page, "right") == {(2, 2)}
    assert cell(page, "read", (1, 1)).get_attribute("data-sign") == "≠a"
    assert (
        cell(page, "read", (1, 1)).inner_text() == "i" and cell(page, "read", (2, 2)).get_attribute("data-sign") == "✓"
    )
    assert "1 as it should, 8 with another weight" in said(page)
    cell(page, "out", (2, 3)).hover()
    assert marks(page, "swapped") == block(2, 3) - {(3, 4)}
    assert "x₃‚₄ is read with i, and should be with a" in said(page)
    page.mouse.move(5, 5)
    assert marks(page, "swapped") == block(1, 1) - {(2, 2)}


def test_the_read_map_goes_by_keyboard_and_keeps_its_place_in_the_address(show):
    page = show("reads")
    cell(page, "out", (1, 1)).click()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowLeft")
    assert marks(page, "right") == {(3, 1)} and "y₃‚₁ should read" in said(page)
    page.get_by_role("radio", name="0").check(force=True)
    assert "y₂‚₀ should read" in said(page)
    page.wait_for_timeout(300)
    state = from_address("reads", page.evaluate("location.href"))
    assert state["at"] == [0, 0, 2, 0] and state["base"] == 0


def first_row_forgotten(img, kernel):
    found = cl.conv2d(img, kernel)
    found[0] = 0
    return found


def one_column_too_many(img, kernel):
    found = cl.conv2d(img, kernel)
    return np.hstack([found, found[:, :1]])


def test_the_read_map_shows_what_is_not_read_and_outputs_that_should_not_be(browser, tmp_path):
    for function, check in ((first_row_forgotten, "absent"), (one_column_too_many, "beyond")):
        state = reads_of(function, "apply_convolution")
        (tmp_path / "page.html").write_text(one_page("reads", state))
        with watched(browser) as page:
            opened(page, tmp_path / "page.html")
            rows, columns = state["out"][2:]
            if check == "absent":
                cell(page, "out", (0, 0)).hover()
                assert len(marks(page, "absent")) == state["weights"][2] * state["weights"][3]
                assert "is not read; it should be, with a" in said(page)
                assert cell(page, "out", (0, 0)).inner_text() == "✗" and cell(page, "out", (1, 0)).inner_text() == "✓"
            else:
                cell(page, "out", (rows - 1, columns - 1)).hover()
                assert "should not be there" in said(page)
                assert len(marks(page, "extra")) == state["weights"][2] * state["weights"][3]


# ---- In a notebook

NOTEBOOK = """
import marimo

app = marimo.App()


@app.cell
def _():
    import marimo as mo
    import convolab as cl

    def mine(img, kernel):
        return cl.conv2d(img, kernel[::-1, ::-1])

    shown = mo.ui.anywidget(cl.explore(mine))
    shown
    return mo, shown


@app.cell
def _(mo, shown):
    mo.md(f"The output is {int(shown.widget.output[0, 0, 0])} where {shown.value['state']['at'][0]} is selected.")
    return
"""


@contextmanager
def serving(command: list[str], folder: Path):
    """The address of a server of notebooks, on this machine alone, for as long as it is needed."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-m", *command, f"--port={port}"], cwd=folder, stdout=-3, stderr=-3)
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with socket.socket() as attempt:
                if attempt.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait()


def five_is_typed(page) -> None:
    page.locator(".column.x .cell").nth(2 * 7 + 2).dblclick()
    page.keyboard.type("5")
    page.keyboard.press("Enter")


@pytest.fixture
def notebook_page(browser):
    """A page where the system is dark and the notebook is not; it must ask for nothing that is not on this machine."""
    page = browser.new_page(color_scheme="dark", viewport={"width": 1280, "height": 900})
    page.set_default_timeout(60_000)
    expect.set_options(timeout=60_000)
    asked, errors = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    expect.set_options(timeout=5_000)
    page.close()
    assert errors == []
    assert [
        url for url in asked if not url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:"))
    ] == []


def test_the_explorer_lives_in_marimo_and_calls_the_function_again(tmp_path, notebook_page):
    pytest.importorskip("marimo")
    page = notebook_page
    (tmp_path / "notebook.py").write_text(NOTEBOOK)
    with serving("marimo run notebook.py --headless --no-token --host 127.0.0.1".split(), tmp_path) as address:
        page.goto(address)
        expect(page.get_by_text("The output is 18 where y is selected.")).to_be_visible()
        expect(page.locator(".cvl")).to_have_attribute("data-theme", "light")
        five_is_typed(page)
        expect(page.get_by_text("The output is 23 where x is selected.")).to_be_visible()
        expect(page.locator(".column.theirs .cell").first).to_have_text("−23")


CELLS = [
    "import convolab as cl\ncl.explore(lambda img, kernel: cl.conv2d(img, kernel[::-1, ::-1]))",
    "def mine(img, kernel):\n    return cl.conv2d(img, kernel[::-1, ::-1])\n\ncl.explore(mine, view='reads')",
]


def test_the_explorer_lives_in_jupyterlab_and_calls_the_function_again(tmp_path, notebook_page):
    pytest.importorskip("jupyterlab")
    format = pytest.importorskip("nbformat")
    page = notebook_page
    notebook = format.v4.new_notebook(cells=[format.v4.new_code_cell(cell) for cell in CELLS])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    format.write(notebook, tmp_path / "notebook.ipynb")
    options = "--no-browser --allow-root --ip=127.0.0.1 --IdentityProvider.token= --LabApp.news_url="
    with serving(["jupyterlab", *options.split()], tmp_path) as address:
        page.goto(f"{address}/lab/tree/notebook.ipynb?reset")
        expect(page.locator(".jp-NotebookPanel .jp-CodeCell").first).to_be_visible()
        expect(page.get_by_text("| Idle").first).to_be_visible()
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_text("Run All Cells", exact=True).click()
        light = page.locator("body").get_attribute("data-jp-theme-light") == "true"  # JupyterLab may follow the system
        expect(page.locator(".cvl-explorer")).to_have_attribute("data-theme", "light" if light else "dark")
        five_is_typed(page)
        expect(page.locator(".column.theirs .cell").first).to_have_text("−23")
        expect(page.locator(".cvl-reads .verdict")).to_contain_text("mine: The kernel is turned by 180 degrees")
        page.locator(".cvl-reads .column.out .cell").last.hover()
        expect(page.locator(".cvl-reads .readout p").first).to_contain_text("with another weight")


# As a notebook does that gives its widgets no page of their own: each loads its module anew, beside the notebook's sheet.
BESIDE = """
async ([code, ours, theirs, state, count]) => {
  const none = () => {};
  for (const text of [ours, theirs]) {
    const sheet = document.head.appendChild(document.createElement("style"));
    sheet.textContent = text;
  }
  for (let n = 0; n < count; n++) {
    const { default: widget } = await import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
    const el = document.body.appendChild(document.createElement("div"));
    const model = { get: (key) => ({ state })[key], set: none, on: none, off: none, save_changes: none };
    widget.render({ model, el });
  }
}
"""
BOOTSTRAP = """
.row::before, .row::after { display: table; content: " "; }
.table { width: 100%; max-width: 100%; margin-bottom: 20px; }
.small { font-size: 85%; }
label { display: inline-block; max-width: 100%; margin-bottom: 5px; font-weight: 700; }
legend { display: block; width: 100%; margin-bottom: 20px; font-size: 21px; border-bottom: 1px solid; }
"""


@pytest.mark.parametrize("widget", ["explorer", "gradient", "ascent"])
def test_two_widgets_in_one_page_under_another_sheet_do_not_meet(widget, browser):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.evaluate(BESIDE, [script(widget), style(), BOOTSTRAP, rest(widget), 2])
    page.locator(".deck").last.wait_for()
    ids = page.evaluate("[...document.querySelectorAll('.cvl [id]')].map((e) => e.id)")
    assert len(set(ids)) == len(ids) > 8
    shown = [root.locator(".switch input:checked").count() for root in page.locator(".cvl").all()]
    assert shown[0] == shown[1] == page.locator(".cvl").first.locator(".switch").count()
    places = """e => [...e.querySelectorAll(".cell")].map((c) => [c.offsetLeft, c.offsetTop].map(Math.round).join())"""
    for table in page.locator(".table").all():
        columns = int(table.get_attribute("aria-colcount"))
        lefts = [place.split(",")[0] for place in table.evaluate(places)]
        assert len(set(lefts)) == columns and lefts == lefts[:columns] * (len(lefts) // columns)
    assert page.locator(".cvl label").first.evaluate("e => getComputedStyle(e).fontWeight") == "400"
    page.close()


# ---- Every widget


# What a page can look like besides its state of rest.
LOOKS = [
    *((widget, "") for widget in WIDGETS),
    ("explorer", "op=transposed&stride=2&extra=1"),
    ("explorer", "op=convolution&padding=1&mode=reflect&apart=1&at=w,0,0,0"),
    ("explorer", "dims=1&x=1,2,3,4,5&w=1,0,-1|2,0,1&at=x,0,0,1&b=1,-1"),
    ("gradient", "dims=2&x=1,2,3;4,5,6;7,8,9&w=1,2;3,4&at=w,0,0,1"),
    ("ascent", "constraint=none&step=7"),
    ("filters", "filter=laplacian"),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize(("widget", "address"), LOOKS)
def test_axe_finds_nothing_wrong(widget, address, width, scheme, browser, pages):
    run = pytest.importorskip("axe_playwright_python.sync_playwright").Axe().run
    with watched(browser, width, color_scheme=scheme) as page:
        opened(page, pages / f"{widget}.html", address)
        page.wait_for_timeout(100)
        found = run(page).response
        assert [(v["id"], v["impact"], v["nodes"][0]["html"][:200]) for v in found["violations"]] == []
        assert len(found["passes"]) > 10


@pytest.mark.parametrize("width", [1280, 800, 360])
@pytest.mark.parametrize(("widget", "address"), LOOKS)
def test_nothing_is_wider_than_the_page(widget, address, width, browser, pages):
    with watched(browser, width) as page:
        opened(page, pages / f"{widget}.html", address)
        page.wait_for_timeout(100)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("widget", WIDGETS)
def test_on_paper_the_page_is_light_and_without_controls(widget, browser, pages):
    with watched(browser, color_scheme="dark") as page:
        opened(page, pages / f"{widget}.html")
        controls = page.locator(".switch" if widget == "reads" else ".deck")
        controls.wait_for()
        dark = page.locator(".cvl").evaluate("e => getComputedStyle(e).backgroundColor")
        page.emulate_media(media="print")
        assert not controls.is_visible()
        paper = [page.locator(s).evaluate("e => getComputedStyle(e).backgroundColor") for s in ("body", ".cvl")]
        assert paper == ["rgb(255, 255, 255)"] * 2 != [dark] * 2


def test_a_finger_selects_and_touches_again_to_edit(browser, pages):
    with watched(browser, 360, has_touch=True, is_mobile=True) as page:
        opened(page, pages / "explorer.html")
        cell(page, "x", (1, 1)).tap()
        assert "9 goes into 4 outputs" in said(page) and page.locator(".edit").count() == 0
        cell(page, "x", (1, 1)).tap()
        page.locator(".edit").fill("-3")
        page.locator(".edit").press("Enter")
        assert cell(page, "x", (1, 1)).inner_text() == "−3"


def heap(page) -> int:
    page.evaluate("gc()")
    page.wait_for_timeout(50)
    page.evaluate("gc()")
    return page.evaluate("performance.memory.usedJSHeapSize")


def nodes(page) -> int:
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    metrics = {m["name"]: m["value"] for m in session.send("Performance.getMetrics")["metrics"]}
    return int(metrics["Nodes"])


INTERACT = """async (count) => {
    const of = (selector) => [...document.querySelectorAll(selector)].filter((e) => e.offsetParent);
    const cells = () => of(".cell");
    for (let n = 0; n < count; n++) {
        const all = cells();
        const cell = all[(n * 7) % Math.max(1, all.length)];
        cell?.dispatchEvent(new PointerEvent("pointerover", { bubbles: true, pointerType: "mouse" }));
        if (n % 5 === 0) { const steps = of("button.step"); steps[(n * 3) % steps.length]?.click(); }
        if (n % 50 === 0) await new Promise((done) => setTimeout(done, 0));
    }
}"""


@pytest.mark.parametrize("widget", WIDGETS)
def test_the_heap_does_not_grow_over_a_thousand_interactions(widget, show):
    page = show(widget)
    page.evaluate(INTERACT, 1000)
    before, there = heap(page), nodes(page)
    page.evaluate(INTERACT, 1000)
    after, then = heap(page), nodes(page)
    assert after < 1.2 * before + 500_000 and then < 1.5 * there + 500
