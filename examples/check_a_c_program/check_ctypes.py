"""A C function in a shared library, called through ctypes and judged: python check_ctypes.py [LIBRARY]."""

import ctypes
import sys
from pathlib import Path

import numpy as np

import convolab as cl

LIBRARY = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).with_name("libconv.so"))
FLOATS = np.ctypeslib.ndpointer(np.float32, flags="C_CONTIGUOUS")
INTS = ctypes.c_int * 4

library = ctypes.CDLL(str(LIBRARY.resolve()))
library.conv2d.argtypes = [FLOATS, INTS, FLOATS, INTS, FLOATS, ctypes.c_int, ctypes.c_int]
library.conv2d.restype = None


def conv(input, weight, stride=1, padding=0):
    """Return the cross-correlation that the library computes."""
    height, width = (
        (n + 2 * padding - k) // stride + 1 for n, k in zip(input.shape[2:], weight.shape[2:], strict=True)
    )
    output = np.zeros((len(input), len(weight), height, width), np.float32)
    input, weight = (np.ascontiguousarray(a, np.float32) for a in (input, weight))
    library.conv2d(input, INTS(*input.shape), weight, INTS(*weight.shape), output, stride, padding)
    return output


if __name__ == "__main__":
    report = cl.check(conv, judged_as="conv2d", dtype="float32")
    print(report)
    sys.exit(not report.passed)
