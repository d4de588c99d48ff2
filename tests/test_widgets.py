"""The widgets without a browser: their states, their pages, and the explorer pointed at one's own things."""

import json
import os
import re
import sys
import threading
from base64 import b64decode, b64encode
from io import BytesIO

import chromium
import numpy as np
import pytest
from PIL import Image

import convolab as cl
from convolab.cli import main
from convolab.errors import ArgumentError, ConvolabError, DtypeError, MissingDependencyError, UsageError
from convolab.filters.kernels import kernel_names, read_kernel
from convolab.palette import COLOURS
from convolab.views.computed import output_of
from convolab.views.modules import WEB, imported, script, style, text
from convolab.views.page import WIDGETS, one_page, state_from
from convolab.views.reads import reads_of
from convolab.views.states import SCHEMA, from_address, rest, to_address

pytestmark = pytest.mark.quick

MODULES = [*WIDGETS, "editor", "overview"]  # those of the lab have no page of their own

OTHERS = {
    "word": lambda field: next((c for c in field.choices if c != field.default), "rows 1–2 of 3"),
    "whole": lambda field: next((c for c in field.choices if c != field.default), 2),
    "number": lambda field: -0.125,
    "wholes": lambda field: [*range(3, 3 + len(field.default))],
    "numbers": lambda field: [0.5, -2, 1e-7],
    "place": lambda field: ["x", 0, 2, 1],
    "planes": lambda field: [[[1, -2.5], [1e-9, 0]], [[3, 4], [5, 6]]],
}


def others(widget: str) -> dict:
    """A state in which every field differs from the state of rest."""
    return {name: OTHERS[field.kind](field) for name, field in SCHEMA[widget].items()}


@pytest.mark.parametrize("widget", WIDGETS)
def test_a_state_comes_back_from_its_address(widget):
    assert from_address(widget, to_address(widget, others(widget))) == others(widget)
    assert to_address(widget, rest(widget)) == "" and from_address(widget, "") == rest(widget)


@pytest.mark.parametrize("widget", WIDGETS)
def test_an_address_holds_every_field_of_a_state(widget):
    names = [part.partition("=")[0] for part in to_address(widget, others(widget)).split("&")]
    assert names == list(SCHEMA[widget])


def test_a_whole_address_is_taken_as_a_state():
    state = from_address("explorer", "file:///home/ada/page.html#stride=2&w=1,2;3,4|0,0;0,0")
    assert state["stride"] == [2, 2] and state["w"] == [[[1, 2], [3, 4]], [[0, 0], [0, 0]]]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("strid=2", "explorer has no 'strid'"),
        ("stride=two", "stride='two' cannot be read. Expected whole numbers"),
        ("stride=1,2,3", "has 3 numbers. Expected 1 or 2"),
        ("mode=mirror", "mode='mirror' is unknown. Expected zeros, reflect, replicate, circular"),
        ("x=1,2;3", "cannot be read. Expected rows of numbers, all of one length"),
        ("x=1,nan", "cannot be read"),
    ],
)
def test_an_address_that_cannot_be_read_says_why(address, words):
    with pytest.raises(UsageError, match=re.escape(words)):
        from_address("explorer", address)


def test_a_page_takes_no_more_padding_than_its_own_steppers_reach():
    assert state_from("explorer", "", {"padding": (2, 2)})["padding"] == [2, 2, 2, 2]
    with pytest.raises(ArgumentError, match=r"page: padding 99 is more than a window reaches.* Expected at most 2\."):
        state_from("explorer", "", {"padding": (99, 99)})


@pytest.mark.parametrize("widget", WIDGETS)
def test_a_page_is_one_small_file_that_names_no_address(widget):
    page = one_page(widget)
    assert len(page.encode()) <= 300_000
    assert re.findall(r"https?://[^\s\"'<]+", page.replace("http://www.w3.org/2000/svg", "")) == []
    assert "import " not in re.sub(r"//.*|/\*.*?\*/", "", page[page.index('<script type="module">') :])
    assert "default-src 'none'" in page and page.count("</script>") == 1


@pytest.mark.parametrize("widget", MODULES)
def test_a_module_has_all_that_it_imports_and_exports_itself_alone(widget):
    module = script(widget)
    assert re.findall(r"^export .*", module, re.MULTILINE) == ["export default { render };"]
    for name in imported(widget):
        for names, other in re.findall(r'^import \{([^}]*)\} from "\./(\w+)\.js"', text(f"{name}.js"), re.MULTILINE):
            assert imported(widget).index(other) < imported(widget).index(name)
            exported = re.findall(
                r"^export (?:async )?(?:const|function|class) (\w+)", text(f"{other}.js"), re.MULTILINE
            )
            assert {part.strip() for part in names.split(",") if part.strip()} <= set(exported), f"{name}: {other}"


def test_every_file_belongs_to_a_widget_or_is_the_host():
    names = {source.stem for source in WEB.glob("*.js")}
    assert names == {"host"}.union(*map(imported, MODULES))


@pytest.mark.parametrize("widget", MODULES)
def test_no_name_is_defined_twice_in_a_module(widget):
    names = re.findall(r"^(?:async )?(?:const|function|class|let) (\w+)", script(widget), re.MULTILINE)
    assert len(names) > 15 and len(set(names)) == len(names)


def test_the_kernels_of_a_page_are_those_of_the_table():
    line = next(line for line in script("explorer").splitlines() if line.startswith("const KERNELS"))
    found = json.loads(line.partition(" = ")[2].rstrip(";"))
    assert list(found) == kernel_names()
    assert all(np.array_equal(found[name], read_kernel(name)) for name in found)


def test_the_colours_of_a_page_are_those_of_the_palette():
    used = set(re.findall(r"var\(--([a-z]+)\)", style() + script("explorer")))
    assert used & set(COLOURS) == used - {"cell", "font", "columns", "share", "own", "tap", "across"} and "ink" in used
    assert not re.findall(r"#[0-9a-f]{3,8}\b", (WEB / "shared.css").read_text())


# ---- The command


def test_the_command_writes_a_page_and_says_so(tmp_path, capsys):
    path = tmp_path / "page.html"
    assert main(["page", "explorer", "-o", str(path), "--kernel", "laplacian", "--stride", "2", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found == {"widget": "explorer", "bytes": path.stat().st_size, "output": str(path)}
    state = json.loads(re.search(r"^const STATE = (.*);$", path.read_text(), re.MULTILINE)[1])
    assert state["w"] == [read_kernel("laplacian").tolist()] and state["stride"] == [2, 2]
    assert main(["page", "explorer", "-o", str(path)]) == 1 and "exists. Give --force" in capsys.readouterr().err
    assert main(["page", "explorer", "-o", str(path), "--force"]) == 0 and f"wrote {path}" in capsys.readouterr().err


def test_the_command_writes_to_standard_output(capsys):
    assert main(["page", "explorer", "-o", "-", "--state", "padding=1&mode=reflect"]) == 0
    assert capsys.readouterr().out == one_page("explorer", from_address("explorer", "padding=1&mode=reflect"))


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["explorer", "-o", "-", "--json"], 2, "standard output takes the page or the JSON"),
        (["explorer", "-o", "p.html", "--state", "foo=1"], 2, "explorer has no 'foo'"),
        (["explorer", "-o", "p.html", "--dilation", "9"], 1, "page: kernel 3 with dilation 9"),
        (["explorer", "-o", "p.html", "--padding", "6", "--padding-mode", "reflect"], 1, "more than reflect can take"),
        (["explorer", "-o", "p.html", "--kernel", "sobell"], 1, "sobell"),
        (["gradients", "-o", "p.html"], 2, "gradients"),
        (["explorer", "-o", "nowhere/p.html"], 1, "nowhere"),
    ],
)
def test_what_the_command_cannot_do_is_one_line(arguments, code, words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["page", *arguments]) == code
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and words in said and list(tmp_path.iterdir()) == []


def test_where_no_browser_can_be_had_one_line_says_what_to_do(monkeypatch):
    monkeypatch.setattr(chromium, "system", lambda: None)
    monkeypatch.setattr(chromium, "_has_own", lambda: False)
    monkeypatch.setattr(chromium, "find_spec", lambda name: object())
    assert chromium.missing() == (
        "browser tests: no Chromium. Install one: apt-get install chromium, or playwright install chromium"
    )
    monkeypatch.setattr(chromium, "find_spec", lambda name: None)
    assert chromium.missing() == 'browser tests: Playwright is missing. Install it with: pip install ".[test]"'


# ---- In Python


def test_a_picture_of_ones_own_stands_in_the_page_of_filters(tmp_path, capsys):
    path = tmp_path / "page.html"
    assert main(["page", "filters", "--image", "sample:still-life", "-o", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["bytes"] <= 300_000
    traits = json.loads(re.search(r"^const TRAITS = (.*);$", path.read_text(), re.MULTILINE)[1])
    picture = Image.open(BytesIO(b64decode(traits["picture"]["base64"])))
    assert picture.format == "JPEG" and max(picture.size) <= 640 and traits["reference"]["base64"] == ""
    (tmp_path / "words.png").write_text("no picture")
    assert main(["page", "filters", "--image", str(tmp_path / "words.png"), "-o", "-"]) == 1
    assert "words.png: not a picture" in capsys.readouterr().err
    assert main(["page", "explorer", "--image", "sample:drawing", "-o", "-"]) == 2
    assert "--image: the page explorer shows none" in capsys.readouterr().err


# ---- The read map


def forget_the_first_row(img, kernel):
    found = cl.conv2d(img, kernel)
    found[0] = 0
    return found


def mine(img, kernel):
    return cl.conv2d(img, kernel[::-1, ::-1])


def reads_at(state: dict, output: int) -> tuple[set, set]:
    """What one output reads, and what it should: (place, weight)."""
    actual = {(place, weight) for o, place, weight, _, _ in state["actual"][0] if o == output}
    return actual, {(place, weight) for o, place, weight in state["should"][0] if o == output}


def test_the_read_map_holds_every_tap_of_a_right_function_and_nothing_else():
    state = reads_of(right, "apply_convolution")
    assert {tuple(row[:3]) for row in state["actual"][0]} == {tuple(row) for row in state["should"][0]}
    assert all(second == 0 for *_, second, _ in state["actual"][0]) and state["said"].startswith("It reads what it")


def test_the_state_of_rest_is_the_map_of_a_flipped_kernel():
    told, still = reads_of(mine, "apply_convolution"), rest("reads")
    assert (told["said"], told["function"]) == (still["said"], still["function"])
    actual, should = reads_at(still, 5)
    last = still["weights"][2] * still["weights"][3]
    assert {(place, last + 1 - weight) for place, weight in actual} == should and len(should) == last


def test_the_read_map_begins_with_an_output_that_is_wrong():
    state = reads_of(forget_the_first_row, "apply_convolution")
    assert state["at"][2] == 0
    output = int(np.ravel_multi_index(state["at"], state["out"]))
    actual, should = reads_at(state, output)
    assert actual == set() and len(should) == state["weights"][2] * state["weights"][3]


def test_a_function_that_reads_nothing_has_a_map_that_comes_back_from_its_address():
    state = reads_of(lambda img, kernel: 0 * cl.conv2d(img, kernel), "apply_convolution")
    assert state["actual"] == [[[-1, 0, 0, 0, 0]]]
    assert from_address("reads", to_address("reads", state)) == state


def twice(img, kernel):
    return 2 * cl.conv2d(img, kernel)


def minus(img, kernel):
    return -cl.conv2d(img, kernel)


@pytest.mark.parametrize(("function", "sign", "both"), [(twice, 1, True), (minus, -1, False)])
def test_the_read_map_tells_weights_that_count_twice_or_are_subtracted(function, sign, both):
    rows = reads_of(function, "apply_convolution")["actual"][0]
    assert rows and all(np.sign(first) == sign and (second == first) is both for _, _, first, second, _ in rows)


def test_a_read_map_is_shown_of_a_function_alone():
    assert cl.explore(mine, view="reads").state["operation"] == "forward"
    with pytest.raises(ArgumentError, match="view='reads' takes a function, got ndarray"):
        cl.explore(np.ones((3, 3)), view="reads")
    with pytest.raises(ArgumentError, match="broken has no read map"):
        cl.explore(broken, view="reads")


@pytest.fixture(autouse=True)
def anywidget():
    return pytest.importorskip("anywidget")


def rng():
    return np.random.default_rng(0)


@pytest.mark.parametrize(
    ("x", "w", "options"),
    [
        ((6, 7), (3, 2), {"stride": 2, "padding": 1}),
        ((9,), (3,), {"padding": "same"}),
        ((2, 9), (3, 2, 3), {"dilation": 2}),
        ((4, 5, 6), (6, 2, 2, 3), {"groups": 2, "padding": ((0, 2), (1, 0)), "padding_mode": "circular"}),
        ((1, 2, 5, 6), (3, 2, 2, 3), {"bias": [1, 2, 3]}),
    ],
)
def test_the_explorer_shows_what_conv_computes(x, w, options):
    x, w = rng().integers(-4, 5, x), rng().integers(-4, 5, w)
    conv = cl.conv1d if w.ndim in (1, 3) else cl.conv2d
    bias = {"bias": np.array(options["bias"])} if "bias" in options else {}
    shown = cl.explore(x, w, **options).output
    assert np.array_equal(shown.ravel(), conv(x, w, **(options | bias)).ravel())


def test_the_explorer_shows_true_and_transposed_convolutions():
    x, w = rng().integers(-4, 5, (5, 6)), rng().integers(-4, 5, (3, 2))
    assert np.array_equal(cl.explore(x, w, flip=True).output[0], cl.conv2d(x, w[::-1, ::-1]))
    found = cl.explore(x, w, transposed=True, stride=2, output_padding=1).output[0]
    assert np.array_equal(found, cl.conv_transpose2d(x, w, stride=2, output_padding=1))


def test_a_module_shows_the_layer_that_was_asked_for():
    torch = pytest.importorskip("torch")
    first, second = torch.nn.Conv2d(2, 3, 3, stride=2, padding=1), torch.nn.ConvTranspose2d(3, 2, 2, stride=2)
    net = torch.nn.Sequential(first, torch.nn.ReLU(), second)
    x = torch.randn(2, 5, 6)
    shown = cl.explore(net, x)
    assert np.allclose(shown.output, first(x).detach().numpy(), atol=1e-5)
    assert "layer '0', one of 2 convolutions" in shown.state["part"] and shown.state["type"] == "float32"
    x = torch.randn(3, 4, 3)
    assert np.allclose(cl.explore(net, x, layer="2").output, second(x).detach().numpy(), atol=1e-5)
    assert cl.explore(second).state["op"] == "transposed"
    with pytest.raises(ArgumentError, match=r"layer=5 is unknown. Expected a number below 2, or 0, 2"):
        cl.explore(net, layer=5)
    with pytest.raises(ArgumentError, match="Linear has no convolution"):
        cl.explore(torch.nn.Linear(2, 2))


def test_of_large_arrays_a_part_is_shown_and_it_says_so():
    large = cl.explore(np.ones((64, 600, 20)), np.ones((16, 64, 3, 3)))
    assert large.input.shape == (8, 32, 20) and large.weight.shape == (8, 8, 3, 3)
    assert large.state["part"] == "rows 1–32 of 600; input channels 1–8 of 64; output channels 1–8 of 16"
    assert cl.explore(np.ones((3, 1, 6, 6)), np.ones((1, 1, 2, 2))).state["part"] == "image 1 of 3"


def right(img, kernel):
    return cl.conv2d(img, kernel)


def flipped(img, kernel):
    return cl.conv2d(img, kernel[::-1, ::-1])


def at_position(i, j, img, kernel):
    return (img[i - 1 : i + 2, j - 1 : j + 2] * kernel).sum()


def broken(img, kernel):
    raise IndexError("index 7 is out of bounds")


def too_large(img, kernel):
    return img


@pytest.mark.parametrize(
    ("function", "is_right", "words"),
    [
        (right, True, "right gives what the definition gives, in all 20 outputs."),
        (at_position, True, "in all 20 outputs."),
        (flipped, False, "flipped differs in 19 of 20 outputs. cl.check(flipped) names the mistake."),
        (broken, False, "broken raised IndexError: index 7 is out of bounds"),
        (too_large, False, "too_large gives shape (6, 7). The output has (4, 5)."),
    ],
)
def test_a_function_of_ones_own_is_shown_beside_the_definition(function, is_right, words):
    told = cl.explore(function).theirs
    assert told["right"] is is_right and words in told["said"]


def test_a_function_is_called_again_when_a_number_changes():
    def blind(img, kernel):  # it is right for as long as the corner is dark
        return cl.conv2d(np.where(np.arange(7) == 0, 0, img), kernel)

    shown = cl.explore(blind)
    assert shown.theirs["right"]
    shown.state = shown.state | {"x": [[[5, *row[1:]] for row in shown.state["x"][0]]]}
    assert not shown.theirs["right"] and np.sum(shown.theirs["wrong"]) == 4


def test_a_function_is_not_called_again_when_another_element_is_selected():
    told = []
    shown = cl.explore(right)
    shown.observe(told.append, names="theirs")
    shown.state = shown.state | {"at": ["x", 0, 1, 1], "base": 0}
    assert told == []
    shown.state = shown.state | {"x": [[[5] * 7] * 6]}
    assert len(told) == 1


def forever(img, kernel):
    while img[0, 0] == 0:
        pass
    return cl.conv2d(img, kernel)


def test_an_endless_loop_ends_and_the_function_is_called_again_afterwards(monkeypatch):
    monkeypatch.setattr("convolab.views.apart.SECONDS", 0.5)
    monkeypatch.setattr("convolab.views.theirs.SECONDS", 0.5)
    shown = cl.explore(forever)
    assert shown.theirs["said"] == "forever did not finish within 0.5 s, and was stopped"
    shown.state = shown.state | {"x": [[[5, *row[1:]] for row in shown.state["x"][0]]]}
    assert shown.theirs["right"]


def test_a_function_that_ends_its_process_leaves_the_notebook_as_it_was():
    shown = cl.explore(lambda img, kernel: os._exit(3))
    assert "its process ended (exit code 3)" in shown.theirs["said"]


def test_a_function_that_cannot_be_sent_says_why():
    lock = threading.Lock()
    with pytest.raises(ArgumentError, match=r"explore: mine cannot be sent to a process of its own \(TypeError"):

        def mine(img, kernel):
            with lock:
                return img

        cl.explore(mine)


@pytest.mark.parametrize(
    ("arrays", "error", "words"),
    [
        ((np.ones((2, 2)), np.ones((3, 3))), ArgumentError, "explore: kernel 3 is larger than input 2"),
        ((np.ones((5, 5)), np.ones((2, 2, 2, 2, 2))), ArgumentError, "explore: weight has 5 axes"),
        (
            (np.ones((9, 9, 3)), np.ones((3, 3))),
            ArgumentError,
            "weight has 2 axes and input 3. Expected a plane (H, W) with a kernel (kH, kW), or (C_in, H, W) with (C_out, C_in / groups, kH, kW), or one axis less of each; got input (9, 9, 3) and weight (3, 3). Of a picture in colour give one plane, such as input[..., 0].",
        ),
        (
            (np.ones((3, 8, 8)), np.ones((4, 2, 3, 3))),
            ArgumentError,
            "explore: weight takes 2 input channels per group, but input has 3 channels and groups=1. Expected weight (4, 3, kH, kW), got (4, 2, 3, 3).",
        ),
        (
            (np.ones((1, 8, 8)), np.ones((8, 3, 3, 3))),
            ArgumentError,
            "explore: weight takes 3 input channels per group, but input has 1 channels",
        ),
        (("a.png", np.ones((3, 3))), DtypeError, "explore: input is a text. Expected an array."),
        ((np.full((3, 3), np.nan), np.ones((2, 2))), ArgumentError, "input has values that are not finite"),
        ((np.ones((3, 3)), np.array([["a"]])), DtypeError, "weight takes real numbers"),
        ((np.ones((3, 3)),) * 3, ArgumentError, "takes an input and a weight, got 3 arrays"),
        ((np.ones((99, 99)), np.ones((40, 40))), ArgumentError, "Expected a kernel of at most 32 a side"),
    ],
)
def test_arrays_that_cannot_be_shown_are_refused_in_one_line(arrays, error, words):
    with pytest.raises(error, match=re.escape(words)):
        cl.explore(*arrays)


def test_a_widget_is_saved_as_the_page_that_it_is(tmp_path):
    shown = cl.explore(np.arange(12).reshape(3, 4), np.ones((2, 2)), stride=2)
    assert shown.save(tmp_path / "page.html").read_text() == one_page("explorer", shown.state)


def test_any_widget_is_made_in_any_state():
    shown = cl.widget("ascent", size=7, w="laplacian", constraint="box")
    assert shown.state == rest("ascent") | {
        "size": [7, 7],
        "w": [read_kernel("laplacian").tolist()],
        "constraint": "box",
    }
    assert cl.widget("explorer", x=np.eye(3), padding=1).state["padding"] == [1, 1, 1, 1]
    assert [len(cl.widget(name).state) for name in WIDGETS] == [len(SCHEMA[name]) for name in WIDGETS]


def test_the_filters_take_a_picture_of_ones_own(tmp_path):
    (tmp_path / "me.png").write_bytes(b"any bytes")
    shown = cl.widget("filters", picture=tmp_path / "me.png")
    assert shown.picture == b"any bytes" and shown.reference == b""
    page = shown.save(tmp_path / "page.html").read_text()
    assert b64encode(b"any bytes").decode() in page


def test_the_gradient_explorer_takes_ones_own_arrays():
    x, w = rng().integers(-4, 5, (5, 6)), rng().integers(-4, 5, (3, 2))
    shown = cl.explore(x, w, stride=2, view="gradient").state
    assert set(shown) == set(SCHEMA["gradient"]) and shown["x"] == [x.tolist()] and shown["stride"] == [2, 2]
    with pytest.raises(ArgumentError, match="takes one plane and one kernel"):
        cl.explore(np.ones((2, 4, 4)), np.ones((1, 2, 2, 2)), view="gradient")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: cl.widget("explorers"),
            "widget: 'explorers' is unknown. Did you mean 'explorer'? Expected one of explorer, gradient",
        ),
        (lambda: cl.widget("ascent", kernel=1), "widget: ascent has no 'kernel'. Expected one of w, size"),
        (lambda: cl.widget("ascent", constraint="cube"), "constraint='cube' is unknown. Expected none, sphere, box"),
        (lambda: cl.widget("ascent", w=[1, 2]), "widget: w has shape (2,). Expected a plane (H, W)"),
        (lambda: cl.widget("ascent", picture=b""), "picture: the widget ascent shows none"),
        (lambda: cl.widget("filters", picture="nowhere.png"), "picture: nowhere.png cannot be read"),
    ],
)
def test_a_widget_that_cannot_be_made_says_why(call, words):
    with pytest.raises(ConvolabError, match=re.escape(words)):
        call()


def test_without_anywidget_the_extra_is_named(monkeypatch):
    from convolab.views import live

    live.widget_class.cache_clear()
    live._explorer_class.cache_clear()
    monkeypatch.setitem(sys.modules, "anywidget", None)
    with pytest.raises(MissingDependencyError, match=r"convolab\[lab\]"):
        cl.explore()


def test_the_shown_numbers_are_the_ones_that_were_given():
    x = rng().random((4, 5)).astype(np.float32)
    shown = cl.explore(x, np.ones((2, 2), np.float32))
    assert np.array_equal(shown.input[0], x) and shown.input.dtype == np.float32
    assert np.array_equal(output_of(shown.state), shown.output)
