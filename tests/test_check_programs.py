"""check: programs of one's own, functions on a device, and short element types."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import convolab as cl
from convolab.cli import main
from convolab.errors import ArgumentError, DtypeError
from convolab.verify import programs
from convolab.verify.programs import NoResult, Program

EXAMPLE = Path(__file__).parent.parent / "examples" / "check_a_c_program"
COMPILER = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
needs_compiler = pytest.mark.skipif(COMPILER is None, reason="no C compiler")
needs_shell = pytest.mark.skipif(os.name != "posix", reason="the programs are lines of a shell")
FIELDS = "{input} {weight} {output} {stride} {padding}"


def only(report):
    (result,) = report.functions
    return result


@pytest.fixture(autouse=True)
def nothing_is_left_behind(tmp_path, monkeypatch):
    """Private folders are made here, and are gone at the end."""
    folder = tmp_path / "private"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    yield
    assert list(folder.iterdir()) == []


@pytest.fixture
def built(tmp_path):
    """Compile the example, with a part of its text replaced."""

    def build(old="", new="", *options):
        source, program = tmp_path / "conv.c", tmp_path / "conv"
        text = (EXAMPLE / "conv.c").read_text()
        assert old in text
        source.write_text(text.replace(old, new) if old else text)
        subprocess.run([COMPILER, "-O2", *options, "-o", str(program), str(source)], check=True)
        return program

    return build


# The worked examples


@needs_compiler
def test_the_c_program_of_the_example_is_right(built, capsys):
    assert main(["check", "--command", f"'{built()}' {FIELDS}", "--dtype", "float32", "--json"]) == 0
    captured = capsys.readouterr()
    (result,) = json.loads(captured.out)["functions"]
    assert result["status"] == "passed" and result["target"] == "conv2d" and result["probes"] > 20
    said = [line for line in captured.err.splitlines() if not line.startswith("check: ")]  # how far it is
    assert said == []  # nothing of it was contained, and nothing is said to be missing


@needs_compiler
def test_a_c_program_that_ignores_its_stride_is_named_after_few_calls(built, monkeypatch):
    calls, run = [], Program._run
    monkeypatch.setattr(Program, "_run", lambda self, *arguments: calls.append(0) or run(self, *arguments))
    report = cl.check(command=f"{built()} {FIELDS}", dtype="float32")
    assert report.passed and len(calls) <= 40
    calls.clear()
    report = cl.check(command=f"{built('int stride = atoi(words[4])', 'int stride = 1')} {FIELDS}", dtype="float32")
    assert only(report).diagnosis.code == "stride-ignored" and len(calls) <= 150
    assert only(report).diagnosis.evidence["smallest"]["stride"] > 1


@needs_compiler
def test_a_c_program_says_which_arrays_it_does_not_read(built):
    result = only(cl.check(command=f"{built()} {FIELDS}"))
    assert result.status == "error"
    assert "exit status 1; its last message: conv: {input}: is not float32" in result.diagnosis.message
    assert result.diagnosis.evidence["error"]["type"] == "NoResult"


@needs_compiler
def test_the_ctypes_example_prints_that_it_is_right(built):
    library = built("", "", "-shared", "-fPIC")
    command = [sys.executable, str(EXAMPLE / "check_ctypes.py"), str(library)]
    printed = subprocess.run(command, capture_output=True, text=True)
    assert printed.returncode == 0 and "conv (as conv2d): passed" in printed.stdout


# What a command may be


@pytest.fixture
def in_place(monkeypatch):
    """Programs that are functions of this process, of the words of a command."""

    def put(function):
        def run(self, words, messages):
            function(*words[1:])
            return ""

        monkeypatch.setattr(Program, "_run", run)

    return put


def test_every_field_is_handed_in(in_place):
    def program(input, weight, bias, output, *options):
        stride, padding, dilation, groups = map(int, options)
        arrays = [np.load(path, allow_pickle=False) for path in (input, weight, bias)]
        assert all(a.flags.c_contiguous and a.dtype == np.float64 for a in arrays)
        result = cl.conv2d(*arrays, stride=stride, padding=padding, dilation=dilation, groups=groups)
        np.save(output, result.astype(">f8"))  # the other byte order is read too

    in_place(program)
    command = "conv {input} {weight} {bias} {output} {stride} {padding} {dilation} {groups}"
    result = only(cl.check(command=command))
    assert result.status == "passed" and result.name == "conv" and result.notes == []


@pytest.mark.parametrize("name, fields", [
    ("conv2d_input", "{weight} {grad_output} {input_size}"), ("conv2d_weight", "{input} {grad_output} {weight_size}"),
])  # fmt: skip
def test_a_gradient_by_the_function_option(name, fields, in_place, capsys):
    def program(one, grad_output, size, output, stride, padding):
        one, grad_output = (np.load(path) for path in (one, grad_output))
        size = tuple(map(int, size.split("x")))
        order = (size, one) if name == "conv2d_input" else (one, size)
        np.save(output, getattr(cl, name)(*order, grad_output, stride=int(stride), padding=int(padding)))

    in_place(program)
    command = f"conv {fields} {{output}} {{stride}} {{padding}}"
    assert main(["check", "--command", command, "--function", name]) == 0
    assert f"conv (as {name}): passed" in capsys.readouterr().out


def test_planes_and_channels_last(in_place):
    in_place(lambda a, b, c: np.save(c, cl.conv2d(np.load(a)[None, None], np.load(b)[None, None])[0, 0]))
    assert cl.check(command="conv {input} {weight} {output}", judged_as="apply_convolution").passed
    in_place(lambda a, b, c: np.save(c, np.moveaxis(cl.conv2d(
        np.moveaxis(np.load(a), 3, 1), np.transpose(np.load(b), (3, 2, 0, 1))), 1, 3)))  # fmt: skip
    result = only(cl.check(command="conv {input} {weight} {output}"))
    assert result.status == "passed" and result.notes == ["takes no stride and no padding: judged without"]


@needs_shell
def test_numbers_pairs_and_braces_are_written_as_they_are_named():
    words = ["sh", "-c", "echo one >&2; echo $0 >&2; exit 3", "{stride},{padding},{input_size},{dtype},{{x}}"]
    program = Program([*words, "{input}", "{output}"], 10)
    with pytest.raises(NoResult, match=r"exit status 3; its last message: 2x1,1,1x2x5x8,int8,\{x\}$"):
        program(input=np.zeros(3, np.int8), stride=(2, 1), padding=1, input_size=(1, 2, 5, 8))
    assert program.name == "sh"


@pytest.mark.parametrize("command, options, words", [
    ("conv {inptu} {weight} {output}", {}, r"has \{inptu\}, which is no field\. Expected \{input\}"),
    ("conv {input} {weight}", {}, r"has no \{output\}"),
    ("conv {input} {output}", {}, r"has no \{weight\}, and conv2d takes input, weight"),
    ("conv {input} {weight} {output}", {"judged_as": "conv2d_input"}, r"has no \{grad_output\}"),
    ("conv {input} {weight} {output}", {"judged_as": "compute_convolution_at_position"}, "run for every element"),
    ("conv 'x {input} {weight} {output}", {}, "cannot be split into words"),
    ("", {}, "command is empty"),
    ("conv {input} {weight} {output}", {"dtype": "bfloat16"}, "no device and no bfloat16"),
    ("conv {input} {weight} {output}", {"course": "cs231n"}, "without a course"),
    ("conv {input} {weight} {output}", {"function": abs}, "both are given"),
    (None, {}, "neither is given"),
])  # fmt: skip
def test_a_command_that_cannot_be_judged_is_one_line(command, options, words):
    with pytest.raises(ArgumentError, match=words) as refusal:
        cl.check(command=command, **options)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("arguments, words", [
    (["x.py", "--command", "conv {input} {weight} {output}"], "are both given"),
    (["--command", "conv {input} {weight} {output}", "--function", "a=conv2d"], "a command is one function"),
])  # fmt: skip
def test_a_command_line_with_too_much_is_one_line(arguments, words, capsys):
    assert main(["check", *arguments]) == 2
    assert words in capsys.readouterr().err


# Programs that give nothing


@needs_shell
@pytest.mark.parametrize("script, words", [
    ("echo first >&2; echo it is broken. >&2; exit 3", "exit status 3; its last message: it is broken."),
    pytest.param("kill -SEGV $$", "ended by SIGSEGV", marks=pytest.mark.slow),
    pytest.param("true", "wrote no {output}", marks=pytest.mark.slow),
    ("echo hello > $2", "no .npy file of numbers"),
])  # fmt: skip
def test_a_program_without_a_result_is_one_clear_line(script, words):
    result = only(cl.check(command=["sh", "-c", script, "{input}", "{weight}", "{output}"]))
    assert result.status == "error" and result.diagnosis.code == "unrecognised"
    assert words in result.diagnosis.message and result.diagnosis.message.count("\n") == 0
    assert words.rstrip(".") in result.diagnosis.evidence["error"]["text"]


def test_a_program_that_is_not_there_is_asked_for_once(monkeypatch):
    result = only(cl.check(command="./nothing-of-this-name {input} {weight} {output}"))
    assert result.status == "error"
    assert result.diagnosis.message.startswith("The program ./nothing-of-this-name cannot be run (")


@needs_shell
def test_a_program_that_does_not_end_is_ended_with_what_it_started(tmp_path):
    number = tmp_path / "number"
    script = f"sleep 60 & echo $! > {number}; echo waiting >&2; wait"
    result = only(cl.check(command=["sh", "-c", script, "{input}", "{weight}", "{output}"], timeout=0.3))
    assert result.status == "timeout"
    assert "One call of sh took longer than 0.3 s; its last message: waiting" in result.diagnosis.message
    for _ in range(100):
        try:
            os.kill(int(number.read_text()), 0)
        except ProcessLookupError:
            return
        if Path(f"/proc/{int(number.read_text())}/stat").read_text().split()[2] == "Z":
            return  # ended, and nobody has asked for it yet
        time.sleep(0.05)
    pytest.fail("what it had started is still there")


def test_objects_are_not_unpickled(tmp_path):
    path = tmp_path / "output.npy"
    np.save(path, np.array([{}], object), allow_pickle=True)
    with pytest.raises(NoResult, match=r"no \.npy file of numbers \(.*allow_pickle"):
        programs._array(path, "")


# Devices


def _torch_conv(input, weight, stride=1, padding=0, dilation=1, groups=1):
    import torch

    return torch.nn.functional.conv2d(input, weight, None, stride, padding, dilation, groups)


def test_everything_goes_to_the_device_as_tensors():
    torch = pytest.importorskip("torch")
    seen = set()

    def conv(input, weight, bias, stride=1, padding=0):
        seen.update((type(a), a.device, a.dtype) for a in (input, weight, bias))
        return torch.nn.functional.conv2d(input, weight, bias, stride, padding)

    assert cl.check(conv, judged_as="conv2d", device="cpu").passed
    assert seen == {(torch.Tensor, torch.device("cpu"), torch.float32)}


@pytest.mark.parametrize("device", ["cuda:99", "meta", "nowhere"])
def test_a_device_that_is_not_there_is_one_line(device):
    pytest.importorskip("torch")
    with pytest.raises(ArgumentError, match=f"device='{device}' cannot be used here: .") as refusal:
        cl.check(_torch_conv, judged_as="conv2d", device=device)
    assert "\n" not in str(refusal.value) and len(str(refusal.value)) < 300


def test_a_file_reaches_no_device_but_the_processor(tmp_path, capsys):
    pytest.importorskip("torch")
    path = tmp_path / "handin.py"
    path.write_text("import torch\ndef conv2d(input, weight):\n    return torch.nn.functional.conv2d(input, weight)\n")
    assert main(["check", str(path), "--device", "cuda"]) == 1
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1 and "cl.check(function, device='cuda')" in captured.err
    assert main(["check", str(path), "--device", "cpu"]) == 0


# Short element types


def _numpy_conv(kind):
    """A right convolution of planes that adds up in a type of its own, or in the input's."""

    def conv(img, kernel):
        rows, columns = (n - k + 1 for n, k in zip(img.shape, kernel.shape, strict=True))
        out = np.zeros((rows, columns), kind or img.dtype)
        for i, j in np.ndindex(kernel.shape):
            out += img[i : i + rows, j : j + columns].astype(out.dtype) * kernel[i, j].astype(out.dtype)
        return out

    return conv


def _without_the_last_tap(conv):
    def wrong(input, weight, **options):
        weight = weight.clone() if hasattr(weight, "clone") else weight.copy()
        weight[..., -1, -1] = 0
        return conv(input, weight, **options)

    return wrong


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
@pytest.mark.parametrize("inner", ["float32", None])
def test_half_precision_passes_with_its_own_rounding_and_fails_without_a_tap(dtype, inner):
    torch = pytest.importorskip("torch")

    def conv(input, weight, stride=1, padding=0):
        assert str(input.dtype) == f"torch.{dtype}"
        wide = (a.to(getattr(torch, inner or dtype)) for a in (input, weight))
        return torch.nn.functional.conv2d(*wide, None, stride, padding).to(input.dtype)

    assert cl.check(conv, judged_as="conv2d", dtype=dtype).passed
    assert only(cl.check(_without_the_last_tap(conv), judged_as="conv2d", dtype=dtype)).status == "failed"


def test_adding_up_in_bfloat16_itself_passes():
    torch = pytest.importorskip("torch")

    def apply_convolution(img, kernel):
        rows, columns = (n - k + 1 for n, k in zip(img.shape, kernel.shape, strict=True))
        out = torch.zeros(rows, columns, dtype=img.dtype)
        for i, j in np.ndindex(*kernel.shape):
            out += img[i : i + rows, j : j + columns] * kernel[i, j]
        return out

    assert cl.check(apply_convolution, dtype=torch.bfloat16).passed
    single = only(cl.check(lambda *a: apply_convolution(*a).float(), judged_as="apply_convolution", dtype="bfloat16"))
    assert single.diagnosis.code == "wrong-dtype"
    assert "bfloat16 went in and float32 came out" in single.diagnosis.message


@pytest.mark.parametrize(
    "dtype, result", [("int8", "int32"), ("int8", "float32"), ("int16", "int64"), ("int32", "int32")]
)
def test_whole_numbers_may_come_out_wider(dtype, result):
    conv = _numpy_conv(result)
    assert cl.check(conv, judged_as="apply_convolution", dtype=dtype).passed
    wrong = only(cl.check(_without_the_last_tap(conv), judged_as="apply_convolution", dtype=dtype))
    assert wrong.status == "failed" and wrong.diagnosis.code != "integer-output"


@pytest.mark.parametrize("result", ["int8", "uint8"])
def test_sums_that_wrap_are_wrong_and_said_to_wrap(result):
    found = only(cl.check(_numpy_conv(result), judged_as="apply_convolution", dtype="int8"))
    assert found.status == "failed" and found.diagnosis.code == "integer-output"
    assert f"kept in {result}" in found.diagnosis.message

    def clipped(img, kernel):
        return np.clip(_numpy_conv("int64")(img, kernel), -128, 127).astype(np.int8)

    clipped = only(cl.check(clipped, judged_as="apply_convolution", dtype="int8"))
    assert clipped.status == "failed" and clipped.diagnosis.code != "integer-output"


def test_only_known_types_are_taken():
    with pytest.raises(DtypeError, match=r"dtype='uint8' cannot be judged\. Expected one of bfloat16, float16"):
        cl.check(_torch_conv, judged_as="conv2d", dtype="uint8")
