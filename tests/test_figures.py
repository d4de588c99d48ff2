"""One drawing, three files: an SVG for pages, a matplotlib figure for print, and what notebooks show of a result."""

import io
import json
import re
import subprocess
import sys
from xml.etree import ElementTree

import numpy as np
import pytest

import convolab as cl
from convolab.cli import main
from convolab.definition import apply_convolution
from convolab.drawing.figure import READABLE
from convolab.drawing.looks import LOOKS, look_of
from convolab.drawing.markup import badge, table
from convolab.errors import ArgumentError
from convolab.geometry import convolution_geometry
from convolab.gradient.singular import spectrum
from convolab.palette import COLOURS, VERDICTS
from convolab.views.plot import drawn

pytestmark = pytest.mark.quick

SOBEL_X = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
IMAGE = np.arange(30).reshape(5, 6) % 7 - 2


def flipped(img, kernel):
    return apply_convolution(img, kernel[::-1, ::-1])


def wrong_gradients(grad_output, x, w):
    grad_x, grad_w = cl.conv2d_input(x.shape, w, grad_output), cl.conv2d_weight(x, w.shape, grad_output)
    grad_x[0] = 0
    return grad_x, grad_w


@pytest.fixture(scope="module")
def results():
    """What the commands return, one of each."""
    x, w = IMAGE.astype(float), SOBEL_X.astype(float)
    geometry = convolution_geometry("spectrum", (1, 1, 9, 9), (1, 1, 3, 3))
    return {
        "explain along one axis": cl.explain("input", input=6, kernel=3, at=3),
        "explain along two": cl.explain("weight", input=(5, 40), kernel=(3, 2), at=(2, 1), stride=(2, 1), padding=1),
        "gradcheck": cl.gradcheck(cl.conv2d, (x, w), wrong_gradients),
        "maximize": cl.maximize(SOBEL_X, 9, constraint="sphere"),
        "spectrum": spectrum(geometry, SOBEL_X[None, None], 4),
        "check": cl.check(flipped, judged_as="apply_convolution"),
        "edges": cl.edges(np.outer(np.arange(40), np.ones(30)), show=("x", "magnitude")),
        "summary": cl.summary(cl.load("pretrained").network),
    }


NAMES = (
    "explain along one axis",
    "explain along two",
    "gradcheck",
    "maximize",
    "spectrum",
    "check",
    "edges",
    "summary",
)
IN_TABLES = ("gradcheck", "maximize", "spectrum", "check", "edges", "summary")


def svg_texts(svg: str) -> list[str]:
    return [t.text or "" for t in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def svg_of(figure) -> str:
    stream = io.StringIO()
    figure.savefig(stream, format="svg")
    return stream.getvalue()


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_for_print_says_every_word_that_the_page_s_says(results, name):
    on_page = svg_texts(results[name].drawing().svg())
    in_print = svg_texts(svg_of(cl.plot(results[name])))
    assert on_page and in_print == on_page


@pytest.mark.parametrize("name", NAMES)
def test_a_minus_sign_of_a_figure_is_one_and_no_hyphen(results, name):
    assert not [t for t in svg_texts(results[name].drawing().svg()) if re.search(r"(^|[\s(·=×])-\d", t)]


def test_the_letters_of_a_pdf_lie_in_it_as_letters(results):
    stream = io.BytesIO()
    cl.plot(results["explain along one axis"]).savefig(stream, format="pdf")
    assert b"/FontFile2" in stream.getvalue() and b"/Type3" not in stream.getvalue()


def test_a_figure_leaves_matplotlib_s_settings_alone():
    import matplotlib

    before = {name: matplotlib.rcParams[name] for name in READABLE}
    svg_of(cl.plot(IMAGE))
    assert {name: matplotlib.rcParams[name] for name in READABLE} == before != READABLE


def test_an_element_s_taps_are_lit_in_all_three_arrays():
    element = cl.explain("output", input=(5, 7), kernel=(3, 2), at=(1, 1), padding=1)
    shapes = element.drawing().shapes
    lit = [shape for shape in shapes if shape.classes in ("window", "target")]
    assert len(lit) == 2 * len(element.taps) + 1 and len(element.taps) == 2


def test_of_a_long_axis_the_part_around_the_taps_is_drawn_and_named(results):
    said = svg_texts(results["explain along two"].drawing().svg())
    assert "input x, 5 × 40: columns 1–16" in said
    far = cl.explain("output", input=100, kernel=3, at=90)
    assert "input x, 100: columns 85–100" in svg_texts(
        far.drawing().svg()
    ) or "input x, 100: columns 83–98" in svg_texts(far.drawing().svg())


def test_along_three_axes_there_is_no_picture():
    element = cl.explain("output", input=(3, 3, 3), kernel=(2, 2, 2), at=(1, 1, 1))
    with pytest.raises(ArgumentError, match=r"explain: a picture has one or two axes, got 3"):
        element.drawing()


def test_one_moment_of_a_convolution_is_written_out_and_adds_up():
    figure = cl.plot(IMAGE, SOBEL_X, at=(1, 2), stride=(1, 1))
    written, value = figure.get_label().removeprefix("Output [1, 2] is ").replace("−", "-").split(" = ")
    assert eval(written.replace("·", "*")) == int(value) == apply_convolution(IMAGE, SOBEL_X)[1, 2]


def test_a_geometry_is_drawn_with_a_line_for_every_tap():
    geometry = cl.Geometry((5, 7), (3, 2), stride=2, padding=1)
    lines = [shape for shape in drawn(geometry).shapes if shape.kind == "line"]
    assert len(lines) == sum(len(axis.taps()) for axis in geometry.axes)


def test_a_small_array_is_numbers_and_a_large_one_an_image_with_its_range():
    assert {"−2", "4"} <= set(svg_texts(drawn(IMAGE).svg()))
    large = drawn(np.linspace(-1, 2, 40 * 50).reshape(40, 50))
    assert [s.kind for s in large.shapes].count("image") == 1 and "−1 to 2" in svg_texts(large.svg())


def test_of_many_planes_the_first_are_drawn_and_their_number_is_said():
    drawing = drawn(np.zeros((5, 4, 3, 3)))
    assert drawing.label == "An array, 5 × 4 × 3 × 3, 12 of 20 planes"


@pytest.mark.parametrize("what", ["sobel", None, np.array(["a"]), np.zeros((0, 3)), np.array([1j])], ids=repr)
def test_what_cannot_be_drawn_is_one_line(what):
    with pytest.raises(
        ArgumentError, match=r"plot: \w+ cannot be drawn. Expected a result of convolab, a Geometry, or"
    ):
        cl.plot(what)


def test_options_without_a_kernel_and_places_outside_are_refused():
    with pytest.raises(ArgumentError, match=r"plot: stride is of a convolution"):
        cl.plot(IMAGE, stride=2)
    with pytest.raises(
        ArgumentError, match=r"plot: at=\(9, 9\) is outside of the output. Expected \(0, 0\) to \(2, 3\)"
    ):
        cl.plot(IMAGE, SOBEL_X, at=(9, 9))
    with pytest.raises(ArgumentError, match=r"plot: draws every number. Expected at most 24 rows and columns"):
        cl.plot(np.zeros((40, 40)), SOBEL_X)


@pytest.mark.parametrize("name", IN_TABLES)
def test_a_notebook_shows_a_result_with_captions_headings_and_words_for_pictures(results, name):
    html = ElementTree.fromstring(f"<div>{well_formed(results[name]._repr_html_())}</div>")
    assert all(image.get("alt") for image in html.iter("img"))
    for found in html.iter("table"):
        assert (found.find("caption").text or "").strip()
        assert all(heading.get("scope") in ("row", "col") for heading in found.iter("th"))


def well_formed(html: str) -> str:
    return re.sub(r"(<img [^>]*)>", r"\1/>", html).replace("&nbsp;", " ")


@pytest.mark.parametrize("name", IN_TABLES)
def test_what_a_notebook_shows_styles_nothing_but_itself(results, name):
    html = results[name]._repr_html_()
    assert "<style" not in html and "class=" not in html and "http" not in html.replace("http://www.w3.org", "")


@pytest.mark.parametrize("name", [n for n in NAMES if n != "edges"])
def test_a_plain_repr_is_one_short_line(results, name):
    assert len(repr(results[name])) <= 110 and "\n" not in repr(results[name])


def test_a_notebook_shows_results_without_matplotlib():
    code = """
import sys
for name in ("matplotlib", "torch"):
    sys.modules[name] = None
import numpy as np, convolab as cl
for shown in (cl.maximize("sobel-x", 9), cl.gradcheck(cl.conv1d, (np.arange(6.0), np.array([1.0, 2.0])))):
    assert "<table" in shown._repr_html_()
assert cl.explain("output", input=6, kernel=3, at=1).drawing().svg().startswith("<svg")
try:
    cl.plot(np.eye(3))
except ImportError as error:
    print(error)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == (
        'matplotlib: not installed, and a figure for print needs it. Install it with: pip install "convolab[plot]"\n'
    )


def test_tables_say_nothing_that_a_result_could_not_mean():
    assert "<script>" not in table("a <b>", ("<i>",), [("<script>", 1)]) and "&lt;script&gt;" in table(
        "", (), [("<script>",)]
    )


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    a, b = sorted((light(one), light(other)))
    return (b + 0.05) / (a + 0.05)


def test_a_verdict_is_legible_on_a_page_of_any_colour():
    assert "color:#fff" in badge("passed")
    assert min(contrast("#ffffff", colour) for colour in VERDICTS.values()) >= 4.5


@pytest.mark.parametrize("page", [0, 1], ids=["light", "dark"])
def test_letters_of_a_drawing_stand_out_from_its_paper(page):
    letters = {look.fill for name, look in LOOKS.items() if name in ("muted", "accent", "weight")} | {"ink"}
    for paper in ("paper", "empty"):
        assert min(contrast(COLOURS[ink][page], COLOURS[paper][page]) for ink in letters) >= 4.5


def test_a_later_look_wins_and_what_it_does_not_say_stays():
    look = look_of("small title muted", text=True)
    assert (look.size, look.bold, look.fill) == (15, True, "muted")


# The command line.


@pytest.fixture(scope="module")
def hand_in(tmp_path_factory):
    path = tmp_path_factory.mktemp("hand-in") / "mine.py"
    path.write_text(
        "import numpy as np\n\n\ndef apply_convolution(img, kernel):\n    h, w = kernel.shape\n"
        "    out = np.zeros((img.shape[0] - h + 1, img.shape[1] - w + 1))\n    for i in range(out.shape[0]):\n"
        "        for j in range(out.shape[1]):\n"
        "            out[i, j] = (img[i : i + h, j : j + w] * kernel[::-1, ::-1]).sum()\n    return out\n"
    )
    return path


def commands(hand_in) -> dict[str, list[str]]:
    return {
        "explain": ["explain", "input", "--input", "6", "--kernel", "3", "--at", "3"],
        "check": ["check", str(hand_in)],
        "gradcheck": ["gradcheck", "--input", "5x6", "--weight", "3x2"],
        "maximize": ["maximize", "--constraint", "sphere"],
    }


@pytest.mark.parametrize("command", ["explain", "check", "gradcheck", "maximize"])
def test_a_command_draws_what_it_says_and_names_the_file(command, hand_in, tmp_path, capfdbinary):
    begins = {"svg": b"<svg", "pdf": b"%PDF", "png": b"\x89PNG"}
    arguments = commands(hand_in)[command]
    codes = set()
    for kind in begins if command == "explain" else ["svg"]:
        path = tmp_path / f"figure.{kind}"
        codes.add(main([*arguments, "-o", str(path)]))
        assert path.read_bytes().startswith(begins[kind])
        assert f"wrote {path}\n".encode() in capfdbinary.readouterr().err
    codes.add(main([*arguments, "-o", "-"]))
    output = capfdbinary.readouterr()
    assert output.out.startswith(begins["png"]) and output.out.endswith(b"IEND\xaeB`\x82") and output.err
    assert codes == {1 if command == "check" else 0}


@pytest.mark.parametrize("command", ["explain", "check", "gradcheck", "maximize"])
def test_a_figure_that_cannot_be_written_is_refused_before_anything_is_computed(command, hand_in, tmp_path, capsys):
    arguments, there = commands(hand_in)[command], tmp_path / "there.svg"
    there.write_text("mine")
    assert main([*arguments, "-o", str(there)]) == 1
    assert main([*arguments, "-o", str(tmp_path / "figure.bmp")]) == 2
    assert main([*arguments, "-o", "-", "--json"]) == 2
    said = capsys.readouterr()
    assert said.err.splitlines() == [
        f"convolab: --output: {there} exists. Give --force to replace it",
        f"convolab: --output: {tmp_path}/figure.bmp has no known ending. Expected .png, .svg, .pdf, or -",
        "convolab: --json: standard output takes the file or the JSON, not both. Give -o a file",
    ]
    assert there.read_text() == "mine" and set(json.loads(said.out)) == {"error"}


def test_a_folder_s_verdicts_have_a_page_and_no_figure(tmp_path, capsys):
    assert main(["check", str(tmp_path), "-o", str(tmp_path / "x.svg")]) == 2
    assert "For a class there is --page" in capsys.readouterr().err


def test_edges_are_written_to_standard_output(capfdbinary, monkeypatch):
    assert main(["edges", "sample:drawing", "-o", "-", "--format", "npy"]) == 0
    output = capfdbinary.readouterr()
    array = np.load(io.BytesIO(output.out))
    assert array.ndim == 2 and output.err.startswith(b"standard output: sobel of ")
    assert main(["edges", "sample:drawing", "sample:still-life", "-o", "-"]) == 2
    assert b"standard output takes one file" in capfdbinary.readouterr().err
