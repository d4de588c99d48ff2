"""Images that a network learns in a moment, made here."""

from pathlib import Path

import numpy as np

from convolab.network.data.dataset import PARTS
from convolab.network.data.idx import write_idx


def bars(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Noisy images, 20 × 20, with a bright bar that stands (class 0), lies (1) or is not there (2)."""
    rng = np.random.default_rng(seed)
    images, labels = rng.integers(0, 90, (count, 20, 20), dtype=np.uint8), rng.integers(0, 3, count, dtype=np.uint8)
    for image, label in zip(images, labels, strict=True):
        at = rng.integers(4, 14)
        if label == 0:
            image[:, at : at + 3] += 150
        elif label == 1:
            image[at : at + 3] += 150
    return images, labels


def easy_folder(folder: Path) -> Path:
    """A folder of four IDX files, 600 and 120 images, three classes."""
    folder.mkdir(parents=True)
    for split, count, seed in (("train", 600, 1), ("test", 120, 2)):
        for content, array in zip(("images", "labels"), bars(count, seed), strict=True):
            (folder / PARTS[f"{split}_{content}"][0]).write_bytes(write_idx(array))
    return folder
