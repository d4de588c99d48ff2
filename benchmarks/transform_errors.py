"""How near do sums by transforms come to their bound? `python benchmarks/transform_errors.py` says it of 1,000 cases.

The cases are those of `tests/test_transforms.py`: noise, a bright pixel in a dark tile, sums that cancel, one row that
is far brighter than the rest, positive numbers; errors are against sums in long double.
"""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from test_transforms import errors_of

KINDS = ("noise", "a bright pixel", "sums that cancel", "a bright row", "positive")
COUNT, SEED = 1000, 2

if __name__ == "__main__":
    for dtype in (np.float32, np.float64):
        found = np.array(errors_of(COUNT, SEED, dtype))
        largest, middle = found.max(), np.median(found)
        print(f"{dtype.__name__}: {COUNT} cases, largest error {largest:.3f} of the bound, median {middle:.3f}")
        for number, kind in enumerate(KINDS):
            print(f"  {kind:18} largest {found[number :: len(KINDS)].max():.3f}")
