"""What does a schedule need to know about the processor? Its registers, its threads, and what operations cost."""

import os
from dataclasses import dataclass
from functools import lru_cache

import halide as hl


@dataclass(frozen=True)
class Costs:
    """What the inner loops cost, as measured, in estimated cycles.

    An estimated cycle is the time in which one unit does one vector multiply-add or one load. A processor with two such
    units does the work of two estimated cycles in one cycle of its clock.
    """

    latency: int  # from the beginning of a multiply-add until its sum can be added to
    late: float  # the same in practice: with fewer sums than this the units sometimes wait
    step: float  # for each round of an inner loop, besides its multiply-adds
    test: float  # the same for a round that may lie in the padding
    spill: float  # a factor, where the values of a round do not fit in the registers
    move: float  # to copy one number into an array of another order
    column: float  # for a product of columns
    column_near: float  # in addition, once for all rows of the kernel, where the columns lie in the second cache
    column_far: float  # the same where they lie beyond the second cache
    copy: float  # to load a register's worth of numbers and to store it
    part: float  # for a product of columns that are summed in memory
    write: float  # to write a register's worth of a result of columns
    fold: float  # to add one number of a column to the image
    beyond: float  # in addition for a product of columns that is summed beyond the second cache
    transform: float  # to transform a register of tiles of one channel, or to compute its outputs
    kernel: float  # to transform one kernel


ZEN_3 = Costs(
    latency=8,
    late=10,
    step=0,
    test=3,
    spill=3.0,
    move=2.0,
    column=1.15,
    column_near=0.0,
    column_far=0.6,
    copy=7,
    part=1.3,
    write=0,
    fold=15,
    beyond=8,
    transform=135,
    kernel=250,
)
ZEN_4 = Costs(
    latency=4,
    late=0,
    step=2,
    test=2,
    spill=1.5,
    move=1.8,
    column=1.1,
    column_near=0.75,
    column_far=1.2,
    copy=4,
    part=1.95,
    write=5,
    fold=10,
    beyond=0,
    transform=250,
    kernel=40,
)


@dataclass(frozen=True)
class Machine:
    """Vector registers, each with room for `lanes` numbers, and how many threads work at once."""

    lanes: int
    registers: int
    threads: int = 1

    @property
    def few(self) -> bool:
        return self.registers < 32

    @property
    def costs(self) -> Costs:
        """The costs that were measured on a processor with as many registers."""
        return ZEN_3 if self.few else ZEN_4

    @property
    def channels(self) -> int:
        """How many channels have their sums in registers at a time, each with three registers of pixels or tiles."""
        return 4 if self.few else 8

    @property
    def widest(self) -> int:
        """How many neighbouring positions a tile may have: each needs a register for its copied input."""
        return 12 if self.few else self.registers - 2


@lru_cache
def target() -> hl.Target:
    """The processor that the process runs on, with all its instructions.

    Pipelines are compiled without checks, which halves the time to compile: shapes and types are checked before the
    call. A test compiles every case with the checks.
    """
    return hl.Target(f"{hl.get_jit_target_from_environment()}-no_asserts-no_bounds_query")


@lru_cache
def machine(bits: int) -> Machine:
    """The machine for numbers of so many bits."""
    t = target()
    wide = t.arch == hl.TargetArch.ARM or t.has_feature(hl.TargetFeature.AVX512_Skylake)
    return Machine(t.natural_vector_size(hl.Float(bits)), 32 if wide else 16, threads())


def threads() -> int:
    """How many threads Halide works with: the processors, unless HL_NUM_THREADS says another number."""
    wanted = os.environ.get("HL_NUM_THREADS", "")
    return max(1, int(wanted) if wanted.isdecimal() else os.cpu_count() or 1)
