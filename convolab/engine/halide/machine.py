"""What a schedule must know about the processor: how wide a vector is, and how many there are."""

import os
from dataclasses import dataclass
from functools import lru_cache

import halide as hl


@dataclass(frozen=True)
class Machine:
    """Vector registers, each with room for `lanes` numbers, and how many threads work at once.

    The costs of the models are in turns of a unit that does one vector multiply-add or one load at a time; where a
    processor has two such units, a cycle is two turns. They were measured: 16 registers on Zen 3, 32 on Zen 4.
    """

    lanes: int
    registers: int
    threads: int = 1

    @property
    def few(self) -> bool:
        return self.registers < 32

    @property
    def channels(self) -> int:
        """How many channels' sums are in registers at a time, beside three registers of pixels or tiles."""
        return 4 if self.few else 8

    @property
    def latency(self) -> int:
        """How many multiply-adds can begin until the sum of the first can be added to."""
        return 8 if self.few else 4

    @property
    def step(self) -> int:
        """Turns of each round of an inner loop besides its multiply-adds."""
        return 12 if self.few else 2

    @property
    def spill(self) -> float:
        """Factor when the values of a round do not fit in the registers."""
        return 3.0 if self.few else 1.5

    @property
    def broadcast(self) -> float:
        """Turns to copy a number to all lanes; with many registers a multiply-add does it on the way."""
        return 1.0 if self.few else 0.2

    @property
    def pixel(self) -> float:
        """Turns of a product of the weight gradient, pixel by pixel."""
        return 1.4 if self.few else 1.1

    @property
    def move(self) -> float:
        """Turns to bring one number from between its neighbours to between other ones."""
        return 2.0 if self.few else 0.6

    @property
    def widest(self) -> int:
        """Neighbouring positions of a tile at most: each needs a register for its copied input."""
        return 8 if self.few else self.registers - 2


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
