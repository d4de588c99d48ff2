"""Which images is the network trained with? Data sets by name or by folder, always as the same four arrays.

`mnist` ships with the package; `fashion-mnist` and `kmnist` are fetched once (see `fetch`); a folder holds four IDX
files or one sub-folder of images a class (see `folders`). No module here loads torch.
"""

import hashlib
import lzma
import os
from pathlib import Path

import numpy as np

from convolab.errors import InputError, UsageError
from convolab.files import cache_folder, write_whole
from convolab.network.data.dataset import DIGITS, PARTS, Dataset, from_arrays
from convolab.network.data.fetch import Source, fetch
from convolab.network.data.folders import load_image_folder
from convolab.network.data.idx import SUFFIXES, parse_idx, read_idx

BUNDLED = Path(__file__).with_name("mnist")
# SHA-256 of the uncompressed files; their MD5s, in mnist/README.md, are the published ones.
MNIST_SHA256 = {
    "train_images": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train_labels": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "test_images": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "test_labels": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
# Gzip files with their published SHA-256, and the mirrors in the order in which they are asked.
SOURCES = {
    "fashion-mnist": Source(
        mirrors=(
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        ),
        sha256={
            "train-images-idx3-ubyte.gz": "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
            "train-labels-idx1-ubyte.gz": "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
            "t10k-images-idx3-ubyte.gz": "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
            "t10k-labels-idx1-ubyte.gz": "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
        },
    ),
    "kmnist": Source(
        mirrors=(
            "https://codh.rois.ac.jp/kmnist/dataset/kmnist/",
            "http://codh.rois.ac.jp/kmnist/dataset/kmnist/",
            "https://web.archive.org/web/2024id_/http://codh.rois.ac.jp/kmnist/dataset/kmnist/",
        ),
        sha256={
            "train-images-idx3-ubyte.gz": "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4",
            "train-labels-idx1-ubyte.gz": "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17",
            "t10k-images-idx3-ubyte.gz": "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5",
            "t10k-labels-idx1-ubyte.gz": "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c",
        },
    ),
}
CLASSES = {
    "mnist": DIGITS,
    "fashion-mnist": (
        "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
    ),
    "kmnist": ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
}  # fmt: skip
NAMES = tuple(CLASSES)


def load_dataset(dataset: str | Path) -> Dataset:
    """A data set by its name (`mnist`, `fashion-mnist`, `kmnist`) or by its folder.

    Raises
    ------
    UsageError
        It is neither a known name nor a folder.
    InputError
        Its files cannot be used, or could not be fetched.
    """
    name = str(dataset)
    if name == "mnist":
        return from_arrays(name, bundled_mnist(), DIGITS)
    if name in SOURCES:
        return from_arrays(name, read_folder(folder_of(name)), CLASSES[name])
    if Path(dataset).is_dir():
        return load_folder(Path(dataset))
    raise UsageError(f"data set: {name!r} is unknown. Expected {', '.join(NAMES)}, or a folder that exists")


def bundled_mnist() -> dict[str, np.ndarray]:
    """The four arrays of MNIST: from the user's cache where it has them, else from the package."""
    return {part: parse_idx(_mnist_bytes(part), f"mnist {part}") for part in PARTS}


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
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
    except OSError:
        pass


def folder_of(name: str) -> Path:
    """Where the files of a fetched data set lie: CONVOLAB_DATA, else the cache, filled from the mirrors."""
    if brought := os.environ.get("CONVOLAB_DATA"):
        root = Path(brought)
        torchvision = {"fashion-mnist": "FashionMNIST/raw", "kmnist": "KMNIST/raw"}[name]
        for folder in (root / name, root / torchvision, root):
            if part_path(folder, "train_images"):
                return folder
    return fetch(name, SOURCES[name], cache_folder() / name)


def part_path(folder: Path, part: str) -> Path | None:
    """The file of a part in a folder, under whichever of its names."""
    names = (f"{name}{suffix}" for name in PARTS[part] for suffix in SUFFIXES)
    return next((folder / name for name in names if (folder / name).is_file()), None)


def read_folder(folder: Path) -> dict[str, np.ndarray]:
    """The four arrays of a folder of IDX files."""
    paths = {part: part_path(folder, part) for part in PARTS}
    if missing := [PARTS[part][0] for part, path in paths.items() if path is None]:
        raise InputError(f"{folder}: {', '.join(missing)} (or .gz, .xz) is missing. Expected the four IDX files")
    return {part: read_idx(path) for part, path in paths.items() if path}


def load_folder(folder: Path) -> Dataset:
    """A folder of IDX files, or of one sub-folder of images a class."""
    if any(part_path(folder, part) for part in PARTS):
        arrays = read_folder(folder)
        count = 1 + max(int(arrays[part].max(initial=0)) for part in ("train_labels", "test_labels"))
        return from_arrays(str(folder), arrays, tuple(str(label) for label in range(count)))
    return load_image_folder(folder)
