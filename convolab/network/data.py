"""Which images is the network trained with? Data sets by name or by folder, always as the same four arrays.

`mnist` ships with the package; `fashion-mnist` and `kmnist` are fetched once (see `fetch`); a folder holds four IDX
files or one sub-folder of images a class (see `folders`). No module here loads torch.
"""

import hashlib
import lzma
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from convolab.errors import InputError, UsageError
from convolab.network.fetch import Source, fetch
from convolab.network.files import cache_folder, write_whole
from convolab.network.idx import SUFFIXES, parse_idx, read_idx, write_idx

if TYPE_CHECKING:
    from convolab.network.folders import ImageFiles

# The parts of an IDX data set: split and content, and the names that its file may have.
PARTS = {
    "train_images": ("train-images-idx3-ubyte", "train-images.idx3-ubyte"),
    "train_labels": ("train-labels-idx1-ubyte", "train-labels.idx1-ubyte"),
    "test_images": ("t10k-images-idx3-ubyte", "t10k-images.idx3-ubyte", "test-images-idx3-ubyte"),
    "test_labels": ("t10k-labels-idx1-ubyte", "t10k-labels.idx1-ubyte", "test-labels-idx1-ubyte"),
}
BUNDLED = Path(__file__).with_name("mnist")
# SHA-256 of the uncompressed files; their MD5s, in mnist/README.md, are the published ones.
MNIST_SHA256 = {
    "train_images": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train_labels": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "test_images": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "test_labels": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
DIGITS = tuple("0123456789")
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


@dataclass(frozen=True)
class Dataset:
    """Training and test images with their labels.

    Attributes
    ----------
    name : str
        As it was asked for.
    train_images, test_images : uint8 (N, C, H, W)
        An array, or for folders larger than memory `folders.ImageFiles`.
    train_labels, test_labels : int64 (N,)
        Indices into `classes`.
    classes : tuple of str
    """

    name: str
    train_images: "np.ndarray | ImageFiles"
    train_labels: np.ndarray
    test_images: "np.ndarray | ImageFiles"
    test_labels: np.ndarray
    classes: tuple[str, ...]

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """(C, H, W)."""
        return tuple(self.train_images[0].shape)

    def checksums(self) -> dict[str, str]:
        """SHA-256 that each part in memory has as an uncompressed IDX file."""
        sums = {}
        for part in PARTS:
            array = getattr(self, part)
            if isinstance(array, np.ndarray):
                sums[part] = hashlib.sha256(write_idx(as_in_a_file(array))).hexdigest()
        return sums


def as_in_a_file(array: np.ndarray) -> np.ndarray:
    """Images or labels as the IDX files of MNIST's kind hold them."""
    if array.ndim == 1:
        return array.astype(np.uint8 if array.max(initial=0) < 256 else np.int32)
    return array[:, 0] if array.shape[1] == 1 else array


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
    from convolab.network.folders import load_image_folder

    return load_image_folder(folder)


def from_arrays(name: str, arrays: dict[str, np.ndarray], classes: tuple[str, ...]) -> Dataset:
    """A data set of four IDX arrays, once they are known to fit together."""
    for split in ("train", "test"):
        check_split(name, split, arrays[f"{split}_images"], arrays[f"{split}_labels"], len(classes))
    if arrays["train_images"].shape[1:] != arrays["test_images"].shape[1:]:
        shapes = [arrays[part].shape[1:] for part in ("train_images", "test_images")]
        raise InputError(f"{name}: training images are {shapes[0]}, test images {shapes[1]}. Expected one size")
    parts = {
        part: values[:, None] if part.endswith("images") else values.astype(np.int64) for part, values in arrays.items()
    }
    return Dataset(name=name, classes=classes, **parts)


def check_split(name: str, split: str, images: np.ndarray, labels: np.ndarray, classes: int) -> None:
    """Refuse images and labels that do not belong together."""
    if images.dtype != np.uint8 or images.ndim != 3 or 0 in images.shape:
        raise InputError(f"{name}: {split} images are {images.dtype} {images.shape}. Expected uint8 (N, H, W)")
    if labels.dtype.kind not in "iu" or labels.ndim != 1:
        raise InputError(f"{name}: {split} labels are {labels.dtype} {labels.shape}. Expected integers (N,)")
    if len(images) != len(labels):
        raise InputError(f"{name}: {len(images):,} {split} images have {len(labels):,} labels. Expected as many")
    if labels.min() < 0 or labels.max() >= classes:
        raise InputError(f"{name}: {split} labels reach {labels.min()}…{labels.max()}. Expected 0…{classes - 1}")
