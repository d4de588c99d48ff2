"""What is to be computed? Element types, components and the order of the sums, written down once for every engine.

Both engines add in this order and round after every operation, so that they agree to the bit (the one exception is
`Plan.is_dense`, where Halide multiplies and adds in one rounding):

    row[kx…]     Σ over kx, from left to right, of row weight · pixel; zero weights are left out
    component    Σ over the parts, and in each over ky from the top, of column weight · row
    magnitude    √(x · x + y · y)

A kernel whose weights are all equal (`Plan.is_box`) is summed without weights, in the order of `box.py`.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from convolab.errors import ArgumentError, DtypeError
from convolab.filters.separable import Filter, Kernel, Vector
from convolab.transforms.bounds import is_exact
from convolab.transforms.cost import FILTER, LINE, TileGrid, best_tiling, compared
from convolab.transforms.library import check_algorithm, installed

COMPONENTS = ("x", "y", "magnitude", "direction")
DTYPES = "bool uint8 int8 uint16 int16 uint32 int32 uint64 int64 float16 float32 float64".split()
MOST_INLINE_TAPS = 9  # a kernel with more, that does not separate, takes the dense way
SMALLEST_BOX = 9  # equal weights from which a kernel is summed as a box
MOST_COMPILED_IN = 7  # pixels on a side of a dense kernel whose size is compiled in
MOST_UNROLLED = 16  # taps of a row or column that are written out; compiling more takes seconds, so they get a loop

FEWEST_LINED = 200  # taps of rows and columns below which no transform is considered
MOST_OF_A_ROW = 2**23  # numbers of a row of tiles that lines give way to: strips of files hold whole ones

STRIP = 32  # rows that one core takes at a time
LOOPED_ROWS = 2  # of a tile whose taps go by in a loop


@dataclass(frozen=True)
class Plan:
    """One fused pass: from pixels of `dtype` to the components `show`, each of its own type.

    `grey` says that each pixel is three interleaved colours to be weighted into one; `step` is the distance between
    horizontal neighbours in elements (the number of channels, where each channel is filtered alone). With a `tile`,
    sums are taken by transforms of such tiles, whose grid begins at the first output.
    """

    filter: Filter
    dtype: str
    show: tuple[str, ...]
    dtypes: tuple[str, ...]
    grey: bool = False
    step: int = 1
    tile: TileGrid | None = None

    @property
    def algorithm(self) -> str:
        """How sums are taken: over the taps, or by transforms of tiles."""
        return "direct" if self.tile is None else "transform"

    @cached_property
    def working(self) -> np.dtype:
        """The type that the sums are taken in: it holds every sum of an integer image exactly, or is floating."""
        return np.result_type(*(_working_dtype(kernel, np.dtype(self.dtype)) for _, kernel in self.filter.kernels))

    @cached_property
    def floating(self) -> np.dtype:
        """The type of magnitudes and directions."""
        return _floating_dtype(np.dtype(self.dtype))

    @cached_property
    def is_dense(self) -> bool:
        """Whether the kernel is large and does not separate."""
        return any(len(kernel.parts) > 2 and taps(kernel) > MOST_INLINE_TAPS for _, kernel in self.filter.kernels)

    @cached_property
    def is_box(self) -> bool:
        """Whether all weights are equal, so that the cost of a sum need not grow with the kernel."""
        if self.filter.is_gradient:
            return False
        ((_, kernel),) = self.filter.kernels
        return len(kernel.parts) == 1 and all(is_uniform(v) for v in kernel.parts[0]) and taps(kernel) >= SMALLEST_BOX

    @cached_property
    def is_sized_late(self) -> bool:
        """Whether the size of the kernel comes with the call, so that one compilation serves every size."""
        return bool(self.looped) or (self.is_dense and max(self.filter.shape) > MOST_COMPILED_IN)

    @cached_property
    def looped(self) -> tuple[Vector, ...]:
        """The rows and columns of too many taps to be written out; a compiled pass goes over them in a loop."""
        if self.is_dense:
            return ()
        parts = (part for name in self.sources() for part in self.filter[name].parts)
        long = (vector for part in parts for vector in part if np.count_nonzero(vector) > MOST_UNROLLED)
        return tuple(dict.fromkeys(long))

    def told(self, size: tuple[int, int]) -> dict:
        """Return how the sums of an output of this size are taken: the algorithm, its tiles, and estimated costs.

        Costs are milliseconds of one core, by the model in `convolab.transforms.cost`; a box, whose cost does not grow
        with the kernel, has none.
        """
        told: dict = {"algorithm": "box" if self.is_box and self.tile is None else self.algorithm}
        if not self.is_box:
            told["direct_ms"] = self.direct_cost(size) * self.step / 1e6
        if self.tile is not None:
            told |= {"transform_ms": self.tile.cost * self.step / 1e6, "tile": list(self.tile.lengths)}
        return told

    def direct_cost(self, size: tuple[int, int]) -> float:
        """Return the estimated nanoseconds of the sums of one channel over the taps, for an output of this size."""
        kernels = [self.filter[name] for name in self.sources()]
        if self.is_dense:
            return FILTER * sum(map(taps, kernels)) * size[0] * size[1]
        return LINE * sum(sum(_separate_taps(kernel)) for kernel in kernels) * size[0] * size[1]

    def __hash__(self):
        return self._hash

    def __reduce__(self):  # without the hash, which differs from process to process
        return Plan, (self.filter, self.dtype, self.show, self.dtypes, self.grey, self.step, self.tile)

    @cached_property
    def _hash(self) -> int:
        return hash((self.filter, self.dtype, self.show, self.dtypes, self.grey, self.step, self.tile))

    def sources(self) -> tuple[str, ...]:
        """Return the kernels that the shown components are made of."""
        names = tuple(name for name, _ in self.filter.kernels)
        return names if {"magnitude", "direction"} & set(self.show) else tuple(n for n in names if n in self.show)


def taps(kernel: Kernel) -> int:
    if len(kernel.parts) == 1:
        return int(np.prod([np.count_nonzero(vector) for vector in kernel.parts[0]]))
    return int(np.count_nonzero(kernel.array))


def _separate_taps(kernel: Kernel) -> list[int]:
    return [int(np.count_nonzero(vector)) for part in kernel.parts for vector in part]


def is_uniform(vector: Vector) -> bool:
    return vector[0] != 0 and vector.count(vector[0]) == len(vector)


def largest_pixel(dtype) -> int:
    """Return the largest absolute value of an integer type."""
    return max(abs(int(np.iinfo(dtype).min)), int(np.iinfo(dtype).max))


def _floating_dtype(dtype: np.dtype) -> np.dtype:
    """Return float32 for what float32 holds (16 bits and less, float32 itself), else float64."""
    small = dtype.itemsize <= 2 or dtype == np.float32
    return np.dtype(np.float32 if small else np.float64)


def _working_dtype(kernel: Kernel, dtype: np.dtype) -> np.dtype:
    """Return the smallest type that cannot wrap: integers for integers with whole weights, else floating."""
    weights = [w for part in kernel.parts for vector in part for w in vector]
    if dtype.kind == "f" or any(w != int(w) for w in weights):
        return _floating_dtype(dtype)
    reach = largest_pixel(dtype) * int(sum(np.abs(c).sum() * np.abs(r).sum() for c, r in kernel.parts))
    for candidate in (np.int16, np.int32, np.int64):
        if reach <= np.iinfo(candidate).max:
            return np.dtype(candidate)
    return np.dtype(np.float64)


def _natural_dtype(plan: Plan, component: str) -> np.dtype:
    """Return the type of a component where none was asked for."""
    return plan.floating if component in ("magnitude", "direction") else plan.working


@lru_cache(maxsize=256)
def make_plan(
    filter: Filter, dtype, show: tuple[str, ...], *, out_dtype=None, grey=False, step=1, algorithm: str = "direct",
    size: tuple[int, int] | None = None,
) -> Plan:  # fmt: skip
    """Return the plan of a pass; `out_dtype` None gives every component its natural type.

    `size` is the whole output's, in pixels, by which `algorithm` "auto" and "transform" choose the tiles.
    """
    known = COMPONENTS if filter.is_gradient else ("response",)
    for name in show:
        if name not in known:
            raise ArgumentError(f"show: {filter.name} gives {', '.join(known)}, got {name!r}.")
    if not show or len(set(show)) != len(show):
        raise ArgumentError(f"show: expected each of some of {', '.join(known)} once, got {', '.join(show) or 'none'}.")
    draft = Plan(filter, np.dtype(dtype).name, show, ("",) * len(show), grey, step)
    wanted = [_natural_dtype(draft, name) if out_dtype is None else checked_dtype(out_dtype) for name in show]
    tile = None if size is None else tile_of(draft, algorithm, size)
    return Plan(filter, draft.dtype, show, tuple(t.name for t in wanted), grey, step, tile)


def tile_of(plan: Plan, algorithm: str, size: tuple[int, int]) -> TileGrid | None:
    """Return the tiles that the sums are taken by, or None where they are taken directly.

    Tiles are taken where they cost less, and for whole numbers only where rounding is sure to give the integer.
    """
    asked = check_algorithm(algorithm) == "transform"
    if asked and plan.filter.is_gradient:
        raise ArgumentError(f"algorithm: transform takes filters of one kernel, and {plan.filter.name} has two.")
    if algorithm == "direct" or not (asked or _may_have_tiles(plan)):
        return None
    whole = plan.working.kind != "f"
    tiling = best_tiling(plan.filter.shape, size, double=whole or plan.working == np.float64)
    weights = sum(np.abs(column).sum() * np.abs(row).sum() for column, row in plan.filter["response"].parts)
    if whole and not is_exact(tiling.elements, 1, largest_pixel(plan.dtype), float(weights)):
        return None
    return tiling if asked or (tiling.cost < plan.direct_cost(size) and _fits(plan, tiling, size)) else None


def _fits(plan: Plan, tiling: TileGrid, size: tuple[int, int]) -> bool:
    """Whether a row of tiles is small enough for a strip; a kernel that does not separate has no other way."""
    return plan.is_dense or tiling.sums[0] * size[1] * plan.step <= MOST_OF_A_ROW


def explained(filter: Filter, dtype, size: tuple[int, int]) -> dict:
    """Return which algorithm "auto" takes for an output of `size` and why, and what the others are estimated to cost.

    Costs are milliseconds of one core, by the model in `convolab.transforms.cost`.
    """
    plan = make_plan(filter, dtype, filter.names(), algorithm="auto", size=size)
    told = plan.told(size)
    if plan.is_box:
        return told | {"why": "running sums of a box hardly grow with it"}
    if filter.is_gradient:
        return told | {"why": "a gradient's two kernels share each pixel in one pass"}
    if not installed():
        return told | {"why": "transforms need SciPy, which is not installed"}
    tiling = tile_of(plan, "transform", size)
    if tiling is None:
        return told | {"why": "rounding is not proved to give these integers"}
    told |= compared(plan.direct_cost(size), tiling)
    if not _fits(plan, tiling, size):
        told["why"] = "a row of tiles would be larger than a strip of a file"
    return told if _may_have_tiles(plan) else told | {"why": "a kernel of few taps is summed directly"}


def _may_have_tiles(plan: Plan) -> bool:
    """Whether it is worth asking what tiles cost: kernels that do not separate, or that have long lines."""
    if plan.filter.is_gradient or plan.is_box or not installed():
        return False
    return plan.is_dense or sum(_separate_taps(plan.filter["response"])) >= FEWEST_LINED


def checked_dtype(dtype) -> np.dtype:
    """Return an element type that results can have."""
    try:
        found = np.dtype(dtype)
    except TypeError as error:
        raise DtypeError(f"dtype: {dtype!r} is no element type. Expected one such as uint8 or float32.") from error
    if found.name not in DTYPES or found.name in ("bool", "float16"):
        raise DtypeError(f"dtype: results cannot be {found}. Expected integers, float32 or float64.")
    return found
