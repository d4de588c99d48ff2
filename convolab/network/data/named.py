"""Which images is the network trained with? Data sets by name or by folder, always as the same four arrays.

`mnist` ships with the package; `fashion-mnist` and `kmnist` are fetched once (see `fetch`); a folder holds four IDX
files (see `idx_sets`), one sub-folder of images a class (see `folders`), or tables (see `tables`). No module here loads
torch.
"""

import hashlib
import lzma
import math
import os
from contextlib import suppress
from pathlib import Path

import numpy as np

from convolab.errors import InputError, UsageError, unknown
from convolab.files import cache_folder, make_folder, write_whole
from convolab.network.data.catalogue import DATASETS, Mirrored
from convolab.network.data.dataset import PARTS, Dataset, from_arrays
from convolab.network.data.fetch import fetch
from convolab.network.data.folders import load_image_folder
from convolab.network.data.idx import parse_idx
from convolab.network.data.idx_sets import load_idx_folder, part_path, read_four
from convolab.network.data.image_files import Progress
from convolab.network.data.layout import lay_out
from convolab.network.data.tables import is_table, load_tables

BUNDLED = Path(__file__).with_name("mnist")
# SHA-256 of the uncompressed files; their MD5s, in mnist/README.md, are the published ones.
MNIST_SHA256 = {
    "train_images": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train_labels": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "test_images": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "test_labels": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}


def data(dataset: str | Path = "mnist") -> Dataset:
    """Load a data set: its images and labels, and a picture of them where a notebook shows it.

    Parameters
    ----------
    dataset : str or Path
        `mnist`, `fashion-mnist`, `kmnist`; a folder of four IDX files, of one sub-folder of pictures a class, or of
        tables; or a .npz, .csv or .parquet.

    Returns
    -------
    Dataset
        `train_images` and `test_images`, uint8 (N, C, H, W); `train_labels` and `test_labels`, int64 (N,), indices into
        `classes`; `notes` on how they came about; `checksums()`; `drawing()`, some of them with their labels.

    Raises
    ------
    UsageError
        It is neither a known name nor there.
    InputError
        Its files cannot be used, or could not be fetched.

    Examples
    --------
    >>> import convolab as cl
    >>> mnist = cl.data("mnist")
    >>> mnist
    <Dataset mnist: 60,000 training and 10,000 test images, 1 × 28 × 28, 10 classes>
    >>> mnist.classes[mnist.train_labels[0]]
    '5'
    """
    return load_dataset(dataset)


def load_dataset(dataset: str | Path, progress: Progress | None = None) -> Dataset:
    """A data set by its name (`mnist`, `fashion-mnist`, `kmnist`), its folder, or its file (.npz, .csv, .parquet).

    Parameters
    ----------
    dataset : str or Path
    progress : callable, optional
        Called with the number of pictures that are read, and of all, while a folder of them is.

    Raises
    ------
    UsageError
        It is neither a known name nor there.
    InputError
        Its files cannot be used, or could not be fetched.
    """
    name = str(dataset)
    if name in DATASETS:
        files = DATASETS[name].files
        arrays = read_four(_folder_of(name, files)) if files else bundled_mnist()
        return from_arrays(name, arrays, DATASETS[name].classes)
    if Path(dataset).is_dir():
        return _load_folder(Path(dataset), progress)
    if Path(dataset).is_file():
        return _load_file(Path(dataset))
    raise UsageError(f"data set: {unknown(name, DATASETS)} Expected {', '.join(DATASETS)}, or a folder that exists")


def _load_file(path: Path) -> Dataset:
    if not is_table(path.name):
        raise UsageError(f"data set: {path} is a file. Expected a folder, a .npz, a .csv or a .parquet")
    return load_tables([path], str(path))


def bundled_mnist() -> dict[str, np.ndarray]:
    """The four arrays of MNIST: from the user's cache where it has them, else from the package."""
    return {part: parse_idx(_mnist_bytes(part), f"mnist {part}") for part in PARTS}


def first_of_mnist(part: str, count: int) -> np.ndarray:
    """The first images or labels of a part of the bundled MNIST: only so many are unpacked."""
    packed = BUNDLED / f"{PARTS[part][0]}.xz"
    try:
        with lzma.open(packed) as stream:
            axes = stream.read(4)[3]
            shape = (count, *np.frombuffer(stream.read(4 * axes), ">u4")[1:].tolist())
            return np.frombuffer(stream.read(math.prod(shape)), np.uint8).reshape(shape)
    except (OSError, EOFError, lzma.LZMAError) as error:
        raise InputError(f"{packed}: the bundled file cannot be read ({error}). Install convolab again") from error


def _mnist_bytes(part: str) -> bytes:
    """One uncompressed file of MNIST, verified; a cache that is damaged or cannot be written is done without."""
    name = PARTS[part][0]
    cached = cache_folder() / "mnist" / name
    try:
        content = cached.read_bytes()
        if hashlib.sha256(content).hexdigest() == MNIST_SHA256[part]:
            return content
    except OSError:
        pass
    packed = BUNDLED / f"{name}.xz"
    try:
        content = lzma.decompress(packed.read_bytes())
    except (OSError, lzma.LZMAError) as error:
        raise InputError(f"{packed}: the bundled file cannot be read ({error}). Install convolab again") from error
    if hashlib.sha256(content).hexdigest() != MNIST_SHA256[part]:
        raise InputError(f"{packed}: the bundled file has changed (wrong SHA-256). Install convolab again")
    _keep(cached, content)
    return content


def _keep(path: Path, content: bytes) -> None:
    """Put a file into the cache, if the cache can be written."""
    with suppress(OSError):
        write_whole(make_folder(path.parent) / path.name, content)


def _folder_of(name: str, files: Mirrored) -> Path:
    """Where the files of a fetched data set lie: CONVOLAB_DATA, else the cache, filled from the mirrors."""
    if brought := os.environ.get("CONVOLAB_DATA"):
        root = Path(brought)
        for folder in (root / name, root / DATASETS[name].torchvision, root):
            if part_path(folder, "train_images"):
                return folder
    return fetch(name, files, cache_folder() / name)


def _load_folder(folder: Path, progress: Progress | None) -> Dataset:
    """A folder of IDX files, of one sub-folder of images a class, or of tables."""
    if found := load_idx_folder(folder):
        return found
    layout = lay_out(folder)
    tables = [folder / name for name in layout.others if is_table(name)]
    if tables and not layout.train:
        return load_tables(tables, str(folder))
    return load_image_folder(folder, layout, progress)
