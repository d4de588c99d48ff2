"""What a size that was never seen before costs, and the first call of a new kind of layer: in time and in memory.

Sizes take turns with one that was seen, in one process; kinds have a process of their own, where nothing is compiled.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from pathlib import Path
from statistics import median
from typing import Any

from convolab.bench.ops import Workload, operands, ours
from convolab.bench.timing import take_turns
from convolab.engine.repaid import set_compile
from convolab.geometry import OPERATIONS

NEW = 25  # sizes that come one after another
SHAPES, KINDS = 1000, 10  # whose code's memory is measured
# Layers whose images come in many sizes; `pixels` is the size that was seen.
LAYERS = [
    Workload(8, 64, 64, 56, 1),
    Workload(8, 64, 128, 56, 1, stride=2),
    Workload(8, 64, 256, 56, kernel=1),
    Workload(64, 1, 32, 28),
    Workload(8, 128, 128, 28, 1, groups=128),
]
# (input channels, output channels, pixels, kernel, stride) of the 23 different convolutions of ResNet-50 on 224².
RESNET = [
    (3, 64, 224, 7, 2), (64, 64, 56, 1, 1), (64, 64, 56, 3, 1), (64, 256, 56, 1, 1), (256, 64, 56, 1, 1),
    (256, 128, 56, 1, 1), (128, 128, 56, 3, 2), (128, 512, 28, 1, 1), (256, 512, 56, 1, 2), (512, 128, 28, 1, 1),
    (128, 128, 28, 3, 1), (512, 256, 28, 1, 1), (256, 256, 28, 3, 2), (256, 1024, 14, 1, 1), (512, 1024, 28, 1, 2),
    (1024, 256, 14, 1, 1), (256, 256, 14, 3, 1), (1024, 512, 14, 1, 1), (512, 512, 14, 3, 2), (512, 2048, 7, 1, 1),
    (1024, 2048, 14, 1, 2), (2048, 512, 7, 1, 1), (512, 512, 7, 3, 1),
]  # fmt: skip


def measure(
    *, report: Callable[[dict[str, Any]], None], only: str = "", **_: Any
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Measure the cases whose name contains `only`, and report each row.

    Returns
    -------
    rows : list of dict
        `case`, `seconds`, and what else the functions of the cases say.
    facts : dict
        Empty.
    """
    set_compile("always")
    rows = []
    for name, case in _cases():
        if only in name:
            rows.append({"case": name, **case()})
            report(rows[-1])
    return rows, {}


SPINNING: dict[str, str | None] = {
    "OMP_WAIT_POLICY": None,
    "GOMP_SPINCOUNT": None,
}  # as torch's threads wait by themselves


def _cases() -> Iterator[tuple[str, Callable[[], dict[str, Any]]]]:
    for layer in LAYERS:
        yield f"new sizes, {layer}", partial(new_sizes, layer)
    for layer in LAYERS:
        yield f"first calls, {layer}", partial(_apart, f"first_calls([{tuple(layer)}], {[*OPERATIONS]})")
    yield "first calls, ResNet-50 forward", partial(_apart, f"first_calls({list(map(tuple, _resnet()))}, ['forward'])")
    yield "beside torch, default settings", partial(_apart, "alternate()", **SPINNING)
    yield "beside torch, CONVOLAB_PARK=1", partial(_apart, "alternate()", CONVOLAB_PARK="1", **SPINNING)
    yield "beside torch, OMP_WAIT_POLICY=passive", partial(_apart, "alternate()", OMP_WAIT_POLICY="passive")
    yield f"memory, {SHAPES} shapes of {KINDS} layers", partial(_apart, "memory()")


def alternate() -> dict[str, Any]:
    """Return the median `seconds` of a convolution, a product by torch and a convolution, and of each `alone`."""
    import torch

    layer, matrix = Workload(64, 32, 64, 13), torch.randn(512, 512)
    convolve = ours(layer, "forward", operands(layer.geometry, "forward", "float32"))

    def multiply() -> object:
        return matrix @ matrix

    def both() -> None:
        convolve(), multiply(), convolve()

    times = take_turns({"both": both, "convolution": convolve, "product": multiply}, seconds=2)
    return {"seconds": median(times["both"]), **{f"{n} alone": median(times[n]) for n in ("convolution", "product")}}


def _resnet() -> Iterator[Workload]:
    for inputs, outputs, pixels, kernel, stride in RESNET:
        yield Workload(1, inputs, outputs, pixels, kernel // 2, kernel, stride)


def new_sizes(layer: Workload) -> dict[str, Any]:
    """Return the median `seconds` of new sizes, and of the same ones `seen` before, forward and backward.

    `ratio` is the median of both times' ratios, and `worst` the longest first call.
    """
    _all_sums(layer)()
    first, again = [], []
    for number in range(NEW):
        run = _all_sums(layer._replace(pixels=layer.pixels + 1 + number, batch=layer.batch + number % 3))
        first.append(_timed(run))
        again.append(median(_timed(run) for _ in range(3)))
    ratio = median(new / seen for new, seen in zip(first, again, strict=True))
    return {"seconds": median(first), "seen": median(again), "ratio": ratio, "worst": max(first)}


def _all_sums(layer: Workload) -> Callable[[], None]:
    calls = [ours(layer, name, operands(layer.geometry, name, "float32")) for name in OPERATIONS]

    def run() -> None:
        for call in calls:
            call()

    return run


def first_calls(layers: list[tuple[int, ...]], operations: list[str]) -> dict[str, Any]:
    """Return how much longer the first calls of these layers take than their second ones, in all and at most.

    `kinds` is how many pipelines they needed.
    """
    _warm_up()
    before, longer = _kinds(), []
    for layer, name in product(layers, operations):
        workload = Workload(*layer)
        call = ours(workload, name, operands(workload.geometry, name, "float32"))
        longer.append(_timed(call) - _timed(call))
    return {"seconds": sum(longer), "most": max(longer), "kinds": _kinds() - before}


def memory() -> dict[str, Any]:
    """Return by how many `megabytes` the process grows with the code for so many shapes of so many layers."""
    _warm_up()
    before, kinds, start = _resident(), _kinds(), time.perf_counter()
    for number in range(SHAPES):
        layer = Workload(1, 8, 8 * (1 + number % KINDS), 9 + number // KINDS, stride=2)
        ours(layer, "forward", operands(layer.geometry, "forward", "float32"))()
    return {
        "seconds": time.perf_counter() - start,
        "megabytes": (_resident() - before) / 2**20,
        "kinds": _kinds() - kinds,
    }


def _kinds() -> int:
    from convolab.engine.halide.pipelines import pipeline

    return len(pipeline.plans.kept)


def _warm_up() -> None:
    """Load Halide and its compiler: the first pipeline of a process waits for them."""
    layer = Workload(1, 8, 8, 33)
    ours(layer, "forward", operands(layer.geometry, "forward", "float64"))()


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def _timed(function: Callable[[], object]) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def _apart(call: str, **settings: str | None) -> dict[str, Any]:
    """Return what a function of this module says in a process of its own, with or without environment variables."""
    program = "import json, convolab.bench.sizes as sizes; from convolab.engine.repaid import set_compile; "
    program += f"set_compile('always'); print(json.dumps(sizes.{call}))"
    wanted = {name: value for name, value in (os.environ | settings).items() if value is not None}
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, env=wanted)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
