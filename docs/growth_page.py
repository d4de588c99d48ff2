"""`docs/performance.md` and its plots: how the cost grows, from the recorded run `benchmarks/growth.json`."""

import json
from collections.abc import Iterable
from functools import cache
from math import ceil, exp, floor, log, log10
from pathlib import Path
from statistics import mean

from convolab.drawing import Drawing
from convolab.drawing.shapes import Shape, circle, line, path, text
from convolab.views.curve import power

RECORD = Path(__file__).parent.parent / "benchmarks" / "growth.json"
WIDTH, HEIGHT, LEFT, TOP, GAP, BELOW, ACROSS = 250, 170, 66, 84, 76, 82, 3
CLASSES = {"convolab": "a", "OpenCV": "b", "SciPy oaconvolve": "c", "torch": "d"}
FILTERS = ("box", "Gaussian", "any kernel")
TEXT = """# Performance: how the cost grows

Written by `python docs/generate.py` from `benchmarks/growth.json`, which this command recorded:

```text
{command}
```

{when}, commit {commit}, {cpu}, {cores} cores ({features}), load {load}. Medians of calls in turns, all threads each;
who takes longer than half a second is called twice, and no further along its line. Both axes are logarithmic: a
line that is level costs the same at any size, and where a line bends, another algorithm begins.

![Filters of 2048² pixels and of images that grow](growth-filters.svg)

![The operator: signals, planes, volumes, layers; and threads](growth-operator.svg)

{table}

Geometric mean over all points with a peer: the best of them takes {mean:.2f} times as long as ours; over the rows of
the table, each by its own mean, {row_mean:.2f} times.

{slower}

## Which algorithm

- **Boxes**: running sums on integers, doubling on floats; [hardly a cost that
  grows](edges.md#the-same-bits-everywhere).
- **Kernels that separate**, and those that are sums of one or two outer products: rows, then columns. The cost grows
  with the side of the kernel, up to where tiles cost less (about σ = 25 of a Gaussian on floats of 32 bits); images so
  wide that a row of tiles would be larger than a strip of a file keep to lines.
- **Other kernels and the operator**: directly, or by Fourier transforms of tiles that stay in the cache (overlap-save;
  Stockham 1966), in all three sums, with strides, dilations and groups. Of the weight gradient, blocks of the upstream
  gradient are transformed beside the input that they meet, and added up before the one transform back.

Which of the two is taken says a model of costs with recorded constants (`convolab/transforms/cost.py`), by types and
sizes alone: nothing is timed, so it is the same on every run. `convolab explain --cost` says it before anything is
computed, and why, and `convolab edges --json` of what was: a `plan` with the algorithm, the tile, and the
estimated milliseconds of both. With `algorithm="direct"` or `"transform"` (`--algorithm`) you choose. An engine that is
asked for by name takes its sums directly. The transforms are SciPy's (`pip install "convolab[science]"`); without SciPy
all sums are direct.

A kernel's size is compiled in up to 7 × 7. Beyond, it comes with the call, and a new size compiles nothing.

## How right

Integers are exact: sums by transforms are taken in float64 where a bound proves that rounding gives the integer, and
else directly. With floats, every sum of a tile of N numbers x with weights w is within

    ε · log₂ N · ‖x‖₂ · ‖w‖₂

of the true one (ε is the distance from 1 to the next number: 1.2e-7 or 2.2e-16). `tests/test_transforms.py` holds 1,000
random and hard cases of each type to it: tiles of noise, a bright pixel in a dark tile, sums that cancel, one row far
brighter than the rest, positive numbers. What is proved is ten times that, with ‖w‖₁ for ‖w‖₂ (Higham, Accuracy and
Stability of Numerical Algorithms, theorem 24.2, three times), and integers are held to what is proved.

So errors are measured by the whole tile, and not by the window: **a bright pixel takes digits from a dark corner of its
tile**, though from no other tile. Where that matters, `algorithm="direct"` measures them by the window. A NaN or an
infinity touches its own windows alone: tiles whose sums are not all finite are summed again directly.

The grid of tiles begins at the first output of the whole image, so an image in memory, in strips from a file and in the
chunks of a Dask array has the same bits, with any number of threads.

## Tried

On an AMD EPYC with AVX-512, milliseconds of one core, least of several runs while other programs ran:

- **ducc0** beside SciPy's pocketfft, transforms of 2²⁰ float32 numbers in tiles of 256²: there 1.1 against 1.9, back
  1.3 against 3.0; float64 1.4 against 3.9 and 3.0 against 5.4. Faster, but its wheel has 15 MB and the package as a
  whole is under the GPL; SciPy was there already.
- **Two real tiles in one complex one**: 3.0 for both ways of 2²⁰ numbers in tiles of 256², against 3.9; 4.4 against 3.9
  at 256 × 512, and an error in one tile reaches the other. Not taken.
- **Running sums of floats** in float64: a pixel of 1e30 leaves 1e14 behind it. Doubling subtracts nothing.
- **Row sums of wide Gaussians kept for 256 pixels** of a strip's width instead of whole rows: 0.97 to 1.2 times as long
  here. Kept, for processors in whose smaller caches rows of 2¹¹ pixels fall on the same sets; not measured there.
- **Doubling with a copy of the numbers behind the sums**, a step for each bit of the size that is one and not one for
  each bit: 7.7 against 6.1 for a box of 63 (float32, 2048²), and 6.1 against 4.7 for one of 31.
- **One line at a time** in one dimension: 8.6 against 5.1 for eight together (10⁶ samples, 1,001 taps).
- **Transforms along lines for wide Gaussians**: a tile of two axes takes the same four transforms of lines, and no
  second pass over memory, so wide Gaussians go through the tiles of other kernels. Float32, 2048², medians: direct 182
  and 217 at σ = 50 and 64, tiles 117 and 118.
- **One pipeline in Halide for tiles of 256²**: gather, two real tiles in a complex one, radix 16 along columns and
  rows, the product, and back. For a kernel of 63 (float32, 2048²) 20 to 23 against 46 with SciPy. It takes 2.8 seconds
  to compile, once a process and tile, and would pay after a hundred calls. Not taken.
- **Other tiles than the chosen**: at 31, 63, 127 and 255 pixels on a side, eight or nine tiles from 192² to 768 × 1536
  each; the chosen took the least at 31, 63 and 255, and 4 % more than 512² at 127.
"""


@cache
def _record() -> dict:
    return json.loads(RECORD.read_text(encoding="utf-8"))


def _series() -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {}
    for row in _record()["rows"]:
        found.setdefault(row["series"], []).append(row)
    return found


def _lines(rows: list[dict]) -> dict[str, list[tuple[float, float]]]:
    lines: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        lines.setdefault(row.get("line", row["engine"]), []).append((row["x"], 1e3 * row["seconds"]))
    return lines


def growth_picture(*, filters: bool) -> Drawing:
    """Draw the series of the filters, or all others, a panel each."""
    chosen = {name: rows for name, rows in _series().items() if name.startswith(FILTERS) == filters}
    title = "Milliseconds of a call: " + ("filters" if filters else "the operator, and threads")
    body = [text(24, 34, title, "title"), *_legend()]
    for number, (name, rows) in enumerate(chosen.items()):
        left = LEFT + number % ACROSS * (WIDTH + GAP)
        top = TOP + number // ACROSS * (HEIGHT + BELOW)
        body += _panel(name, rows, left, top)
    height = TOP + -(-len(chosen) // ACROSS) * (HEIGHT + BELOW)
    return Drawing(LEFT + ACROSS * (WIDTH + GAP) - GAP + 30, height, title, body)


def _legend() -> list[Shape]:
    body, x = [], 420.0
    for name, kind in CLASSES.items():
        body += [line(x, 30, x + 24, 30, f"line {kind}"), text(x + 30, 34, name, "small")]
        x += 60 + 8 * len(name)
    return body


def _panel(name: str, rows: list[dict], left: float, top: float) -> list[Shape]:
    lines = _lines(rows)
    xs, ys = ([point[axis] for points in lines.values() for point in points] for axis in (0, 1))
    low_x, high_x = log10(min(xs)), max(log10(max(xs)), log10(min(xs)) + 0.3)
    low_y, high_y = floor(log10(min(ys))), ceil(log10(max(ys)))

    def place(x: float, y: float) -> tuple[float, float]:
        across = (log10(x) - low_x) / (high_x - low_x)
        return left + WIDTH * across, top + HEIGHT * (high_y - log10(y)) / max(high_y - low_y, 1)

    body = [text(left, top - 8, name, "small")]
    for exponent in range(low_y, high_y + 1):
        y = place(10**low_x, 10.0**exponent)[1]
        body += [line(left, y, left + WIDTH, y, "grid"), text(left - 6, y + 4, power(exponent), "small end muted")]
    for x in _ticks(sorted(set(xs))):
        at = place(x, 10.0**low_y)[0]
        body += [line(at, top, at, top + HEIGHT, "grid"), text(at, top + HEIGHT + 16, _told(x), "small middle muted")]
    body.append(text(left + WIDTH / 2, top + HEIGHT + 34, rows[0]["axis"], "small middle"))
    for number, (who, points) in enumerate(lines.items()):
        kind = CLASSES.get(who, "abcd"[number % 4])
        places = [place(*point) for point in points]
        body += [path(places, f"line {kind}"), *(circle(x, y, 2.5, f"line {kind}") for x, y in places)]
        if who not in CLASSES:
            body.append(text(places[0][0] + 6, places[0][1] - 6, who, "small muted"))
    return body


def _ticks(values: list[float]) -> list[float]:
    """Return the points that have room for a number below them."""
    kept: list[float] = []
    span = max(log10(values[-1] / values[0]), 0.3)
    for value in values:
        if not kept or log10(value / kept[-1]) / span > 0.11:
            kept.append(value)
    return kept


def _told(value: float) -> str:
    return power(round(log10(value))) if value >= 1000 and log10(value) % 1 == 0 else f"{value:g}"


def performance_page() -> str:
    record = _record()
    machine = record["machine"]
    best = _best_ratios()
    return TEXT.format(
        command=record["command"], when=record["when"][:10], commit=record["commit"], cpu=machine["cpu"],
        cores=machine["cores"], features=", ".join(machine["features"]), load=record["load"][-1], table=_table(),
        mean=_geometric_mean(ratio for points in best.values() for ratio in points.values()),
        row_mean=_geometric_mean(_geometric_mean(points.values()) for points in best.values()), slower=_slower(best),
    )  # fmt: skip


def _best_ratios() -> dict[str, dict[str, float]]:
    """Return, for every series and point with a peer, how many times as long as ours the best of them takes."""
    best: dict[str, dict[str, float]] = {}
    for row in _record()["rows"]:
        if row["engine"] != "convolab":
            points = best.setdefault(row["series"], {})
            points[row["case"]] = min(row["ratio"], points.get(row["case"], row["ratio"]))
    return best


def _geometric_mean(values: Iterable[float]) -> float:
    return exp(mean(map(log, values)))


def _slower(best: dict[str, dict[str, float]]) -> str:
    """Return how many points a peer is faster at, and which of each series."""
    slow = {name: [case.removeprefix(f"{name}: ") for case, ratio in points.items() if ratio < 1]
            for name, points in best.items()}  # fmt: skip
    count = sum(map(len, slow.values()))
    told = "; ".join(f"{name}: {' · '.join(cases)}" for name, cases in slow.items() if cases)
    return f"At {count} of {sum(map(len, best.values()))} points a peer is faster{': ' if told else ''}{told}."


def _table() -> str:
    """Return a row for each series: ours in milliseconds at every point, and the best peer's time over ours."""
    lines = ["| | | | mean |", "| --- | --- | --- | --- |"]
    best = _best_ratios()
    for name, rows in _series().items():
        if name == "threads":
            continue
        points: dict[float, dict[str, dict]] = {}
        for row in rows:
            points.setdefault(row["x"], {})[row["engine"]] = row
        told = " · ".join(f"{x:g}" for x in points)
        ours = " · ".join(f"{1e3 * found['convolab']['seconds']:.3g}" for found in points.values())
        peers = " · ".join(
            f"{min(others):.2g}" if (others := [r["ratio"] for e, r in found.items() if e != "convolab"]) else "–"
            for found in points.values()
        )
        row_mean = f"{_geometric_mean(best[name].values()):.2g} ×" if name in best else "–"
        lines.append(f"| {name}; {rows[0]['axis']}: {told} | {ours} ms | best peer {peers} × | {row_mean} |")
    return "\n".join(lines)
