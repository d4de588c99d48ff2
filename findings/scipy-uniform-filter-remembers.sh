#!/usr/bin/env bash
# Guess, written down first: scipy.ndimage.uniform_filter1d of size 5 is the mean of five samples, so a sample that is very
# bright, or NaN, changes the five outputs whose windows hold it and no other.
# Seen: it keeps one running sum a line and never begins anew. Past a sample of 1e17 among 0.1s every later output is 0.0, to
# the end of the line; past a NaN every later one is NaN. scipy.ndimage.correlate1d with five weights of 1/5 changes five.
# Where it matters here: the box filter sums in blocks; tests/test_box.py holds that nothing outlives its own windows.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet "numpy==2.4.6" "scipy==1.17.1"
"$folder/venv/bin/python" - <<'PYTHON'
import numpy as np
import scipy
from scipy import ndimage

print("scipy", scipy.__version__, "numpy", np.__version__)
for odd in (1e17, np.nan):
    line = np.full(400, 0.1)
    line[50] = odd
    box = ndimage.uniform_filter1d(line, 5)
    sums = ndimage.correlate1d(line, np.full(5, 0.2))
    wrong = [int((~np.isclose(found, 0.1)).sum()) for found in (box, sums)]
    print(f"a sample of {odd}: {wrong[0]} outputs of uniform_filter1d changed, {wrong[1]} of correlate1d; box[200] = {box[200]}")
    assert wrong == [352, 5], "the behaviour has changed"
PYTHON
