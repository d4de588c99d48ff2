"""`docs/engines.md`: the engines, with every figure from the recorded run."""

import json
import math
from pathlib import Path

RECORD = Path(__file__).parent.parent / "benchmarks" / "ops.json"

GROUPS = ("lab", "large", "other")
TEXT = """# Engines

Written by `python docs/generate.py` from `benchmarks/ops.json`.

All engines compute the same three sums, and `tests/cases.py` holds them to the definition.

- **halide** writes the sums as formulas and says elsewhere in which order they are computed. There are four orders,
  and a model of their inner loops (`choice.py`) takes the fastest for each shape:
  - *channels* (`algorithm.py`, `schedule.py`, `register_tiling.py`): the output channels lie across the lanes of
    a vector register, each input number is copied to all lanes, and a tile of the result stays in registers until its
    sums are complete.
  - *columns* (`columns.py`): pixels lie across the lanes, for images of few channels.
  - *tiles* (`winograd.py`, `winograd_blocks.py`): for 3 × 3 kernels without stride or dilation, Winograd's
    F(2 × 2, 3 × 3) in all three sums, with 16 products where the definition has 36.
  - *pairs* (`pairs.py`): *channels* for integers of 16 bits, two input channels at a time.

  What was compiled is kept for each shape, type and operation. No sum is ever divided among threads, and no choice
  depends on their number, so the bits do not either.
- **numpy** makes one matrix product for each kernel position, over exactly the box of inputs that it meets. It runs
  where nothing else is installed.
- **torch** is PyTorch's own convolution: GPUs, bfloat16, complex numbers.

`auto` takes halide where it is installed and the shape has come back often enough to repay its compiling
([operator.md](operator.md#engines)); NumPy for arrays and PyTorch for tensors otherwise and for small cases. It
also leaves float32 tensors whose channels lie last (`torch.channels_last`) to PyTorch, forward and for the input
gradient: halide computes in the default layout, and to change there and back costs more than it gains.

## What tiles cost in accuracy

Nothing on integers, as long as they are small enough for the type: the transforms take only sums, differences and
halves, and the tests compare bits. Otherwise inputs and weights of a window are added up before they are multiplied,
so the rounding error is a few units of the last place of the window's largest input times its largest weight, and not
of each product. On random numbers it is as small as the definition's (a test holds it to 3 units). An input never
changes an output whose window does not cover it, not in the last bit, and not even if it is a NaN. Where the result is
not finite, the sum is computed again over the taps alone, so that infinities stand exactly where the definition has
them.

## Integers

Sums of integers are exact and come out as int64 (int32 for bytes in short sums). Where the largest values say that
every sum fits, they are multiplied in a type that processors multiply several times faster: of 16 bits, summed in int32
(forward, many channels; how large the numbers are is found out while they are summed), float32 (sums below 2²⁴) or
float64 (below 2⁴⁷), and otherwise in int64. PyTorch's wrap in int32, and its integer convolutions have no gradients.

## Measured

`{command}` on {cpu}, {cores} cores, {features}; {seconds} seconds each. Ratios are PyTorch's time over
ours, with its tensors in the default layout, which ours lie in too, and with their channels last: above 1 we are
faster. A large float32 matrix product ran at {gemm:.0f} GFLOP/s beside it.

| case | GFLOP/s | PyTorch | channels last |
| --- | --- | --- | --- |
{rows}

| geometric mean, against the better of the two | ratio | least |
| --- | --- | --- |
{means}

A small call (1 → 1 on 8²) takes {small:.0f} µs in all, the first call of a new shape {first:.2f} s, compiling included.

**Where PyTorch is faster, use it**: `engine="torch"`. These runs are noisy: two cores of a shared machine, whose
figures move by a tenth and more from run to run.

**Thread pools.** PyTorch's OpenMP threads go on spinning for some milliseconds after each call, and whoever comes next
has one core less. The benchmark therefore runs with `OMP_WAIT_POLICY=passive GOMP_SPINCOUNT=0`, set before torch is
loaded; do the same in a program that alternates. Then a convolution followed by a torch product takes {both:.2f} ms,
the two alone {apart:.2f} ms.
"""


def engines_page() -> str:
    record = json.loads(RECORD.read_text())
    cases: dict[str, dict] = {}
    for row in record["rows"]:
        cases.setdefault(row["case"], {})[row["engine"]] = row
    layers = {name: rows for name, rows in cases.items() if name.startswith(GROUPS)}
    turns = cases["alternating with torch"]
    return TEXT.format(
        command=record["command"],
        cpu=record["machine"]["cpu"],
        cores=record["machine"]["cores"],
        features=", ".join(record["machine"]["features"]),
        seconds=record["seconds_each"],
        gemm=max(row["gflops"] for name, rows in cases.items() if name.startswith("gemm") for row in rows.values()),
        rows="\n".join(_row(name, rows) for name, rows in layers.items()),
        means="\n".join(means(layers)),
        small=1e6 * cases["a small call, 1→1 on 8² float32"]["halide"]["seconds"],
        first=cases["first call of a new shape, 16→32 float32"]["convolab"]["seconds"],
        both=1e3 * turns["convolution, then torch product"]["seconds"],
        apart=1e3 * (turns["convolution"]["seconds"] + turns["torch product"]["seconds"]),
    )


def ratio(rows: dict) -> float | None:
    """Seconds of the better peer over ours; None where there is no peer."""
    peers = [row["seconds"] for name, row in rows.items() if name != "convolab"]
    return min(peers) / rows["convolab"]["seconds"] if peers else None


def _row(name: str, rows: dict) -> str:
    ratios = [f"{rows[peer]['ratio']:.2f}" if peer in rows else "–" for peer in ("torch", "torch channels_last")]
    return f"| {name} | {rows['convolab']['gflops']:.0f} | {' | '.join(ratios)} |"


def means(layers: dict):
    """For each group and type: the geometric mean of the ratios, and the least."""
    for group in GROUPS:
        for dtype in ("float32", "float64", "int32"):
            found = [ratio(rows) for name, rows in layers.items() if name.startswith(group) and f" {dtype} " in name]
            found = [r for r in found if r is not None]
            if found:
                mean = math.exp(sum(map(math.log, found)) / len(found))
                yield f"| {group}, {dtype} ({len(found)} sums) | {mean:.2f} | {min(found):.2f} |"
