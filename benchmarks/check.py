"""How long does `check` take? `python benchmarks/check.py`, on a quiet machine; the record is check.json.

Single functions, each judged in a process of its own as always: plain loops that are right, and wrong; a function of
batches that is wrong, with everything that is said of it. Then a class of forty hand-ins with the four functions of the
exercise, two in three of them with one or two mistakes, in as many workers as there are cores.
"""

import os
import random
import statistics
import tempfile
import time
from pathlib import Path

import convolab as cl
from convolab.bench.record import make_record, write_record
from convolab.verify.classroom.judging import check_folder

ROUNDS, CLASS = 5, 40
HAND_IN = """import numpy as np


def compute_convolution_at_position(i, j, img, kernel):
    total = 0
    for k in range(kernel.shape[0]):
        for l in range(kernel.shape[1]):
            total += img[i - 1 + k, j - 1 + l] * kernel[k, l]
    return total


def apply_convolution(img, kernel):
    out = np.zeros((img.shape[0] - kernel.shape[0] + 1, img.shape[1] - kernel.shape[1] + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = compute_convolution_at_position(i + 1, j + 1, img, kernel)
    return out


def conv_gradient_wrt_input(dloss_dy, kernel):
    out = np.zeros((dloss_dy.shape[0] + kernel.shape[0] - 1, dloss_dy.shape[1] + kernel.shape[1] - 1))
    for i in range(dloss_dy.shape[0]):
        for j in range(dloss_dy.shape[1]):
            for k in range(kernel.shape[0]):
                for l in range(kernel.shape[1]):
                    out[i + k, j + l] += dloss_dy[i, j] * kernel[k, l]
    return out


def conv_gradient_wrt_kernel(img, dloss_dy):
    out = np.zeros((img.shape[0] - dloss_dy.shape[0] + 1, img.shape[1] - dloss_dy.shape[1] + 1))
    for k in range(out.shape[0]):
        for l in range(out.shape[1]):
            for i in range(dloss_dy.shape[0]):
                for j in range(dloss_dy.shape[1]):
                    out[k, l] += img[i + k, j + l] * dloss_dy[i, j]
    return out
"""
MISTAKES = (
    ("* kernel[k, l]\n    return", "* kernel[-1 - k, -1 - l]\n    return"),
    ("img[i - 1 + k,", "img[i + k,"),
    ("out[i + k, j + l] +=", "out[i + k, j + l] ="),
    ("img[i + k, j + l] * dloss", "img[i + k, j] * dloss"),
    ("dloss_dy[i, j] * kernel[k, l]", "dloss_dy[i, j] * kernel[-1 - k, l]"),
    ("img.shape[1] - kernel.shape[1] + 1", "img.shape[1] - kernel.shape[1]"),
    ("out[k, l] +=", "out[k, l] -="),
    ("range(kernel.shape[0]):\n        for l", "range(kernel.shape[0] - 1):\n        for l"),
)
BATCHES = """import numpy as np


def conv2d(x, w, stride=1, padding=0):
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    n, f = x.shape[0], w.shape[0]
    h, width = ((x.shape[a] - w.shape[a]) // stride + 1 for a in (2, 3))
    out = np.zeros((n, f, h, width))
    for b in range(n):
        for c in range(f):
            for i in range(h):
                for j in range(width):
                    s = i * stride
                    t = WRONG
                    out[b, c, i, j] = (x[b, :, s:s + w.shape[2], t:t + w.shape[3]] * w[c]).sum()
    return out
"""
ONE_FUNCTION = HAND_IN.split("\n\n\ndef conv_gradient_wrt_input")[0]
SINGLE = {
    "plain loops, right": ONE_FUNCTION,
    "plain loops, one mistake": ONE_FUNCTION.replace(*MISTAKES[0]),
    "plain loops, two mistakes": ONE_FUNCTION.replace(*MISTAKES[0]).replace(*MISTAKES[7]),
    "batches, right": BATCHES.replace("WRONG", "j * stride"),
    "batches, a mistake of the catalogue": BATCHES.replace("WRONG", "j"),
    "batches, two mistakes": BATCHES.replace("WRONG", "j").replace("w[c]).sum", "w[c, :, ::-1]).sum"),
}


def single_rows(folder: Path) -> list[dict[str, object]]:
    """The median of some rounds for each function, turn by turn."""
    times: dict[str, list[float]] = {name: [] for name in SINGLE}
    codes = {}
    for _ in range(ROUNDS):
        for name, source in SINGLE.items():
            path = folder / "hand_in.py"
            path.write_text(source)
            named = {"conv2d": "conv2d"} if "conv2d" in source else {"apply_convolution": "apply_convolution"}
            start = time.perf_counter()
            (result,) = cl.check(path, judged_as=named).functions
            times[name].append(time.perf_counter() - start)
            codes[name] = result.diagnosis.code if result.diagnosis else result.status
    return [{"case": n, "verdict": codes[n], "seconds": round(statistics.median(t), 2)} for n, t in times.items()]


def class_row(folder: Path) -> dict[str, object]:
    """Forty hand-ins; the mistakes are drawn with a seed."""
    for n in range(CLASS):
        source = HAND_IN
        for mistake in random.Random(n).sample(MISTAKES, n % 3):
            source = source.replace(*mistake)
        (folder / f"student{n:02}.py").write_text(source)
    jobs, start = os.cpu_count() or 1, time.perf_counter()
    reports = check_folder(folder, jobs=jobs, advance=lambda report: None)
    seconds = time.perf_counter() - start
    functions = [f for report in reports for f in report.functions]
    named = sum(f.diagnosis is not None and f.diagnosis.code != "unrecognised" for f in functions)
    return {
        "case": f"{CLASS} hand-ins of four functions, {jobs} workers",
        "verdict": f"{sum(f.status == 'passed' for f in functions)} passed, {named} named, of {len(functions)}",
        "seconds": round(seconds, 1),
    }


def main() -> None:
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as many:
        rows = [*single_rows(Path(one)), class_row(Path(many))]
    for row in rows:
        print(f"{row['case']}: {row['verdict']}, {row['seconds']} s")
    print(write_record(make_record("check", rows, rounds=ROUNDS), force=True))


if __name__ == "__main__":
    main()
