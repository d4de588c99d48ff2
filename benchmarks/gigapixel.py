"""The 1.6-gigapixel run, its rate, its memory over time and its bits: `python benchmarks/gigapixel.py FOLDER`.

FOLDER needs 5 GB for a while. The record is benchmarks/gigapixel.json, the picture docs/gigapixel.svg.
"""

import subprocess
import sys
import time
from pathlib import Path

import numpy as np

import convolab as cl
from convolab.bench.record import make_record, write_record

SIZE = 40_000
RUN = "import sys; from convolab.cli import main; sys.exit(main(sys.argv[1:]))"
PICTURE = Path(__file__).parents[1] / "docs" / "gigapixel.svg"


def make_image(path: Path) -> None:
    """Noise that repeats every thousand rows, a little further to the right each time."""
    image = np.lib.format.open_memmap(path, "w+", np.uint8, (SIZE, SIZE))
    noise = np.random.default_rng(0).integers(0, 256, (1000, SIZE), np.uint8)
    for row in range(0, SIZE, 1000):
        image[row : row + 1000] = np.roll(noise, row // 7, axis=1)
    image.flush()


def copy_seconds(source: Path, target: Path) -> float:
    """How long plain reading and writing of the same bytes takes: what the disk allows."""
    start = time.perf_counter()
    buffer = bytearray(16 << 20)
    with source.open("rb", buffering=0) as reader, target.open("wb", buffering=0) as writer:
        while count := reader.readinto(buffer):
            writer.write(memoryview(buffer)[:count])
    seconds = time.perf_counter() - start
    target.unlink()
    return seconds


def memory_seconds(source: Path) -> float:
    """The pass alone, over arrays in memory."""
    image = np.load(source)
    out = np.zeros((SIZE - 2, SIZE - 2), np.uint8)
    cl.sobel(image[:99], dtype="uint8")
    times = []
    for _ in range(3):
        start = time.perf_counter()
        cl.sobel(image, dtype="uint8", out=out)
        times.append(time.perf_counter() - start)
    return sorted(times)[1]


def streamed(source: Path, target: Path) -> tuple[float, list[tuple[float, float]]]:
    """Seconds of the command in a process of its own, and (seconds, resident MB) while it ran."""
    command = ["edges", str(source), "-o", str(target), "--dtype", "uint8", "--engine", "halide", "--force", "--json"]
    start, memory = time.perf_counter(), []
    process = subprocess.Popen([sys.executable, "-c", RUN, *command], stdout=subprocess.DEVNULL)
    while process.poll() is None:
        memory.append((time.perf_counter() - start, resident(process.pid)))
        time.sleep(0.02)
    if process.returncode:
        raise SystemExit(f"the run ended with {process.returncode}")
    return time.perf_counter() - start, memory


def resident(pid: int) -> float:
    """Megabytes that a process holds in memory, 0 once it has gone."""
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in text.splitlines() if line.startswith("VmRSS")), 0.0)


def first_difference(source: Path, target: Path) -> int | None:
    """The first row in which the streamed result differs from the one in memory."""
    image, found = np.load(source, mmap_mode="r"), np.load(target, mmap_mode="r")
    for row in range(0, SIZE - 2, 997):  # not the rows at which strips begin
        expected = cl.sobel(image[row : row + 999], dtype="uint8")
        if not np.array_equal(expected, found[row : row + 997]):
            return row
    return None


def draw(memory: list[tuple[float, float]]) -> None:
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "gigapixel"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 2.6), layout="constrained")
    axes.plot(*zip(*memory, strict=True), color="#1f5fa8")
    axes.axhline(600, color="#b03030", linestyle="--", linewidth=1)
    axes.set(xlabel="seconds", ylabel="resident MB", ylim=(0, 700), xlim=(0, None))
    axes.set_title("40,000 × 40,000 pixels of 8 bits through convolab edges", fontsize=10)
    figure.savefig(PICTURE, metadata={"Date": None})


def main(folder: str) -> None:
    source, target = Path(folder) / "gigapixel.npy", Path(folder) / "gigapixel-edges.npy"
    try:
        make_image(source)
        copying = copy_seconds(source, target)
        runs = sorted((streamed(source, target) for _ in range(3)), key=lambda run: run[0])
        seconds, memory = runs[1]
        differs = first_difference(source, target)
        in_memory = memory_seconds(source)
    finally:
        source.unlink(missing_ok=True)
        target.unlink(missing_ok=True)
    megapixels = SIZE * SIZE / 1e6
    row = {
        "case": "sobel uint8 to uint8 40000 in strips", "seconds": seconds, "runs": [run[0] for run in runs],
        "megapixels_per_second": megapixels / seconds,
        "in_memory_megapixels_per_second": megapixels / in_memory, "disk_megapixels_per_second": megapixels / copying,
        "share_of_the_slower": (megapixels / seconds) / min(megapixels / in_memory, megapixels / copying),
        "peak_resident_mb": max(mb for run in runs for _, mb in run[1]), "first_different_row": differs,
        "resident_mb_over_seconds": [[round(s, 2), round(mb)] for s, mb in memory],
    }  # fmt: skip
    draw(memory)
    record = make_record("gigapixel", [row])
    record["command"] = "python benchmarks/gigapixel.py FOLDER"
    print(write_record(record, force=True), {key: row[key] for key in list(row)[:-1]})


if __name__ == "__main__":
    main(*sys.argv[1:])
