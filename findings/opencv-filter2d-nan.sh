#!/usr/bin/env bash
# Guess, written down first: cv2.filter2D sums the pixels of a window, so a NaN in a float32 image makes NaN of the outputs
# whose windows hold it, k × k of them, whatever k is.
# Seen: so up to 11 × 11. From 12 × 12 on, where filter2D changes to transforms without saying so, a single NaN makes NaN of
# all 40,000 pixels of a 200 × 200 image. cv2.blur keeps running sums: its NaN stays in them, down its columns and to the
# right, from 3 × 3 on (453 outputs instead of 9).
# Where it matters here: pictures with missing values. `convolab edges --nan nodata` and every filter in memory keep a NaN to
# its own windows at every kernel size (tests/test_transforms.py), whichever algorithm runs.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet "numpy==2.4.6" "opencv-python-headless==5.0.0.93"
"$folder/venv/bin/python" - <<'PYTHON'
import cv2
import numpy as np

image = np.ones((200, 200), np.float32)
image[50, 60] = np.nan
print("opencv", cv2.__version__, "numpy", np.__version__)
for size in (3, 5, 9, 11, 12, 13, 31):
    kernel = np.full((size, size), 1 / size**2, np.float32)
    filtered = int(np.isnan(cv2.filter2D(image, -1, kernel)).sum())
    blurred = int(np.isnan(cv2.blur(image, (size, size))).sum())
    print(f"{size} × {size}: NaN in {filtered} outputs of filter2D, in {blurred} of blur; {size**2} windows hold it")
    assert filtered == (size**2 if size <= 11 else image.size), "filter2D has changed"
    assert blurred > size**2, "blur has changed"
PYTHON
