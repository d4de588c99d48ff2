#!/usr/bin/env bash
# Guess, written down first: scipy.signal and scipy.ndimage are one library, so with borders of zeros
# correlate2d(mode="same") and ndimage.correlate(mode="constant") give the same for every kernel.
# Seen: only for odd kernels. Of an even one, signal starts its window (k - 1) // 2 pixels before the output, ndimage
# k // 2: the whole result stands one pixel apart along each even axis. Their convolutions differ too, the other way round.
# Where it matters here: convolab/fitting/conventions.py has a row for each; `convolab check` tells them apart.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet "numpy==2.4.6" "scipy==1.17.1"
"$folder/venv/bin/python" - <<'PYTHON'
import numpy as np
import scipy
from scipy import ndimage, signal

rng = np.random.default_rng(0)
image = rng.integers(-9, 10, (7, 8)).astype(float)
pairs = {
    "correlate": (signal.correlate2d, ndimage.correlate, (1, 1)),
    "convolve": (signal.convolve2d, ndimage.convolve, (-1, -1)),
}
print("scipy", scipy.__version__, "numpy", np.__version__)
for name, (of_signal, of_ndimage, step) in pairs.items():
    for shape in [(3, 3), (2, 2), (4, 2)]:
        kernel = rng.integers(1, 10, shape).astype(float)
        one = of_signal(image, kernel, mode="same")
        other = of_ndimage(image, kernel, mode="constant")
        moved = np.roll(one, step, (0, 1))
        inner = (slice(2, -2), slice(2, -2))
        equal, apart = np.array_equal(one, other), np.array_equal(moved[inner], other[inner])
        print(f"{name} {shape}: equal {equal}, one pixel apart {apart}")
        assert equal == (shape == (3, 3)) and (equal or apart), "the behaviour has changed"
PYTHON
