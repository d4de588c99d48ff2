"""Which file is read in strips? NumPy files, TIFFs and Zarr arrays, and anything that can be sliced like an array."""

from pathlib import Path

import numpy as np

from convolab.errors import InputError
from convolab.pictures.meaning import EVERYTHING, Meaning, Selection, chosen, first_of
from convolab.pictures.rows import ArraySource, FileSource, RowSource, identity_of, with_nan_rule
from convolab.pictures.tiff_rows import open_tiff
from convolab.pictures.zarr_arrays import is_zarr, open_zarr

SUFFIXES = (".npy", ".tif", ".tiff", ".zarr")


def open_source(
    source, choice: Selection = EVERYTHING, *, background: str = "white", nan: str = "refuse", each: bool = False
) -> RowSource:  # fmt: skip
    """Return a path or an array as a source of rows.

    Parameters
    ----------
    source : path or array
    choice : Selection
        Which picture of a file that holds several.
    background : str
        What transparent pixels are laid on, as Pillow names colours.
    nan : str
        `refuse` NaN that no tag explains, or take it for places without data, `nodata`.
    each : bool
        Whether every band is wanted of a picture whose bands are no colours.
    """
    if not isinstance(source, (str, Path)):
        return with_nan_rule(_of_array(source), nan, "image")
    path = Path(source)
    try:
        return with_nan_rule(_open_path(path, choice, background, nan, each), nan, str(path))
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: cannot be read: {reason}") from error


def _of_array(array) -> RowSource:
    if not (hasattr(array, "shape") and hasattr(array, "dtype")):
        array = np.asarray(array)
    return ArraySource(array, identity=f"{tuple(array.shape)} {array.dtype}")


def in_strips(path: Path) -> bool:
    """Return whether a file is one of those that are read in strips, by its name."""
    return path.suffix.lower() in SUFFIXES or is_zarr(path)


def _open_path(path: Path, choice: Selection, background: str, nan: str, each: bool) -> RowSource:
    suffix = path.suffix.lower()
    if suffix == ".zarr" or is_zarr(path):
        return open_zarr(path, choice, each=each)
    if suffix == ".npy":
        return planes_of(_numpy_file(path), choice, str(path))
    if suffix in SUFFIXES:
        return open_tiff(path, str(path), choice, background, masked=nan == "nodata", each=each)
    raise InputError(f"{path}: only {', '.join(SUFFIXES)} are read in strips")


def planes_of(source: RowSource, choice: Selection, name: str) -> RowSource:
    """Return one plane of an array of more axes where `frame` or `z` asks for it, and one band where `band` does."""
    from convolab.pictures.rows import Corrected

    for argument in ("series", "level"):
        if argument in choice.given():
            raise InputError(f"{name}: {argument} is asked for, and an array has none")
    wanted = choice.frame if choice.frame is not None else choice.z
    if wanted is not None:
        if len(source.shape) < 3:
            raise InputError(f"{name}: frame {wanted} is asked for, and the array is one plane, shape {source.shape}")
        source.close()
        array = np.load(name, mmap_mode="r", allow_pickle=False)
        at = chosen(name, "frame", wanted, array.shape[0], "frames")
        meaning = Meaning(array.dtype, notes=first_of(wanted, array.shape[0], "frames"))
        source = ArraySource(array[at], source.identity + f" {at}", meaning=meaning)
    if choice.band is not None:
        count = source.shape[2] if len(source.shape) == 3 else 1
        at = chosen(name, "band", choice.band, count, "bands")
        if len(source.shape) == 3:
            meaning = source.meaning.noting(*first_of(choice.band, count, "bands"))
            source = Corrected(source, lambda rows, _: rows[..., at], source.shape[:2], source.dtype, meaning)
            source.identity += f" band {at}"
    return source


def _numpy_file(path: Path) -> RowSource:
    with path.open("rb") as file:
        version = np.lib.format.read_magic(file)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        try:
            shape, fortran, dtype = read(file)
        except Exception as error:  # a header is Python, which may be damaged in any way
            raise InputError(f"{path}: damaged NumPy file: {str(error).splitlines()[0]}") from error
        if dtype.hasobject:
            raise InputError(f"{path}: holds Python objects. Expected numbers")
        if (fortran and len(shape) > 1) or len(shape) < 2:
            return ArraySource(np.load(path, mmap_mode="r"), identity_of(path))
        return FileSource(path, shape, dtype, file.tell())
