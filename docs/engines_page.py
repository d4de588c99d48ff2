"""`docs/engines.md`: the engines, with every figure from the recorded run."""

import json
import math
from pathlib import Path

from convolab.bench.sizes import NEW

RECORD = Path(__file__).parent.parent / "benchmarks" / "ops.json"
SIZES = RECORD.with_name("sizes.json")

GROUPS = ("lab", "large", "other")
TEXT = """# Engines

Written by `python docs/generate.py` from `benchmarks/ops.json` and `benchmarks/sizes.json`.

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

  One pipeline serves many shapes ([below](#any-size)). No sum is ever divided among threads, and no choice depends on
  their number, so the bits do not either.
- **numpy** makes one matrix product for each kernel position, over exactly the box of inputs that it meets. It runs
  where nothing else is installed.
- **torch** is PyTorch's own convolution: GPUs, bfloat16, complex numbers.

`auto` takes halide where it is installed and the layer, in whatever sizes, has come back often enough to repay its
compiling ([operator.md](operator.md#engines)); NumPy for arrays and PyTorch for tensors otherwise and for small cases.
It also leaves float32 tensors whose channels lie last (`torch.channels_last`) to PyTorch, forward and for the input
gradient: halide computes in the default layout, and to change there and back costs more than it gains.

Large windows are none of the engines' work where `engine` is `auto` and SciPy is installed: a model of costs then takes
[Fourier transforms of tiles](performance.md), for all three sums and by sizes alone (`transformed.py`).

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

## Any size

The batch, the height, the width, the length and the numbers of channels and groups come with the call (`sizes.py`).
What is compiled in is what makes code fast: types, kernel, stride, dilation, padding before the first input, up to four
channels (in *columns* all of them), the tile, the width of rows of up to fourteen positions, and that a size is a
multiple of another, so that the last tile needs no test. Which pipeline a shape takes is read off the shape alone,
never off the clock or the calls before, so the bits do not depend on what was compiled first. A layer needs one to a
dozen, more where its sizes are very different.

The last tile of a row is moved inwards rather than cut. Where it begins stands in the formula as the smaller of two
numbers, and the input's width as a number that grows with the output's: from these Halide sees which taps of a tile can
lie in the padding, and tests only those. A lone channel is summed between zeros instead, pixels across the lanes.

`{sizes_command}` on {sizes_cpu}, {sizes_cores} cores, while other programs ran (load {sizes_load}). New sizes are {new}
sizes one after another, all three sums each; `seen` is the same size at its next calls, and the ratio the median of the
two times' ratios. First calls are what they take longer than second ones, in a process where nothing was compiled.

| case | seconds | |
| --- | --- | --- |
{sizes}

What the code for any size costs beside code for one (one thread, time of the processor, medians of interleaved calls,
on the layers below): 1.05 times as long in the geometric mean. *channels* 1.00 to 1.08, but a lone channel 1.3 to 1.4;
*tiles* 1.00 to 1.08, with 32 channels a group 1.14; *columns* 1.0 to 1.5, depthwise layers worst. Bits are the same,
but for a lone channel's. No variant for single sizes is kept: the layers that lose most are those to mend.

Tried, and slower than code for one size:

- leaving it to Halide to cut loops where padding begins, when it does not know how the input's width and the output's
  are related: 2.1 to 3.1 times as long, and up to 2.7 s to compile;
- a copy of the other factor between zeros, so that nothing is tested: 1.04 to 1.3 times, twice for rows of 3;
- rows fused with images into one parallel loop: 1.24 times, since Halide no longer saw that a tile lies in one row;
- memory asked for in inner loops, now once for each block: 1.12 times for *tiles*, 1.3 with few channels.

**Not reached.** New sizes of small layers, and of those whose tiles depend most on the width, cost more than a tenth
in addition: choosing the order and the tile takes a millisecond for each sum. A first call of *tiles* takes longer
than a quarter of a second, and ResNet-50's layers need more than one second. Nothing is kept on disk between
processes: Halide gives object files (7 kB a pipeline, 0.4 ms to load once they are linked), but linking them takes a
compiler, which a user may not have, and what Halide can write and read back itself is a pipeline that it then
compiles again. Halide's Python functions hold Python's global lock while they run (two threads with one pipeline each
took 2.1 times as long as one alone), which only calling such object files would mend.

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

A small call (1 → 1 on 8²) takes {small:.0f} µs in all.

**Where PyTorch is faster, use it**: `engine="torch"`. These runs are noisy: two cores of a shared machine, whose
figures move by a tenth and more from run to run.

**Thread pools.** PyTorch's OpenMP threads go on spinning for some milliseconds after each call, and whoever comes next
has one core less. libgomp lets its threads sleep at once where a program has more of them than there are processors,
so `CONVOLAB_PARK=1` has a team of sleeping threads made the first time that a pipeline is used beside torch
(`pools.py`); unlike `OMP_WAIT_POLICY` and `GOMP_SPINCOUNT` it may be set after torch was loaded, and it does nothing
where one of these is set. A convolution, a torch product and a convolution take {default:.1f} ms at default settings,
{park:.1f} ms with `CONVOLAB_PARK=1` and {passive:.1f} ms with `OMP_WAIT_POLICY=passive`. It is not the default:
threads that sleep wake up slowly, and PyTorch's own small operators then take twice as long. The figures above were
measured with that setting: a convolution followed by a torch product takes {both:.2f} ms there, the two alone
{apart:.2f} ms.
"""


def engines_page() -> str:
    record, sizes_record = json.loads(RECORD.read_text()), json.loads(SIZES.read_text())
    sizes = {row["case"]: row for row in sizes_record["rows"]}
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
        default=1e3 * sizes["beside torch, default settings"]["seconds"],
        park=1e3 * sizes["beside torch, CONVOLAB_PARK=1"]["seconds"],
        passive=1e3 * sizes["beside torch, OMP_WAIT_POLICY=passive"]["seconds"],
        new=NEW,
        sizes="\n".join(_size_row(row) for row in sizes.values()),
        sizes_command=sizes_record["command"],
        sizes_cpu=sizes_record["machine"]["cpu"],
        sizes_cores=sizes_record["machine"]["cores"],
        sizes_load=f"{sizes_record['load'][0]:.0f}",
        both=1e3 * turns["convolution, then torch product"]["seconds"],
        apart=1e3 * (turns["convolution"]["seconds"] + turns["torch product"]["seconds"]),
    )


def _size_row(row: dict) -> str:
    """A row of the table of sizes: the case, its seconds, and what else was measured."""
    rest = {name: value for name, value in row.items() if name not in ("case", "seconds")}
    figures = (f"{name} {value:.3g}" if isinstance(value, float) else f"{name} {value}" for name, value in rest.items())
    return f"| {row['case']} | {row['seconds']:.3g} | {', '.join(figures)} |"


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
