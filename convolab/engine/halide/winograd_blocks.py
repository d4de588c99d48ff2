"""How a result is cut into tiles, and how many of them are worked on together: a block."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isqrt
from typing import Any

from convolab.engine.halide.machine import Machine

TILE = 2  # outputs of a tile along each axis
MOST = 256  # tiles of a block at most, where each tile is multiplied by all kernels
MANY = 800  # tiles of a block at most, where products are summed over the tiles
REGISTERS = 3  # registers of tiles whose sums are kept at a time
OVERHEAD = 24  # what starting a block costs, in tiles


def rounded_up(number: int, multiple: int) -> int:
    """The smallest multiple that is not less than the number."""
    return -(-number // multiple) * multiple


def divisors(number: int) -> list[int]:
    """All divisors, in ascending order."""
    small = [d for d in range(1, isqrt(number) + 1) if number % d == 0]
    return sorted({*small, *(number // d for d in small)})


def divisor(number: int, most: int) -> int:
    """The largest divisor that is at most `most`, or 1."""
    return max(d for d in divisors(number) if d <= max(1, most))


def tiles_of(extents: tuple[int, ...]) -> int:
    """How many tiles an image of that width and height has."""
    return -(-extents[0] // TILE) * -(-extents[1] // TILE)


@dataclass(frozen=True)
class Panels:
    """Whether a block has groups of `REGISTERS` registers of tiles, and how many registers are left apart from them."""

    groups: bool
    left: int


class Blocks:
    """Blocks of tiles as formulas know them: integers and Halide's expressions are taken alike.

    Attributes
    ----------
    columns, height : size
        Tiles of a row, and rows of tiles of an image.
    rows, images : size
        A block is so many rows of tiles of each of so many images.
    written : size
        Tiles of a row, rounded up to whole registers, whose last lanes lie in the next row or behind the last one.
    registers : size
        Registers of tiles of a block.
    groups : size
        Groups of `REGISTERS` registers among them.
    over_rows, over_images : size
        How many blocks there are.
    """

    def __init__(self, sizes: Mapping[str, Any], panels: Panels, lanes: int):
        self.columns, self.height, self.rows, self.images = (sizes[name] for name in BLOCK[:4])
        self.written, self.registers, self.over_rows, self.over_images = (sizes[name] for name in BLOCK[4:])
        self.full = sizes.get("register_groups", 0)
        self.kind, self.lanes = panels, lanes

    @property
    def room(self) -> Any:
        """Places for tiles in a block, with a register's worth behind the last one."""
        return (self.registers + 1) * self.lanes

    def panels(self) -> list[tuple[int, Any]]:
        """(registers taken at a time, how often): groups of three, and the one or two that are left."""
        return [(REGISTERS, self.full)] * self.kind.groups + [(self.kind.left, 1)] * (self.kind.left > 0)

    def number(self, column: Any, row: Any, image: Any) -> Any:
        """The number that a tile has in its block."""
        return column + self.columns * (row + self.rows * image)

    def place(self, column: Any, row: Any, image: Any) -> tuple[Any, Any, Any]:
        """For a tile of the whole result: its number in its block, the block of rows and the block of images."""
        number = self.number(column, row % self.rows, image % self.images)
        return number, row / self.rows, image / self.images


BLOCK = "tile_columns tile_rows block_rows block_images written registers blocks_of_rows blocks_of_images".split()


class Tiling:
    """The tiles of a result, and blocks of them: `rows` rows of tiles of each of `images` images.

    One number counts the tiles of a block, so that neighbouring lanes may hold tiles of two rows or of two images.
    `whole` asks for blocks of whole images. `many` is for sums over the tiles: all threads work on one block, and the
    blocks follow each other. Otherwise blocks are cut so that all threads have work; no result depends on that.
    """

    def __init__(self, extents: tuple[int, ...], machine: Machine, many: bool = False, whole: bool = False):
        width, height, _, self.groups, self.batch = extents
        self.columns, self.height = -(-width // TILE), -(-height // TILE)
        self.lanes, self.threads, self.most = machine.lanes, 1 if many else machine.threads, MANY if many else MOST
        candidates = [(rows, images) for rows, images in self._candidates() if rows == self.height or not whole]
        self.rows, self.images = min(candidates, key=self._time)
        self.tiles = self.columns * self.rows * self.images
        self.written = rounded_up(self.columns, self.lanes)
        self.blocks_of_rows, self.blocks_of_images = -(-self.height // self.rows), -(-self.batch // self.images)
        self.blocks = self.blocks_of_rows * self.blocks_of_images * self.groups

    def sizes(self) -> tuple[Panels, dict[str, int]]:
        """What compiled code knows of the blocks, and the sizes that a call brings."""
        registers = rounded_up(self.tiles, self.lanes) // self.lanes
        groups, left = divmod(registers, REGISTERS)
        counts = self.columns, self.height, self.rows, self.images, self.written, registers
        sizes = dict(zip(BLOCK, (*counts, self.blocks_of_rows, self.blocks_of_images), strict=True))
        return Panels(groups > 0, left), sizes | ({"register_groups": groups} if groups else {})

    def _candidates(self) -> Iterator[tuple[int, int]]:
        """Blocks as (rows of tiles, images): some rows of one image, or several whole images."""
        row, image = self.columns, self.columns * self.height
        yield 1, 1
        yield from ((rows, 1) for rows in range(2, self.height + 1) if row * rows <= self.most)
        yield from ((self.height, images) for images in range(2, self.batch + 1) if image * images <= self.most)

    def _time(self, block: tuple[int, int]) -> float:
        """The time, in tiles, of the blocks that one thread computes one after another."""
        rows, images = block
        blocks = -(-self.height // rows) * -(-self.batch // images) * self.groups
        return -(-blocks // self.threads) * (rounded_up(self.columns * rows * images, self.lanes) + OVERHEAD)
