"""Where do large results lie? Fresh pages cost more than the filter itself, so those of dead results are used again.

A large block is mapped once, in huge pages where the system has them. When the last array on it dies, the block is
kept for the next result of its size, and the system is told that it may take the pages back when it needs them.
"""

import ctypes
import mmap
import weakref
from collections import deque

import numpy as np

SMALLEST = 4 << 20  # bytes; below, the allocator of the C library keeps its pages by itself
KEPT_BLOCKS, KEPT_BYTES = 8, 1 << 30
GRAIN = 2 << 20  # a huge page

# Blocks that no array uses. A deque appends and pops atomically: arrays die in any thread, at any moment.
_free: deque[mmap.mmap] = deque(maxlen=KEPT_BLOCKS)


def empty(shape: tuple[int, ...], dtype) -> np.ndarray:
    """Return an array of whatever the memory holds, like `numpy.empty`."""
    dtype = np.dtype(dtype)
    count = int(np.prod(shape, dtype=np.int64))
    if count * dtype.itemsize < SMALLEST or not hasattr(mmap, "MADV_FREE"):
        return np.empty(shape, dtype)
    block = _take(-(-count * dtype.itemsize // GRAIN) * GRAIN)
    # The array's base is `handle`, and nothing else is: when it dies, nobody can reach the memory any more.
    handle = (ctypes.c_char * (count * dtype.itemsize)).from_buffer(block, _alignment(block))
    weakref.finalize(handle, _give_back, block).atexit = False
    return np.frombuffer(handle, dtype).reshape(shape)


def _take(size: int) -> mmap.mmap:
    for _ in range(len(_free)):
        try:
            block = _free.popleft()
        except IndexError:
            break
        if len(block) == size + GRAIN:
            return block
        _free.append(block)
    block = mmap.mmap(-1, size + GRAIN, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    if hasattr(mmap, "MADV_HUGEPAGE"):
        block.madvise(mmap.MADV_HUGEPAGE)
    return block


def _alignment(block: mmap.mmap) -> int:
    """Return the number of bytes from the start of the block to its first huge page."""
    start = ctypes.addressof(ctypes.c_char.from_buffer(block))
    return -start % GRAIN


def _give_back(block: mmap.mmap) -> None:
    if sum(map(len, list(_free))) + len(block) <= KEPT_BYTES:
        block.madvise(mmap.MADV_FREE)
        _free.append(block)


def release() -> None:
    """Hand the kept blocks back to the system now."""
    _free.clear()
