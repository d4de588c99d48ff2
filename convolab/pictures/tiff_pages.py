"""Which page of a TIFF is the picture? The one of full resolution, no thumbnail and no mask; or the one asked for."""

from math import prod
from typing import NamedTuple

from convolab.errors import InputError
from convolab.pictures.meaning import Selection, chosen, first_of

REDUCED, MASKS = 1, 4  # bits of NewSubfileType


class Found(NamedTuple):
    """A page, which of its planes in depth, the page that is its mask, and what is to be said about the choice."""

    page: object
    z: int
    mask: object | None
    notes: tuple[str, ...]


def find_page(tiff, choice: Selection, name: str) -> Found:
    """Return the page of a tifffile that is meant."""
    if choice.series is not None or choice.level is not None or _is_stack(tiff):
        page, z, notes = _in_series(tiff, choice, name)
    else:
        page, notes = _among_pages(tiff, choice, name)
        z = None
    depth = page.shaped[1]
    if depth > 1:
        z = chosen(name, "z", choice.z, depth, "planes")
        notes = (*notes, *first_of(choice.z, depth, "planes"))
    elif choice.z is not None and z is None:
        raise InputError(f"{name}: z {choice.z} is asked for, and the file has one plane")
    return Found(page, z if depth > 1 else 0, _mask_of(tiff, page), notes)


def _is_stack(tiff) -> bool:
    """Return whether the file itself says what its pages are: OME-TIFF and ImageJ do, and tifffile's own files."""
    return bool(tiff.is_ome or tiff.is_imagej or (tiff.is_shaped and len(tiff.pages) > 1))


def _among_pages(tiff, choice: Selection, name: str):
    """Return the page of a file whose pages are pictures one by one."""
    pages = [page for page in map(_whole, tiff.pages) if not page.subfiletype & MASKS]
    if not pages:
        raise InputError(f"{name}: holds a mask alone. Expected a picture")
    if choice.frame is not None:
        at = chosen(name, "frame", choice.frame, len(pages), "frames")
        return pages[at], first_of(choice.frame, len(pages), "frames")
    first = pages[0]
    if not first.subfiletype & REDUCED:
        return first, first_of(None, len(pages), "frames")
    candidates = [*pages, *(_whole(sub) for page in pages for sub in page.pages or ())]
    whole = [page for page in candidates if not page.subfiletype & (REDUCED | MASKS)] or candidates
    best = max(whole, key=lambda page: page.imagewidth * page.imagelength)
    if best is first:
        return first, first_of(None, len(pages), "frames")
    said = f"took the picture of full resolution, {_size(best)}; the first page is a reduced one of {_size(first)}"
    return best, (said,)


def _in_series(tiff, choice: Selection, name: str):
    """Return the page of a file whose pages are planes along axes, such as time, channel and depth."""
    try:
        series = tiff.series
        wanted = series[chosen(name, "series", choice.series, len(series), "series")]
        levels = wanted.levels
        level = levels[chosen(name, "level", choice.level, len(levels), "levels")]
        notes = first_of(choice.series, len(series), "series")
        notes += () if choice.level in (None, 0) else (f"took level {choice.level} of {len(levels)}, {level.shape}",)
        index, z, more = _plane_in(level, choice, name)
        page = level.pages[index]
    except InputError:
        raise
    except Exception as error:
        raise InputError(f"{name}: its series cannot be read: {error or type(error).__name__}") from error
    if page is None:
        raise InputError(f"{name}: the page that is asked for is not in this file")
    return _whole(page), z, (*notes, *more)


def _plane_in(level, choice: Selection, name: str) -> tuple[int, int | None, tuple[str, ...]]:
    """Return which page of a series is asked for, the plane in depth if an axis says so, and what is to be said.

    `--z` and `--band` count along the axes Z and C where the series has them; `--frame` counts what is left.
    """
    page = level.keyframe
    inner = len(page.shape)
    names, sizes = level.axes[:-inner] if len(level.axes) > inner else "", level.shape[: len(level.shape) - inner]
    axes = list(zip(names, sizes, strict=True))
    options = {axis: option for axis, option in (("Z", "z"), ("C", "band")) if getattr(choice, option) is not None}
    frames = prod(size for axis, size in axes if axis not in options)
    frame, rest = chosen(name, "frame", choice.frame, frames, "frames"), frames
    index, z = 0, None
    notes: list[str] = []
    for axis, size in axes:
        if axis in options:
            wanted, what = getattr(choice, options[axis]), {"Z": "planes", "C": "bands"}[axis]
            place = chosen(name, options[axis], wanted, size, what)
            z = place if axis == "Z" else z
            notes += first_of(wanted, size, what)
        else:
            rest //= size
            place, frame = divmod(frame, rest)
        index = index * size + place
    return index, z, (*notes, *first_of(choice.frame, frames, "frames"))


def band_in_page(tiff, choice: Selection) -> int | None:
    """Return the band that is still to be chosen within a page: none where the pages themselves are the bands."""
    if choice.band is None or not _is_stack(tiff):
        return choice.band
    series = tiff.series[choice.series or 0]
    inner = len(series.keyframe.shape)
    return None if "C" in series.axes[: len(series.axes) - inner] else choice.band


def _whole(page):
    return page.aspage() if getattr(page, "is_frame", False) else page


def _size(page) -> str:
    return f"{page.imagewidth} × {page.imagelength}"


def _mask_of(tiff, page):
    """Return the page that says where the picture has data, if the file holds one of its size."""
    if len(tiff.pages) < 2:
        return None
    for other in map(_whole, tiff.pages):
        if other.subfiletype & MASKS and (other.imagewidth, other.imagelength) == (page.imagewidth, page.imagelength):
            return other
    return None
