"""What data set is a folder with one sub-folder of images a class?

`FOLDER/train/CLASS/…` and `FOLDER/test/CLASS/…` where both exist; otherwise `FOLDER/CLASS/…`, of which a sixth of
every class, chosen by the names of the files, is for the test. Classes are in the order of their names.

Images keep their size if they all have the same one of at most 96 pixels a side; otherwise they become 28 × 28. They
are grey unless one of them has colours. What fits into a quarter of the memory is read once, the rest when needed.
Symbolic links that lead out of the folder are not followed, and one line on standard error says so.
"""

import os
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path

import numpy as np

from convolab.errors import InputError
from convolab.network.data.dataset import Dataset

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".pgm", ".ppm")
LARGEST_SIDE, USUAL_SIZE = 96, (28, 28)
SIDEWAYS = (5, 6, 7, 8)  # orientations of EXIF that exchange height and width


class ImageFiles:
    """Images read when asked for: item i is uint8 (C, H, W)."""

    def __init__(self, paths: list[Path], mode: str, size: tuple[int, int]) -> None:
        self.paths, self.mode, self.size = paths, mode, size

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, index: int) -> np.ndarray:
        return _read_image(self.paths[index], self.mode, self.size)

    def in_memory(self) -> np.ndarray:
        """All of them, (N, C, H, W)."""
        with ThreadPoolExecutor() as pool:
            return np.stack(list(pool.map(self.__getitem__, range(len(self)))))


def load_image_folder(folder: Path) -> Dataset:
    """The data set in a folder of images."""
    train, test = splits(folder)
    classes = sorted({path.parent.name for path in train})
    if strangers := {path.parent.name for path in test} - set(classes):
        raise InputError(f"{folder}: class {min(strangers)!r} is in test but not in train")
    if len(classes) < 2:
        raise InputError(f"{folder}: no data set. Expected four IDX files, or a sub-folder of images for each class")
    if not test:
        raise InputError(f"{folder}: {len(train)} images leave none for the test. Expected more, or train/ and test/")
    mode, size = _common_form([*train, *test])
    labels = [np.array([classes.index(path.parent.name) for path in paths], np.int64) for paths in (train, test)]
    files = [ImageFiles(paths, mode, size) for paths in (train, test)]
    fits = _memory_needed(files) <= _memory_allowed()
    images = [part.in_memory() if fits else part for part in files]
    return Dataset(str(folder), images[0], labels[0], images[1], labels[1], tuple(classes))


def splits(folder: Path) -> tuple[list[Path], list[Path]]:
    """The image files for training and for the test."""
    if (folder / "train").is_dir() and (folder / "test").is_dir():
        return inside(folder, "train/*/*"), inside(folder, "test/*/*")
    train, test = [], []
    for _, members in groupby(inside(folder, "*/*"), key=lambda path: path.parent):
        shuffled = sorted(members, key=lambda path: (zlib.crc32(path.name.encode()), path.name))
        count = len(shuffled) // 6 or min(1, len(shuffled) - 1)
        test += shuffled[:count]
        train += shuffled[count:]
    return train, test


def inside(folder: Path, pattern: str) -> list[Path]:
    """The image files of a folder that match, without those to which a link leads out of the folder."""
    found = sorted(path for path in folder.glob(pattern) if path.suffix.lower() in SUFFIXES)
    out = {parent for parent in {path.parent for path in found} if leads_out(parent, folder)}
    out |= {path for path in found if path.is_symlink() and path.parent not in out and leads_out(path, folder)}
    if out:
        names = sorted(str(path.relative_to(folder)) for path in out)
        said = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        print(f"{folder}: {said} left out. A link that leads out of the folder is not followed", file=sys.stderr)
    return [path for path in found if path not in out and path.parent not in out]


def leads_out(path: Path, folder: Path) -> bool:
    return not path.resolve().is_relative_to(folder.resolve())


def _common_form(paths: list[Path]) -> tuple[str, tuple[int, int]]:
    """Pillow's mode, L or RGB, and the size (H, W), for all of the images; only headers are read."""
    forms = {header(path) for path in paths}
    grey = all(mode == "L" for mode, _ in forms)
    sizes = {size for _, size in forms}
    size = sizes.pop() if len(sizes) == 1 else USUAL_SIZE
    return "L" if grey else "RGB", size if max(size) <= LARGEST_SIDE else USUAL_SIZE


def header(path: Path) -> tuple[str, tuple[int, int]]:
    """Whether an image is grey, L, or has colours, RGB, and its size (H, W), upright."""
    from PIL import Image

    try:
        if path.suffix.lower() in (".tif", ".tiff"):
            return _header_of_tiff(path)
        with Image.open(path) as image:
            grey = image.mode in ("1", "L", "LA", "F") or image.mode.startswith("I")
            size = (image.height, image.width)
            return "L" if grey else "RGB", size[::-1] if image.getexif().get(0x0112, 1) in SIDEWAYS else size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise _not_readable(path, error) from error


def _header_of_tiff(path: Path) -> tuple[str, tuple[int, int]]:
    from PIL import Image

    from convolab.errors import MissingDependencyError
    from convolab.pictures.tiff_rows import open_tiff

    try:
        rows = open_tiff(path, str(path))
        rows.close()
        return "L" if len(rows.shape) == 2 else "RGB", (rows.shape[0], rows.shape[1])
    except MissingDependencyError:
        with Image.open(path) as image:
            return "L" if image.mode in ("1", "L", "I;16", "I", "F") else "RGB", (image.height, image.width)


def _not_readable(path: Path, error: Exception) -> InputError:
    said = str(error).removeprefix(f"{path}: ")
    return (
        error
        if isinstance(error, InputError) and "not a readable" in said
        else InputError(f"{path}: not a readable image ({said})")
    )


def _read_image(path: Path, mode: str, size: tuple[int, int]) -> np.ndarray:
    """One image as uint8 (C, H, W), as `pictures` reads it; of deeper samples their upper 8 bits.

    What is transparent is laid on white, and on black where what shows is light.
    """
    from PIL import Image

    from convolab.pictures.eight_bits import eight_bits

    try:
        image = Image.fromarray(eight_bits(path))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise _not_readable(path, error) from error
    array = np.asarray(image.convert(mode).resize(size[::-1], Image.Resampling.BOX))
    return np.ascontiguousarray(array[None] if array.ndim == 2 else array.transpose(2, 0, 1))


def _memory_needed(splits: list[ImageFiles]) -> int:
    """Bytes of all images."""
    return sum(len(part) * part.size[0] * part.size[1] * len(part.mode) for part in splits)


def _memory_allowed() -> int:
    """Bytes: a quarter of the memory, or what CONVOLAB_MEMORY (in MB) says."""
    if megabytes := os.environ.get("CONVOLAB_MEMORY", ""):
        if not megabytes.isdigit():
            raise InputError(f"CONVOLAB_MEMORY: {megabytes!r} is not a number of megabytes")
        return int(megabytes) << 20
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 4
    except (AttributeError, ValueError, OSError):
        return 1 << 30
