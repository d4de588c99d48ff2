"""What is a data set? Training and test images with their labels, as four arrays that fit together."""

import hashlib
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from convolab.drawing import Drawing
from convolab.drawing.markup import block, paragraph, picture, table
from convolab.errors import InputError
from convolab.network.data.idx import write_idx
from convolab.network.data.shown import grid
from convolab.network.data.sizes import SMALLEST, form_of, resized

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


@dataclass(frozen=True, repr=False)
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

    def __str__(self) -> str:
        shape = " × ".join(map(str, self.image_shape))
        counts = [np.bincount(part, minlength=len(self.classes)) for part in (self.train_labels, self.test_labels)]
        head = f"{self.name}: {len(self.train_labels):,} training and {len(self.test_labels):,} test images, {shape}"
        rows = [f"  {name:<12} {a:>7,} {b:>7,}" for name, a, b in zip(self.classes, *counts, strict=True)]
        return "\n".join([head, *rows])

    def __repr__(self) -> str:
        return f"<Dataset {str(self).splitlines()[0]}, {len(self.classes)} classes>"

    def drawing(self, count: int = 20) -> Drawing:
        """Return some training images with their labels, as the network sees them."""
        title = f"{self.name}: {len(self.train_labels):,} training images of {len(self.classes)} classes"
        return grid(title, lambda i: np.asarray(self.train_images[i]), self.train_labels, self.classes, count)

    def _repr_html_(self) -> str:
        counts = [np.bincount(part, minlength=len(self.classes)) for part in (self.train_labels, self.test_labels)]
        rows = [(name, f"{a:,}", f"{b:,}") for name, a, b in zip(self.classes, *counts, strict=True)]
        numbers = table(str(self).splitlines()[0], ("class", "training", "test"), rows)
        return block(picture(self.drawing()), *(paragraph(note) for note in self.notes), numbers)

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """(C, H, W)."""
        return tuple(self.train_images[0].shape)

    def identity(self) -> dict[str, str]:
        """SHA-256 of each part, also of images that are read when needed (under a name of its own)."""
        parts = {part: getattr(self, part) for part in PARTS}
        read = {f"{part}_as_read": of.digest for part, of in parts.items() if getattr(of, "digest", "")}
        return self.checksums() | read

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


def from_arrays(
    name: str, arrays: dict[str, np.ndarray], classes: tuple[str, ...], notes: tuple[str, ...] = ()
) -> Dataset:
    """A data set of four IDX arrays, once they are known to fit together."""
    for split in ("train", "test"):
        _check_split(name, split, arrays[f"{split}_images"], arrays[f"{split}_labels"], len(classes))
    images, labels = ([arrays[f"{split}_{kind}"] for split in ("train", "test")] for kind in ("images", "labels"))
    return from_splits(name, images, [split.astype(np.int64) for split in labels], classes, notes)


def from_splits(
    name: str, images: list[np.ndarray], labels: list[np.ndarray], classes: tuple[str, ...], notes: tuple[str, ...] = ()
) -> Dataset:
    """A data set of images for training and for the test, uint8 (N, H, W) or (N, C, H, W), and their labels.

    Images that are too small for the networks are enlarged.
    """
    if images[0].shape[1:] != images[1].shape[1:]:
        shapes = [split.shape[1:] for split in images]
        raise InputError(f"{name}: training images are {shapes[0]}, test images {shapes[1]}. Expected one size")
    for split, pixels, numbers in zip(("training", "test"), images, labels, strict=True):
        if len(pixels) != len(numbers):
            raise InputError(f"{name}: {len(pixels):,} {split} images have {len(numbers):,} labels. Expected as many")
    planes = [split if split.ndim == 4 else split[:, None] for split in images]
    height, width = planes[0].shape[2:]
    if min(height, width) < SMALLEST:
        size = form_of((height, width))
        planes = [np.stack([[resized(plane, size) for plane in image] for image in split]) for split in planes]
        notes = (*notes, f"images of {width} × {height} pixels become {size[1]} × {size[0]}")
    return Dataset(name, planes[0], labels[0], planes[1], labels[1], classes, notes)


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
