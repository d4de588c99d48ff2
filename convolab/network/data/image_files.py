"""What do the pictures of a data set have in common, and what does the network see of each?

Every picture is read once to find out, by the reader that `predict` uses: upright, opaque, deep values stretched to
the full range. They become grey unless one of them has colours: that is decided by the pixels. Pictures of one size
keep it up to 96 pixels a side; larger ones are reduced by a whole factor until their longer side has no more than 64,
smaller ones enlarged until the networks take them, and pictures of several sizes become 28 × 28. What fits into a
quarter of the memory stays there, the rest is read when needed, with the same result.
"""

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from convolab.errors import InputError
from convolab.network.data.sizes import USUAL, form_of, own_size, resized
from convolab.pictures import photographs

GREY = 5 / 255  # red, green and blue that differ by no more are grey: what rounding makes of it in a file
_NAMED = 20  # damaged files in one message

# Called with the number of pictures that are read, and of all.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class _ImageForm:
    """The form of a data set's images: whether they have colours, and their size (H, W)."""

    colours: bool
    size: tuple[int, int]

    @property
    def bytes(self) -> int:
        """Of one image."""
        return self.size[0] * self.size[1] * (3 if self.colours else 1)

    def __call__(self, small: np.ndarray) -> np.ndarray:
        """A picture as `_read_small` gives it, uint8 (C, H, W)."""
        if self.colours and small.ndim == 2:
            small = np.repeat(small[..., None], 3, 2)
        planes = small.transpose(2, 0, 1) if small.ndim == 3 else small[None]
        return np.stack([resized(plane, self.size) for plane in planes])


class ImageFiles:
    """Images read when asked for: item i is uint8 (C, H, W). `digest` is the SHA-256 of what all of them show."""

    def __init__(self, paths: Sequence[Path], form: _ImageForm, digest: str = "") -> None:
        self.paths, self.form, self.digest = list(paths), form, digest

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, index: int) -> np.ndarray:
        return self.form(_read_small(self.paths[index])[0])


@dataclass
class _Survey:
    """What reading every picture once has shown; `kept` holds them all, or is None where they were too many."""

    kept: list[np.ndarray] | None = field(default_factory=list)
    sizes: Counter = field(default_factory=Counter)
    coloured: int = 0
    notes: dict[str, tuple[int, str]] = field(default_factory=dict)
    damaged: list[str] = field(default_factory=list)
    digests: list[bytes] = field(default_factory=list)

    def digest(self, start: int, count: int) -> str:
        """The SHA-256 of what a run of pictures shows."""
        return hashlib.sha256(b"".join(self.digests[start : start + count])).hexdigest()


def read_pictures(
    splits: Sequence[Sequence[Path]], name: str, progress: Progress | None = None
) -> tuple[list[np.ndarray | ImageFiles], list[str]]:
    """Read the pictures of several splits in one form.

    Parameters
    ----------
    splits : sequences of Path
    name : str
        Of the data set, for messages.
    progress : callable, optional

    Returns
    -------
    images : list
        For each split uint8 (N, C, H, W), or where they do not fit into the memory allowed, `ImageFiles`.
    notes : list of str
        What was done to make them alike, one sentence each.

    Raises
    ------
    InputError
        Files are damaged; the message names them.
    """
    paths = [path for split in splits for path in split]
    survey = _look_at(paths, progress)
    if survey.damaged:
        more = len(survey.damaged) - _NAMED
        raise InputError("; ".join(survey.damaged[:_NAMED]) + (f"; and {more} more" if more > 0 else ""))
    form = _common_form(survey)
    kept = survey.kept
    if kept is None or len(paths) * form.bytes > _memory_allowed():
        starts = np.cumsum([0, *map(len, splits)]).tolist()
        digests = [survey.digest(start, len(split)) for start, split in zip(starts, splits, strict=False)]
        files = [ImageFiles(split, form, digest) for split, digest in zip(splits, digests, strict=True)]
        return list(files), _told(survey, form, len(paths))
    images, start = [], 0
    for split in splits:
        made = [form(small) for small in kept[start : start + len(split)]]
        images.append(np.stack(made) if made else np.empty((0, 3 if form.colours else 1, *form.size), np.uint8))
        start += len(split)
    return list(images), _told(survey, form, len(paths))


def _look_at(paths: list[Path], progress: Progress | None) -> _Survey:
    """Read every picture once."""
    survey, allowed, used = _Survey(), _memory_allowed(), 0
    for done, (small, size, notes, trouble) in enumerate(_each(paths), start=1):
        if progress:
            progress(done, len(paths))
        if trouble:
            survey.damaged.append(trouble)
            continue
        survey.sizes[size] += 1
        survey.coloured += small.ndim == 3
        survey.digests.append(hashlib.sha256(small.tobytes() + str(small.shape).encode()).digest())
        for note in notes:
            kind = " ".join(note.split()[:2]) if any(c.isdigit() for c in note) else note
            count, example = survey.notes.get(kind, (0, note))
            survey.notes[kind] = (count + 1, example)
        used += small.nbytes
        if used > allowed:
            survey.kept = None
        if survey.kept is not None:
            survey.kept.append(small)
    return survey


def _each(paths: list[Path]) -> Iterator[tuple[np.ndarray, tuple[int, int], list[str], str]]:
    """The pictures in order, read side by side a few hundred at a time, or what is wrong with one."""

    def one(path: Path) -> tuple[np.ndarray, tuple[int, int], list[str], str]:
        try:
            return (*_read_small(path), "")
        except InputError as error:
            return np.empty(0), (0, 0), [], str(error)

    with ThreadPoolExecutor() as pool:
        for start in range(0, len(paths), 256):
            yield from pool.map(one, paths[start : start + 256])


def _read_small(path: Path) -> tuple[np.ndarray, tuple[int, int], list[str]]:
    """A picture in the size that its own size leads to, uint8 (H, W) or (H, W, 3); its size (H, W); and notes."""
    try:
        picture = photographs.read(path)
    except InputError as error:
        raise InputError(f"{path}: not a readable image ({str(error).removeprefix(f'{path}: ')})") from error
    return _small(picture)


def _small(picture: photographs.Picture) -> tuple[np.ndarray, tuple[int, int], list[str]]:
    """What `_read_small` gives, of a picture that is decoded."""
    pixels = picture.pixels
    if pixels.ndim == 3 and np.ptp(pixels, axis=2).max() <= GREY:
        pixels = pixels[..., 1]
    target = own_size(picture.size)
    if pixels.shape[:2] != target:
        planes = [pixels] if pixels.ndim == 2 else list(np.moveaxis(pixels, 2, 0))
        shrunk = [
            Image.fromarray(p).resize(target[::-1], Image.Resampling.BOX) for p in map(np.ascontiguousarray, planes)
        ]
        pixels = np.asarray(shrunk[0]) if len(shrunk) == 1 else np.stack([np.asarray(s) for s in shrunk], -1)
    return np.round(np.clip(pixels, 0, 1) * 255).astype(np.uint8), picture.size, picture.notes


def decoded_pictures(contents: Sequence[bytes], name: str) -> np.ndarray:
    """Encoded pictures in one form, uint8 (N, C, H, W)."""
    survey, kept = _Survey(), []
    for number, content in enumerate(contents):
        small, size, _ = _small(photographs.decode(content or b"", name=f"{name}, picture {number}"))
        kept.append(small)
        survey.sizes[size] += 1
        survey.coloured += small.ndim == 3
    form = _common_form(survey)
    return np.stack([form(small) for small in kept])


def _common_form(survey: _Survey) -> _ImageForm:
    sizes = list(survey.sizes)
    return _ImageForm(survey.coloured > 0, form_of(sizes[0]) if len(sizes) == 1 else USUAL)


def _told(survey: _Survey, form: _ImageForm, count: int) -> list[str]:
    """What was done to make the pictures alike."""
    notes = [f"{'all' if n == count else f'{n:,} of'} {count:,} pictures: {note}" for n, note in survey.notes.values()]
    if 0 < survey.coloured < count:
        notes.append(f"{survey.coloured:,} of {count:,} pictures have colours, so all are read in red, green and blue")
    sizes, became = survey.sizes, f"{form.size[1]} × {form.size[0]}"
    if len(sizes) > 1:
        common = " or ".join(f"{width} × {height}" for (height, width), _ in sizes.most_common(2))
        others = len(sizes) - 2
        more = f", and {others} other size{'s' * (others > 1)}" if others else ""
        notes.append(f"pictures of {common} pixels{more} become {became}")
    elif form.size not in sizes:
        ((height, width),) = sizes
        notes.append(f"pictures of {width} × {height} pixels become {became}")
    return notes


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
