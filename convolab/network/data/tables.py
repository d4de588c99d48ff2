"""What data set is in a file of arrays (.npz) or in tables (CSV, parquet)?

    mnist.npz                       x_train, y_train, x_test, y_test, as Keras has them; or other names for the same
    train.csv and test.csv          a label and the pixels of a square in each row, with or without a line of names
    train-….parquet, test-….parquet a column of labels, and one of encoded pictures

Files that hold one split only leave a sixth for the test. What a file says of its sizes is compared with the bytes that
are there before anything is made of it.
"""

import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from convolab.errors import InputError, MissingDependencyError
from convolab.network.data.dataset import Dataset, from_splits
from convolab.network.data.idx import TRUSTED_BYTES, TRUSTED_GROWTH, opened
from convolab.network.data.image_files import decoded_pictures
from convolab.network.data.numbers import as_bytes, as_images, as_labels, hold_out

ENDINGS = (".npz", ".csv", ".csv.gz", ".parquet", ".tra", ".tes")
# The names that arrays of a .npz have, for images and labels.
ARRAYS = {
    "train": (("x_train", "train_images", "train_x", "X_train"), ("y_train", "train_labels", "train_y", "Y_train")),
    "test": (("x_test", "test_images", "test_x", "X_test"), ("y_test", "test_labels", "test_y", "Y_test")),
    "all": (("images", "x", "X", "data", "arr_0"), ("labels", "y", "Y", "target", "targets", "arr_1")),
}
LABELS = ("label", "labels", "class", "target", "y", "digit")
PICTURES = ("image", "img", "picture", "png", "bytes")

_Split = tuple[np.ndarray, np.ndarray]


def is_table(name: str) -> bool:
    return name.lower().endswith(ENDINGS)


def load_tables(paths: Sequence[Path], name: str) -> Dataset:
    """The data set in files of one kind.

    Raises
    ------
    InputError
        They cannot be read, are of several kinds, or hold no data set.
    """
    kinds = sorted({"".join(path.suffixes[-1:]).lower() for path in paths} - {".gz"})
    if len(paths) > 1 and (".npz" in kinds or len({_reader(path) for path in paths}) > 1):
        raise InputError(
            f"{name}: holds {', '.join(path.name for path in paths[:4])}. Expected one data set; give its file"
        )
    try:
        splits = _arrays(paths[0]) if kinds == [".npz"] else _tables(paths, name)
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{name}: not a readable table ({' '.join(str(error).split())})") from error
    notes = []
    if "test" in splits:
        images, labels = [list(part) for part in zip(splits["train"], splits["test"], strict=True)]
    else:
        images, labels, note = hold_out(*splits["train"])
        notes.append(note)
    pixels, said = as_bytes([as_images(split, name) for split in images], name)
    numbers, classes = as_labels(labels, name)
    return from_splits(name, pixels, numbers, classes, (*notes, *said))


def _reader(path: Path) -> str:
    return "parquet" if path.suffix.lower() == ".parquet" else "text"


# Files of arrays.


def _arrays(path: Path) -> dict[str, _Split]:
    """The splits in a .npz."""
    with zipfile.ZipFile(path) as archive:
        names = {
            Path(member.filename).stem: member for member in archive.infolist() if member.filename.endswith(".npy")
        }
        splits: dict[str, _Split] = {}
        for split, choices in ARRAYS.items():
            keys = [next((key for key in keys if key in names), None) for keys in choices]
            if keys[0] and keys[1]:
                images, labels = (_array(archive, names[key], path) for key in keys if key)
                splits[split] = images, labels
    if "train" not in splits and "all" in splits:
        splits["train"] = splits["all"]
    if "train" not in splits:
        raise InputError(
            f"{path}: holds {', '.join(sorted(names)) or 'no arrays'}. Expected x_train, y_train, x_test and y_test"
        )
    return {split: splits[split] for split in ("train", "test") if split in splits}


def _array(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path) -> np.ndarray:
    """One array of an archive, once its header is known to promise no more than is there."""
    if member.file_size > max(TRUSTED_BYTES, TRUSTED_GROWTH * member.compress_size):
        raise InputError(
            f"{path}: {member.filename} promises {member.file_size:,} bytes in {member.compress_size:,}. "
            "Expected a file of arrays; get it again"
        )
    with archive.open(member) as stream:
        content = stream.read(member.file_size + 1)
    file = io.BytesIO(content)
    version = np.lib.format.read_magic(file)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, fortran, dtype = read(file)
    promised = int(np.prod(shape, dtype=object)) * dtype.itemsize
    if dtype.hasobject or promised != len(content) - file.tell():
        got = "Python objects" if dtype.hasobject else f"{promised:,} bytes of {shape}, and has {len(content):,}"
        raise InputError(f"{path}: {member.filename} promises {got}. Expected numbers; get the file again")
    values = np.frombuffer(content, dtype, offset=file.tell()).reshape(shape, order="F" if fortran else "C")
    return values.astype(dtype.newbyteorder("="), copy=False)


# Tables.


def _tables(paths: Sequence[Path], name: str) -> dict[str, _Split]:
    """The splits in tables, by the names of their files."""
    read = _parquet if _reader(paths[0]) == "parquet" else _text
    groups: dict[str, list[Path]] = {"train": [], "test": []}
    for path in paths:
        groups[_split_of(path) if len(paths) > 1 else "train"].append(path)
    if not groups["train"]:
        raise InputError(f"{name}: no table for training. Expected train.csv beside {groups['test'][0].name}")
    splits = {}
    for split, members in groups.items():
        parts = [part for path in members if (part := read(path, split)) is not None]
        if parts:
            splits[split] = tuple(np.concatenate(side) for side in zip(*parts, strict=True))
    return splits  # type: ignore[return-value]


def _split_of(path: Path) -> str:
    words = re.split(r"[^a-z]+", path.name.lower())
    return "test" if {"test", "testing", "tes", "val", "valid", "validation"} & set(words) else "train"


def _text(path: Path, split: str) -> _Split | None:
    """Images and labels of a table in text; None for a test without labels, as contests have it."""
    with path.open("rb") as file, opened(file) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8-sig")  # type: ignore[arg-type]
        first = text.readline()
        delimiter = next((d for d in (",", ";", "\t") if d in first), None)
        heads = [head.strip().strip('"').lower() for head in first.split(delimiter)]
        if not first.strip():
            raise InputError(f"{path}: not a readable table (its first line is empty)")
        named = not _is_number(heads[-1])
        rows = np.loadtxt(_lines(first, text, named), np.float32, delimiter=delimiter, ndmin=2)
    columns = rows.shape[1]
    if named and not set(heads) & set(LABELS) and split == "test" and _is_square(columns):
        return None
    if not _is_square(columns - 1):
        raise InputError(
            f"{path}: has {columns} columns. Expected a label and the pixels of a square, as 785 are for 28 × 28"
        )
    where = next((i for i, head in enumerate(heads) if head in LABELS), None) if named else None
    if where is None:  # a corner of all images is empty, and the labels are not all alike
        where = columns - 1 if np.ptp(rows[:, 0]) == 0 and np.ptp(rows[:, -1]) > 0 else 0
    return np.delete(rows, where, axis=1), rows[:, where]


def _lines(first: str, rest, named: bool):
    if not named:
        yield first
    yield from rest


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _is_square(count: int) -> bool:
    return count > 0 and round(count**0.5) ** 2 == count


def _parquet(path: Path, split: str) -> _Split | None:
    """Images and labels of a parquet file whose pictures are encoded, as they are at Hugging Face."""
    try:
        import pyarrow.parquet as parquet
    except ImportError as error:
        raise MissingDependencyError("pyarrow", "parquet", "a data set in .parquet") from error
    table = parquet.read_table(path)
    names = {name.lower(): name for name in table.column_names}
    image, label = (next((names[n] for n in wanted if n in names), None) for wanted in (PICTURES, LABELS))
    if image is None or (label is None and split == "train"):
        raise InputError(f"{path}: has the columns {', '.join(table.column_names)}. Expected image and label")
    if label is None:
        return None
    cells = table.column(image).to_pylist()
    contents = [cell["bytes"] if isinstance(cell, dict) else cell for cell in cells]
    return decoded_pictures(contents, str(path)), np.asarray(table.column(label).to_pylist())
