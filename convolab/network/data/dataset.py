"""What is a data set? Training and test images with their labels, as four arrays that fit together."""

import hashlib
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from convolab.errors import InputError
from convolab.network.data.idx import write_idx

# The parts of an IDX data set: split and content, and the names that its file may have.
PARTS = {
    "train_images": ("train-images-idx3-ubyte", "train-images.idx3-ubyte"),
    "train_labels": ("train-labels-idx1-ubyte", "train-labels.idx1-ubyte"),
    "test_images": ("t10k-images-idx3-ubyte", "t10k-images.idx3-ubyte", "test-images-idx3-ubyte"),
    "test_labels": ("t10k-labels-idx1-ubyte", "t10k-labels.idx1-ubyte", "test-labels-idx1-ubyte"),
}


class Images(Protocol):
    """Images that are read when they are asked for: item i is uint8 (C, H, W)."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int, /) -> np.ndarray: ...


@dataclass(frozen=True)
class Dataset:
    """Training and test images with their labels.

    Attributes
    ----------
    name : str
        As it was asked for.
    train_images, test_images : uint8 (N, C, H, W)
        An array, or for folders larger than memory images that are read when needed.
    train_labels, test_labels : int64 (N,)
        Indices into `classes`.
    classes : tuple of str
    notes : tuple of str
        What is for the test, and what was done to the images, one sentence each.
    """

    name: str
    train_images: np.ndarray | Images
    train_labels: np.ndarray
    test_images: np.ndarray | Images
    test_labels: np.ndarray
    classes: tuple[str, ...]
    notes: tuple[str, ...] = ()

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
                sums[part] = hashlib.sha256(write_idx(_as_in_a_file(array))).hexdigest()
        return sums


def _as_in_a_file(array: np.ndarray) -> np.ndarray:
    """Images or labels as the IDX files of MNIST's kind hold them."""
    if array.ndim == 1:
        return array.astype(np.uint8 if array.max(initial=0) < 256 else np.int32)
    return array[:, 0] if array.shape[1] == 1 else array


def from_arrays(name: str, arrays: dict[str, np.ndarray], classes: tuple[str, ...]) -> Dataset:
    """A data set of four IDX arrays, once they are known to fit together."""
    for split in ("train", "test"):
        _check_split(name, split, arrays[f"{split}_images"], arrays[f"{split}_labels"], len(classes))
    if arrays["train_images"].shape[1:] != arrays["test_images"].shape[1:]:
        shapes = [arrays[part].shape[1:] for part in ("train_images", "test_images")]
        raise InputError(f"{name}: training images are {shapes[0]}, test images {shapes[1]}. Expected one size")
    parts = {
        part: values[:, None] if part.endswith("images") else values.astype(np.int64) for part, values in arrays.items()
    }
    train, test = [(parts[f"{split}_images"], parts[f"{split}_labels"]) for split in ("train", "test")]
    return Dataset(name, *train, *test, classes)


def _check_split(name: str, split: str, images: np.ndarray, labels: np.ndarray, classes: int) -> None:
    """Refuse images and labels that do not belong together."""
    if images.dtype != np.uint8 or images.ndim != 3 or 0 in images.shape:
        raise InputError(f"{name}: {split} images are {images.dtype} {images.shape}. Expected uint8 (N, H, W)")
    if labels.dtype.kind not in "iu" or labels.ndim != 1:
        raise InputError(f"{name}: {split} labels are {labels.dtype} {labels.shape}. Expected integers (N,)")
    if len(images) != len(labels):
        raise InputError(f"{name}: {len(images):,} {split} images have {len(labels):,} labels. Expected as many")
    if labels.min() < 0 or labels.max() >= classes:
        raise InputError(f"{name}: {split} labels reach {labels.min()}…{labels.max()}. Expected 0…{classes - 1}")
