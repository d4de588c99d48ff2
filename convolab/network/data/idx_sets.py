"""Which IDX files of a folder are a data set, and how do they lie?

MNIST's four names, plain or compressed; or the names of EMNIST (`emnist-letters-train-images-idx3-ubyte`), whose images
lie on their side and whose letters are numbered from 1, and of QMNIST, whose labels have eight columns.
"""

import re
from pathlib import Path

import numpy as np

from convolab.errors import InputError
from convolab.network.data.dataset import PARTS, Dataset, from_arrays
from convolab.network.data.idx import SUFFIXES, read_idx
from convolab.network.data.numbers import counted

_NAMED = re.compile(r"(?P<set>.+?)-(?P<split>train|test)-(?P<kind>images|labels)-idx\d-[a-z]+(\.gz|\.xz)?")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# The classes of EMNIST in the order of their labels. Source: G. Cohen et al., EMNIST: an extension of MNIST to
# handwritten letters (2017), table II and its mapping files: 15 small letters that look like their capitals are merged.
_CAPITALS = "0123456789" + _LETTERS
_EMNIST = {
    "digits": "0123456789",
    "mnist": "0123456789",
    "letters": _LETTERS,
    "balanced": _CAPITALS + "abdefghnqrt",
    "bymerge": _CAPITALS + "abdefghnqrt",
    "byclass": _CAPITALS + _LETTERS.lower(),
}


def part_path(folder: Path, part: str) -> Path | None:
    """The file of a part in a folder, under whichever of its names."""
    names = (f"{name}{suffix}" for name in PARTS[part] for suffix in SUFFIXES)
    return next((folder / name for name in names if (folder / name).is_file()), None)


def read_four(folder: Path) -> dict[str, np.ndarray]:
    """The four arrays of a folder of IDX files with MNIST's names."""
    paths = {part: part_path(folder, part) for part in PARTS}
    if missing := [PARTS[part][0] for part, path in paths.items() if path is None]:
        raise InputError(f"{folder}: {', '.join(missing)} (or .gz, .xz) is missing. Expected the four IDX files")
    return {part: read_idx(path) for part, path in paths.items() if path}


def load_idx_folder(folder: Path) -> Dataset | None:
    """The data set of a folder's IDX files; None where it has none."""
    if any(part_path(folder, part) for part in PARTS):
        return _numbered(str(folder), read_four(folder), ())
    sets = _named_sets(folder)
    if not sets:
        return None
    if len(sets) > 1:
        raise InputError(
            f"{folder}: holds {len(sets)} data sets, {', '.join(sorted(sets))}. Bring one into a folder of its own"
        )
    ((name, paths),) = sets.items()
    arrays = {part: read_idx(path) for part, path in paths.items()}
    return _emnist(folder, name, arrays) if name.startswith("emnist-") else _qmnist(folder, arrays)


def _named_sets(folder: Path) -> dict[str, dict[str, Path]]:
    """The complete sets of four among files that begin with the set's name."""
    sets: dict[str, dict[str, Path]] = {}
    for path in sorted(folder.iterdir()):
        if match := _NAMED.fullmatch(path.name):
            sets.setdefault(match["set"], {})[f"{match['split']}_{match['kind']}"] = path
    for name, paths in sets.items():
        if missing := sorted(set(PARTS) - set(paths)):
            said = " and ".join(part.replace("_", " ") for part in missing)
            raise InputError(f"{folder}: the {said} of {name} are missing. Expected its four IDX files")
    return sets


def _numbered(name: str, arrays: dict[str, np.ndarray], notes: tuple[str, ...]) -> Dataset:
    """A data set whose classes are named by their numbers, from 0 or 1."""
    labels = [arrays["train_labels"], arrays["test_labels"]]
    if not all(
        _are_labels(*(arrays[f"{split}_{kind}"] for kind in ("labels", "images"))) for split in ("train", "test")
    ):
        return from_arrays(name, arrays, tuple(map(str, range(256))), notes)  # which says what is wrong
    first, count = counted(labels, name)
    moved = {part: array - first if first and part.endswith("labels") else array for part, array in arrays.items()}
    return from_arrays(name, moved, tuple(str(k) for k in range(first, first + count)), notes)


def _are_labels(labels: np.ndarray, images: np.ndarray) -> bool:
    plain = labels.dtype.kind in "iu" and labels.ndim == 1
    return plain and len(labels) == len(images) > 0 and labels.min() >= 0


def _emnist(folder: Path, name: str, arrays: dict[str, np.ndarray]) -> Dataset:
    """A set of EMNIST, stood upright."""
    upright = {k: v.transpose(0, 2, 1) if k.endswith("images") and v.ndim == 3 else v for k, v in arrays.items()}
    notes = (f"{name}: images lie on their side, and are stood upright",)
    found = _numbered(str(folder), upright, notes)
    names = tuple(_EMNIST.get(name.removeprefix("emnist-"), ""))
    fits = len(names) == len(found.classes)
    return Dataset(**{**vars(found), "classes": names}) if fits else found


def _qmnist(folder: Path, arrays: dict[str, np.ndarray]) -> Dataset:
    """A set whose labels may have further columns, as QMNIST's: the class is in the first."""
    wide = [part for part in ("train_labels", "test_labels") if arrays[part].ndim == 2]
    notes = tuple(f"{part.replace('_', ' ')}: took the first of {arrays[part].shape[1]} columns" for part in wide)
    return _numbered(str(folder), arrays | {part: arrays[part][:, 0] for part in wide}, notes)
