"""What a schedule must know about the processor: how wide a vector is, and how many there are."""

import os
from dataclasses import dataclass
from functools import lru_cache

import halide as hl


@dataclass(frozen=True)
class Machine:
    """Vector registers, each with room for `lanes` numbers, and how many threads work at once."""

    lanes: int
    registers: int
    threads: int = 1

    @property
    def channels(self) -> int:
        """How many channels' sums are in registers at a time, beside three registers of pixels or tiles."""
        return 4 if self.registers < 32 else 8


@lru_cache
def target() -> hl.Target:
    """The processor that the process runs on, with all its instructions.

    Shapes and types are checked before a pipeline is called, so that it checks nothing itself: that halves the time
    that compiling takes. A test compiles every case with the checks.
    """
    return hl.Target(f"{hl.get_jit_target_from_environment()}-no_asserts-no_bounds_query")


@lru_cache
def machine(bits: int) -> Machine:
    """The machine as seen by numbers of so many bits."""
    t = target()
    wide = t.arch == hl.TargetArch.ARM or t.has_feature(hl.TargetFeature.AVX512_Skylake)
    return Machine(t.natural_vector_size(hl.Float(bits)), 32 if wide else 16, threads())


def threads() -> int:
    """How many threads Halide works with: the processors, unless HL_NUM_THREADS says another number."""
    wanted = os.environ.get("HL_NUM_THREADS", "")
    return max(1, int(wanted) if wanted.isdecimal() else os.cpu_count() or 1)
