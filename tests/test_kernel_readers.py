"""One reader of kernels: whatever names one is taken alike by every function and command, and refused in one line."""

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

import convolab as cl
from convolab.cli import main
from convolab.errors import ArgumentError, ConvolabError, DtypeError, InputError
from convolab.filters.kernels import kernel_names, make_filter, read_kernel
from convolab.filters.table import FILTERS
from convolab.geometry import convolution_geometry
from convolab.gradient import norm_bracket, spectrum

KERNEL = np.array([[1.0, 0, -1], [2, 0, -2], [1, 0, -1]])
IMAGE = np.random.default_rng(3).integers(-4, 5, (8, 9)).astype(float)
FORMS = ["1,0,-1;2,0,-2;1,0,-1", "[[1, 0, -1], [2, 0, -2], [1, 0, -1]]", "k.npy", "k.csv", "k.txt", "k.CSV", "semicolons.csv"]  # fmt: skip


@pytest.fixture(autouse=True)
def files(tmp_path, monkeypatch):
    """Every kind of file, in the working folder."""
    monkeypatch.chdir(tmp_path)
    np.save("k.npy", KERNEL)
    rows = KERNEL.astype(int).tolist()
    for name, between in (("k.csv", ","), ("k.CSV", ", "), ("k.txt", " "), ("semicolons.csv", ";")):
        lines = [between.join(map(str, row)) for row in rows]
        (tmp_path / name).write_text("# a kernel\n" + "\n".join(lines) + "\n\n")
    (tmp_path / "words.csv").write_text("1,two\n")
    (tmp_path / "ragged.txt").write_text("1 2\n3\n")
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "damaged.npy").write_bytes(b"\x93NUM")
    np.save("holes.npy", [[1.0, np.nan]])
    np.save("complex.npy", [[1j]])
    Image.fromarray(np.uint8(IMAGE + 4)).save("in.png")


def test_a_literal_a_name_and_every_kind_of_file_are_read():
    for form in FORMS:
        assert np.array_equal(read_kernel(form), KERNEL), form
    assert np.array_equal(read_kernel("sobel-x"), -KERNEL) and np.array_equal(read_kernel("sobel-y"), -KERNEL.T)
    assert read_kernel("1,0,-1").tolist() == [[1, 0, -1]] and read_kernel("-2").tolist() == [[-2]]
    assert np.array_equal(read_kernel("gaussian"), make_filter("gaussian")["response"].array)


@pytest.mark.parametrize("form", [*FORMS, "sobel-x"])
def test_every_function_takes_every_form(form):
    kernel = read_kernel(form)
    assert np.array_equal(cl.edges(IMAGE, form), cl.filter2d(IMAGE, kernel))
    options = {"constraint": "sphere", "steps": 2}
    assert np.array_equal(cl.maximize(form, (6, 7), **options).losses, cl.maximize(kernel, (6, 7), **options).losses)
    geometry = convolution_geometry("here", (1, 1, 6, 7), (1, 1, 3, 3))
    for measure in (lambda w: spectrum(geometry, w).values, lambda w: [norm_bracket(geometry, w).upper]):
        np.testing.assert_array_equal(measure(form), measure(kernel[None, None]))
    for image in (IMAGE, IMAGE[None, None]):
        report = cl.gradcheck(cl.conv2d, (image, form))
        assert report.passed and report.exact and report.comparisons[1].analytic.shape[-2:] == (3, 3)


def test_every_name_of_a_kernel_is_a_filter_for_edges_too():
    assert {"sobel-x", "roberts-y", "laplacian", "box"} <= set(kernel_names())
    for name in kernel_names():
        part = name.rpartition("-")[2] if name not in FILTERS else ""
        whole = name.removesuffix(f"-{part}") if part else name
        image = np.pad(IMAGE, 6)
        found, expected = (cl.edges(image, n, show=show, engine="numpy") for n, show in ((name, ""), (whole, part)))
        assert np.array_equal(found, expected), name


COMMANDS = {
    "edges": ["edges", "in.png", "-o", "out.npy", "--filter"],
    "maximize": ["maximize", "--steps", "2", "--size", "6x7", "--kernel"],
    "spectrum": ["spectrum", "--size", "6x7", "--kernel"],
    "gradcheck": ["gradcheck", "--kernel"],
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("form", ["-1,0,1;-2,0,2;-1,0,1", "[[0, 1], [-1, 0]]", "sobel-y", "k.npy", "k.csv", "k.txt"])
def test_every_command_takes_every_form(command, form, capsys):
    assert main([*COMMANDS[command], form, "--json"]) == 0, capsys.readouterr().err


def test_the_kernel_of_a_gradient_check_is_the_one_that_was_given(capsys):
    import json

    assert main([*COMMANDS["gradcheck"], "[[1, 2, 3]]", "--json"]) == 0
    shapes = [argument["shape"] for argument in json.loads(capsys.readouterr().out)["arguments"]]
    assert shapes == [[7, 9], [1, 3]]


def test_a_weight_for_a_function_that_takes_a_plane_is_refused_in_one_line(tmp_path, capsys):
    np.save("weight.npy", np.ones((3, 2, 2, 2)))
    lines = "def apply_convolution(img, kernel): ...\ndef conv_gradient_wrt_input(dloss_dy, kernel): ...\n"
    (tmp_path / "sheet.py").write_text(lines)
    command = ["gradcheck", "--function", "sheet.py:apply_convolution", "--kernel", "weight.npy"]
    assert main(command) == 2
    assert "--kernel has shape (3, 2, 2, 2), but the function takes a plane (kH, kW)" in capsys.readouterr().err


REFUSED = [
    ("sobbel", ArgumentError, "'sobbel' is unknown. Did you mean 'sobel'? Expected one of sobel, scharr"),
    ("1,x", ArgumentError, "'1,x' is unknown. Expected one of sobel, scharr"),
    ("[[1, 2", ArgumentError, "kernel: [[1, 2 is no list of rows"),
    ("1,2;3", DtypeError, "kernel: expected rows of real numbers, all of one length"),
    ("[[1, 2], [3]]", DtypeError, "kernel: expected rows of real numbers, all of one length"),
    ("complex.npy", DtypeError, "kernel: expected rows of real numbers"),
    ("none.npy", InputError, "kernel: none.npy cannot be read as an array (No such file or directory)"),
    ("words.csv", InputError, "kernel: words.csv holds no rows of numbers (could not convert string"),
    ("ragged.txt", InputError, "kernel: ragged.txt holds no rows of numbers"),
    ("empty.csv", InputError, "kernel: empty.csv holds no rows of numbers (it is empty)"),
    ("damaged.npy", InputError, "kernel: damaged.npy holds no rows of numbers"),
    ("holes.npy", ArgumentError, "kernel: weight (0, 1) is nan. Expected finite numbers"),
]


@pytest.mark.parametrize("form, kind, words", REFUSED, ids=[form for form, *_ in REFUSED])
def test_what_is_no_kernel_is_refused_in_the_same_line_everywhere(form, kind, words, capsys):
    for call in (read_kernel, lambda f: cl.edges(IMAGE, f), lambda f: cl.maximize(f, 5)):
        with pytest.raises(ConvolabError) as caught:
            call(form)
        assert type(caught.value) is kind and words in str(caught.value)
    said = set()
    for command in COMMANDS.values():
        assert main([*command, form]) == 1
        captured = capsys.readouterr()
        assert captured.err.count("\n") == 1 and not captured.out
        said.add(captured.err.replace("convolab: filter: ", "convolab: kernel: "))
    assert len(said) == 1 and words in said.pop()


def test_a_gradient_is_not_one_kernel_and_its_parts_are_named():
    with pytest.raises(ArgumentError, match="kernel: sobel is two kernels"):
        read_kernel("sobel")
    with pytest.raises(ArgumentError, match="weight: sobel is two kernels"):
        cl.maximize("sobel", 9)


@pytest.mark.parametrize("name", ["k.npy", "k.csv"])
@pytest.mark.parametrize("command", [[*COMMANDS["edges"][:1], "in.png", "copy.png", "-o", ".", "--filter"], COMMANDS["maximize"]])  # fmt: skip
def test_a_kernel_s_file_is_opened_once_a_run(command, name, tmp_path):
    Image.fromarray(np.uint8(IMAGE + 4)).save(tmp_path / "copy.png")
    arguments = [*command, name, *(["--force"] if command[0] == "edges" else [])]
    code = (
        "import sys\nopened = []\n"
        f"sys.addaudithook(lambda event, args: opened.append(event) if event == 'open' and str(args[0]) == {name!r} else None)\n"
        f"from convolab.cli import main\nassert main({arguments!r}) == 0\nprint(len(opened))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == "1"
