"""What data set is a folder with one sub-folder of images a class?

`layout` says which pictures belong to it, `image_files` what becomes of them. Classes are in the order of their names.
"""

import sys
from pathlib import Path

import numpy as np

from convolab.errors import InputError
from convolab.network.data.dataset import Dataset
from convolab.network.data.image_files import ImageFiles as ImageFiles
from convolab.network.data.image_files import Progress, read_pictures
from convolab.network.data.layout import FolderLayout, Labelled


def load_image_folder(folder: Path, found: FolderLayout, progress: Progress | None = None) -> Dataset:
    """The data set in a folder of images, laid out; what was left out is said on standard error."""
    for line in found.left_out():
        print(f"{folder}: {line}", file=sys.stderr)
    classes = _classes(folder, found)
    splits: tuple[list[Labelled], list[Labelled]] = (found.train, found.test)
    images, notes = read_pictures([[path for path, _ in split] for split in splits], str(folder), progress)
    numbers = {name: number for number, name in enumerate(classes)}
    labels = [np.array([numbers[name] for _, name in split], np.int64) for split in splits]
    said = f"{found.divided}: {len(found.test):,} of {len(found.train) + len(found.test):,} pictures"
    return Dataset(str(folder), images[0], labels[0], images[1], labels[1], classes, (said, *notes))


def _classes(folder: Path, found: FolderLayout) -> tuple[str, ...]:
    """The names of the classes, once it is known that the folder holds a data set."""
    classes = sorted({name for _, name in found.train})
    if strangers := sorted({name for _, name in found.test} - set(classes)):
        raise InputError(f"{folder}: class {strangers[0]!r} is in test but not in train")
    if len(classes) < 2:
        raise InputError(f"{folder}: no data set. Expected four IDX files, or a sub-folder of images for each class")
    if not found.test:
        raise InputError(
            f"{folder}: {len(found.train)} images leave none for the test. Expected more, or train/ and test/"
        )
    return tuple(classes)
