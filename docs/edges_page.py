"""The page on edges: its words, with the tables of what is tested and the figures of the recorded runs."""

import json
import sys
from pathlib import Path

from convolab.filters.conventions import page as conventions
from convolab.filters.table import FILTERS

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))
RIVALS = ("x.copy()", "np.copyto", "OpenCV", "OpenCV filter2D", "scikit-image", "torch")

TEXT = """# Edges

```text
convolab edges photo.jpg -o edges.png
convolab edges scan.tif -o edges.tif --dtype uint8        # 1.6 gigapixels, in strips
convolab edges sample:still-life -o both.png --show-with-input --normalize
```

![A still life, and its Sobel magnitude](still-life-edges.jpg)

```python
>>> import convolab as cl, numpy as np
>>> image = np.zeros((5, 6), np.uint8)
>>> image[:, 3:] = 255
>>> cl.sobel(image)
array([[   0., 1020., 1020.,    0.],
       [   0., 1020., 1020.,    0.],
       [   0., 1020., 1020.,    0.]], dtype=float32)
>>> cl.edges(image, show=("x", "y")).x.dtype
dtype('int16')

```

x, y, magnitude and direction, each alone or together, come out of one pass over memory. E = √(x² + y²) stays in the
image's own scale, and is divided by its maximum only with `normalize`. Colours become grey by 0.299 R + 0.587 G +
0.114 B in the same pass; `channels="each"` filters every channel alone. Floating images stay floating; integers give
types that hold every sum, and results asked for as integers are rounded and clipped, never wrapped.

## Signs and scales

Libraries disagree about what "the Sobel filter" returns. Here x answers positively where brightness rises to the right
and y where it rises downwards, and nothing is divided. (So x answers to *vertical* edges, and what is computed is a
cross-correlation: the kernel is not flipped.) Each line below is run by `tests/test_conventions.py`: our answer equals
the factor times theirs, away from the border. In a call `f` is the image as float64 and `k` is our kernel.

{conventions}

## The filters

{filters}

Wherever a kernel is asked for (`--filter` and `--kernel`, `cl.edges`, `cl.filter2d`, `cl.maximize`, `cl.gradcheck`)
the same is taken: a name, one part of a gradient such as `sobel-x`, numbers such as `-1,0,1;-2,0,2;-1,0,1` or
`[[1, 2], [3, 4]]`, or the path of a `.npy`, a `.csv` or a `.txt` with a row of the kernel on each line.
`help(cl.sobel)` draws each kernel. To add a filter is one entry in `convolab/filters/table.py`: the function, its help,
the command with its options, this page and the tests are made from it.

A `sigma` or a `size` is one number for both axes or one for each, (y, x) as in scipy.ndimage; `--sigma 2,1`.

## Lines

`cl.canny`, and `--filter canny`, smooth, keep the crests of the Sobel magnitude and tie weak ones to strong ones; with
the same gradient and thresholds they mark the pixels that OpenCV's does, and a test says so. Without thresholds they
are 0.1 and 0.2 of the largest magnitude. One hot pixel moves those; `quantiles=True` (`--quantiles`) takes `low` and
`high` as fractions of the pixels instead, 0.8 and 0.9 if nothing is said. A picture has the same lines at every scale,
and magnitudes that are no more than the rounding of its type are none: 2⁻¹⁸ of the largest pixel in float32, 2⁻³² in
float64.

The gradient, its square and the comparison with the neighbours are one pass, strip by strip; what is kept of it are
two bits a pixel. Chains are tied in these bits, 64 pixels at a time: the carry of an addition runs through a whole
stretch of crests, and rows are swept down and up until nothing changes. So the lines of a .zarr or of a scan of any
size take strips of it and a quarter of a byte a pixel, in a temporary file from 512 MB on, and are those of the image
in memory to the pixel. Chains cost a sweep for every time that they turn from down to up; ones that wind through a
whole image hundreds of times are slow.

## Borders

| mode | 1 2 3 4 becomes | scipy.ndimage | numpy.pad | torch |
| --- | --- | --- | --- | --- |
| valid | the output is smaller | | | padding=0 |
| zeros | 0 0 \\| 1 2 3 4 \\| 0 0 | constant | constant | zeros |
| reflect | 3 2 \\| 1 2 3 4 \\| 3 2 | mirror | reflect | reflect |
| symmetric | 2 1 \\| 1 2 3 4 \\| 4 3 | reflect | symmetric | |
| replicate | 1 1 \\| 1 2 3 4 \\| 4 4 | nearest | edge | replicate |
| circular | 3 4 \\| 1 2 3 4 \\| 1 2 | wrap | wrap | circular |

## The same bits everywhere

The order of the additions is part of the definition (`convolab/filters/plan.py`), and every operation is rounded by
itself. So Halide, NumPy, strips from a file and blocks of a Dask array give the same bits, and the tests compare bits.
The one exception is a floating kernel of more than nine taps that does not separate: there Halide multiplies and adds
in one rounding, and NumPy cannot.

The command takes NumPy for a single photograph, because compiling the pass would take longer than running it, and
Halide where the work is worth it.

A row or column of more than 16 taps is a loop in the compiled pass, over weights that come with the call. The
same is true of a kernel that does not separate, beyond 7 × 7. One compilation, a few tenths of a second, serves every
size of such kernels; the next size costs nothing.

**Kernels given as matrices** are taken apart where they are sums of one or two outer products (a Gaussian, its
Laplacian, a difference of Gaussians, a Gabor kernel under a round Gaussian): rows first, then columns, where that costs
less than half the taps and no weight is changed by more than 2⁻⁴⁹ of the largest, so that an answer changes by at most
2⁻⁴⁹ · max |w| · Σ |x|, which rounding may do as well. Whole weights are taken apart only where they are exactly one
outer product. The parts come from elimination with complete pivoting and are the same bits each time.

**Boxes** cost the same at any size. Integers have running sums, which are exact, so a mean is the true one rounded
once. Floats are summed by doubling (a window of 2n is two of n), d(k) ≤ 2 log₂ k additions along each axis, and nothing
is subtracted: to first order a sum errs by at most (d(kH) + d(kW)) · u · Σ |x|, where adding one after another may err
by (kH + kW − 2) · u · Σ |x|. A NaN or a bright pixel touches its own windows alone, and a sum depends on its window
only, so that strips and blocks need to know nothing of each other. Sums that leave the range of their type are
infinite, even where the mean would not be.

## Speed

{machine}

{speed}

Ratios are how many times as long the other took. Against `x.copy()` and `np.copyto` 0.90 means nine tenths of the rate
of a plain copy. Images of 4096² and more run at the speed of memory. Smaller ones lie in the cache, where a copy is
several times as fast as memory and the pass is held up by its arithmetic, so that there a copy wins.

## Larger than memory

TIFF (tiles, strips, BigTIFF, compressed), Zarr, NumPy files and memory maps go through in strips: one is read while
another is filtered and a third is written. Until the result is whole it lies beside its target as `.part`, with a
journal; after a kill `--resume` goes on from the last strip. (The journal orders writes between processes; it does not
wait for the disk, so a power cut can lose what the system had not written yet.)

Two runs that write one name each have a part of their own (`.part`, `.2.part`, …), and the one that ends last wins
whole. Ctrl-C and SIGTERM remove the part, unless the run was itself given `--resume`. What a killed run left is
recognised, because nobody holds its lock any more, and removed by the next run that writes that name.

{gigapixel}

A Dask array in gives a Dask array out: `cl.sobel(array)` maps over its blocks with the neighbours that the windows
reach. `tests/test_lazy_edges.py` runs it on a cluster of two worker processes and compares bits.

## What is read

One reader turns a file, an address, an array or an image of Pillow's into pixels and what they mean; strips have the
rows that memory has. Each line below is a file that `tests/test_every_source.py` writes, reads both ways and compares,
bit by bit, with what an independent decoder and the format's own rules give.

{sources}

Samples of fewer than 8 bits fill 0 … 255; a white that is zero is inverted; a palette becomes its colours; pictures are
turned upright. Of several pictures the first of full resolution is taken, and a note says of how many:
`--frame`, `--series`, `--level`, `--band` and `--z`, counted from 0, choose another. JPEG XL and HEIC outside a TIFF
are refused.

Places without data are those that hold the file's number for it (GDAL's tag, BLANK of FITS), those that a masked array
hides, and with `--nan nodata` NaN and what a mask page hides. A result whose window touches one has no data: it is
masked in a masked array, NaN in a .npy or .zarr, the file's number, with its tag, in a .tif, transparent in a PNG.

A .tif keeps the tags of GeoTIFF and GDAL (moved by the rows and columns that `valid` leaves out), the resolution, and
the size of a pixel as ImageJ and OME write it. `--spacing Y,X`, or `--spacing file` where the file says it, gives
gradients in brightness per length; in Python `spacing=(y, x)`.

## What a PNG shows

A .tif, .npy or .zarr holds the numbers. A PNG shows those of pictures of 8 and 16 bits as they are, clipped; 0 … 1 of
a floating picture that stays within is its whole range; x, y and kernels whose weights sum to zero, or to less than
a fiftieth of their absolute values, stand around mid-grey, the largest possible answer being black or white;
directions run from black (−π) to white (π). Every other picture is stretched from the least to the greatest number,
what has a sign with 0 as mid-grey, and a line on standard error says which numbers are black and white.
`--range LOW,HIGH` sets them.

## What is refused, in one line

An image smaller than the kernel, an empty one, NaN in a file (unless `--nan nodata`), a volume where a plane is meant,
a truncated file, more than 300 million pixels at once, a target that exists or cannot be written. In Python NaN is
let through, and reaches the outputs whose window has a weight other than zero on it.
"""


def edges_page() -> str:
    return TEXT.format(
        conventions=conventions(),
        filters=filters(),
        machine=machine(),
        speed=speed(),
        gigapixel=gigapixel(),
        sources=sources(),
    )


def filters() -> str:
    lines = [f"| `{name}` | {entry.summary} | {entry.source} |" for name, entry in FILTERS.items()]
    return "\n".join(["| filter | what | source |", "| --- | --- | --- |", *lines])


def sources() -> str:
    from sources_table import KINDS

    lines = [
        f"| {kind.name} | {kind.pixels.dtype} {'colours' if kind.pixels.ndim == 3 else 'grey'} | "
        f"{'equal' if kind.strips else 'not read in strips'} | {kind.notes} |"
        for kind in KINDS
    ]
    return "\n".join(["| file | pixels | strips | note |", "| --- | --- | --- | --- |", *lines])


def record(name: str) -> dict:
    return json.loads((ROOT / "benchmarks" / f"{name}.json").read_text())


def machine() -> str:
    found = record("edges")
    built = found["machine"]
    return (
        f"`{found['command']}` on {built['cores']} cores of an {built['cpu']}, shared with other work; "
        f"benchmarks/edges.json has the versions. Medians of one interleaved run."
    )


def speed() -> str:
    cases: dict[str, dict[str, dict]] = {}
    for row in record("edges")["rows"]:
        cases.setdefault(row["case"], {})[row["engine"]] = row
    lines = []
    for case, rows in cases.items():
        ours = rows["convolab"]
        ratios = "; ".join(f"{name} {rows[name]['ratio']:.2f}" for name in RIVALS if name in rows)
        lines.append(f"| {case} | {1e3 * ours['seconds']:.3g} | {ours['megapixels_per_second']:,.0f} | {ratios} |")
    return "\n".join(["| case | ms | megapixels/s | ratio |", "| --- | --- | --- | --- |", *lines])


def gigapixel() -> str:
    found = record("gigapixel")
    row = found["rows"][0]
    equal = "not equal" if row["first_different_row"] is not None else "equal to the bit"
    memory, disk = row["in_memory_megapixels_per_second"], row["disk_megapixels_per_second"]
    return (
        f"`{found['command']}`: 40,000 × 40,000 pixels of 8 bits into as many, from file to file, in "
        f"{row['seconds']:.1f} s from the start of the process: {row['megapixels_per_second']:,.0f} megapixels/s. The "
        f"pass in memory reaches {memory:,.0f} and plain copying of the file {disk:,.0f}; this is "
        f"{100 * row['share_of_the_slower']:.0f} % of the slower of the two. At most {row['peak_resident_mb']:.0f} MB "
        f"were resident, and the result is {equal} to the one in memory.\n\n![Memory over time](gigapixel.svg)"
    )
