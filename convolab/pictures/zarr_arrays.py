"""Which array of a Zarr store is the picture? The store's own, one of its group, or a level of an OME-Zarr."""

from pathlib import Path

from convolab.errors import InputError
from convolab.pictures.carried import MILLIMETRES
from convolab.pictures.meaning import Meaning, Selection, chosen, first_of
from convolab.pictures.rows import ArraySource, RowSource, identity_of
from convolab.pictures.targets import import_zarr

LONG_NAMES = {"micrometer": 1e-3, "millimeter": 1.0, "nanometer": 1e-6, "meter": 1000.0, "centimeter": 10.0}


def is_zarr(path: Path) -> bool:
    """Return whether a folder is an array or a group of Zarr, whatever it is called."""
    return any((path / name).is_file() for name in ("zarr.json", ".zarray", ".zgroup"))


def open_zarr(path: Path, choice: Selection, *, each: bool = False) -> RowSource:
    """Return the picture of a store, or of an array or a group inside one, as a source of rows."""
    zarr = import_zarr()
    try:
        found = zarr.open(str(path), mode="r")
    except Exception as error:
        raise InputError(f"{path}: cannot be read as Zarr: {error or type(error).__name__}") from error
    if hasattr(found, "shape"):
        return _picture(found, path, choice, "", Meaning(found.dtype), each)
    if "ome" in found.attrs or "multiscales" in found.attrs:
        return _of_ome(found, path, choice, each)
    arrays = sorted((name, array) for name, array in found.arrays())
    if not arrays:
        groups = ", ".join(sorted(name for name, _ in found.groups())[:5])
        inside = f" It holds the groups {groups}; name one of them" if groups else ""
        raise InputError(f"{path}: is a Zarr group without an array. Expected a picture.{inside}")
    at = chosen(str(path), "series", choice.series, len(arrays), "arrays")
    notes = first_of(choice.series, len(arrays), f"arrays of the group, {arrays[at][0]}")
    return _picture(arrays[at][1], path, choice, "", Meaning(arrays[at][1].dtype, notes=notes), each)


def _of_ome(group, path: Path, choice: Selection, each: bool) -> RowSource:
    """Return a level of an OME-Zarr, with the names of its axes and the size of a pixel."""
    try:
        pictures = dict(group.attrs).get("ome", dict(group.attrs))["multiscales"]
        picture = pictures[chosen(str(path), "series", choice.series, len(pictures), "series")]
        levels = picture["datasets"]
        at = chosen(str(path), "level", choice.level, len(levels), "levels")
        axes = [axis if isinstance(axis, str) else axis["name"] for axis in picture.get("axes", [])]
        units = [axis.get("unit", "") if isinstance(axis, dict) else "" for axis in picture.get("axes", [])]
        scales = [one["scale"] for one in levels[at].get("coordinateTransformations", ()) if one["type"] == "scale"]
        array = group[levels[at]["path"]]
    except InputError:
        raise
    except Exception as error:
        raise InputError(f"{path}: its OME description is damaged: {error or type(error).__name__}") from error
    factors = MILLIMETRES | LONG_NAMES
    known = len(axes) >= 2 and scales and len(scales[0]) == len(axes) and units[-2] in factors and units[-1] in factors
    spacing = tuple(float(scales[0][n]) * factors[units[n]] for n in (-2, -1)) if known else None
    notes = first_of(choice.series, len(pictures), "series")
    notes += () if at == 0 else (f"took level {at} of {len(levels)}",)
    meaning = Meaning(array.dtype, spacing=spacing, unit="mm" if spacing else "", notes=notes)  # type: ignore[arg-type]
    return _picture(array, path, choice, "".join(axes), meaning, each)


def _picture(array, path: Path, choice: Selection, axes: str, meaning: Meaning, each: bool) -> RowSource:
    """Return the plane of an array that is asked for; `axes` are one letter each, or unknown."""
    identity = f"{identity_of(path)} {array.name} {choice}"
    shape = tuple(array.shape)
    if len(shape) < 2:
        raise InputError(f"{path}: has shape {shape}. Expected (H, W), or (H, W, 3) with colours last")
    if len(axes) != len(shape):
        return _unnamed(array, path, choice, identity, meaning)
    if axes[-2:] != "yx":
        raise InputError(f"{path}: its axes are {', '.join(axes)}. Expected them to end with y, x")
    options = {"t": "frame", "c": "band", "z": "z"}
    prefix: list[int] = []
    notes: list[str] = []
    for axis, size in zip(axes[:-2], shape[:-2], strict=True):
        argument = options.get(axis, "frame")
        wanted = getattr(choice, argument)
        prefix.append(chosen(str(path), argument, wanted, size, f"places along {axis}"))
        notes += first_of(wanted, size, f"places along {axis}")
    return ArraySource(array, identity, array.chunks[-2], meaning.noting(*notes), tuple(prefix))


def _unnamed(array, path: Path, choice: Selection, identity: str, meaning: Meaning) -> RowSource:
    from convolab.pictures.rows import Corrected

    prefix: tuple[int, ...] = ()
    wanted = choice.frame if choice.frame is not None else choice.z
    if wanted is not None:
        if array.ndim < 3:
            raise InputError(f"{path}: frame {wanted} is asked for, and the array is one plane, shape {array.shape}")
        prefix = (chosen(str(path), "frame", wanted, array.shape[0], "frames"),)
        meaning = meaning.noting(*first_of(wanted, array.shape[0], "frames"))
    source: RowSource = ArraySource(array, identity, array.chunks[len(prefix)], meaning, prefix)
    if choice.band is not None and len(source.shape) == 3:
        at = chosen(str(path), "band", choice.band, source.shape[2], "bands")
        meaning = meaning.noting(*first_of(choice.band, source.shape[2], "bands"))
        return Corrected(source, lambda rows, _: rows[..., at], source.shape[:2], source.dtype, meaning)
    return source
