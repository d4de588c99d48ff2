"""`convolab data`: what is in a data set, and a picture of it."""

from pathlib import Path
from typing import Any

import numpy as np

from convolab.cli.console import ReadingProgress, emit, refuse_existing, stderr
from convolab.cli.options import DatasetName, Force, Json
from convolab.cli.output import wrote
from convolab.errors import UsageError

COLUMNS = 20


def data(
    dataset: DatasetName = "mnist",
    *,
    grid: Path | None = None,
    count: int = 100,
    json: Json = False,
    force: Force = False,
) -> None:
    """Say what is in a data set, and draw its first images as the network will see them.

    Parameters
    ----------
    grid
        Draw the first training images into this file, 20 in a row; where class follows class, some of each.
    count
        How many of them.

    Examples
    --------
    $ convolab data
    mnist: 60,000 training and 10,000 test images, 1 × 28 × 28
      0              5,923     980
      1              6,742   1,135
    …

    $ convolab data mnist --grid first.png --count 40
    wrote first.png
    mnist: 60,000 training and 10,000 test images, 1 × 28 × 28
    …
    """
    from convolab.network.data.named import load_dataset

    refuse_existing("grid", grid, force=force)
    if not 1 <= count <= 10_000:
        raise UsageError(f"count: {count} is out of range. Expected 1 to 10,000")
    found = load_dataset(dataset, ReadingProgress())
    for note in found.notes:
        stderr().print(note, markup=False, soft_wrap=True)
    if grid:
        draw(found, count, grid)
        wrote(grid)
    result = {
        "dataset": dataset,
        "train_images": len(found.train_images),
        "test_images": len(found.test_images),
        "shape": found.image_shape,
        "classes": found.classes,
        "per_class": {
            split: np.bincount(labels, minlength=len(found.classes)).tolist()
            for split, labels in (("train", found.train_labels), ("test", found.test_labels))
        },
        "checksums": found.checksums(),
        "notes": found.notes,
        "grid": str(grid) if grid else None,
    }
    if json:
        emit(result)
    else:
        tell(result)


def tell(result: dict[str, Any]) -> None:
    """The same for people."""
    shape = " × ".join(map(str, result["shape"]))
    print(
        f"{result['dataset']}: {result['train_images']:,} training and {result['test_images']:,} test images, {shape}"
    )
    for label, train, test in zip(result["classes"], *result["per_class"].values(), strict=True):
        print(f"  {label:<12} {train:>7,} {test:>7,}")
    for part, checksum in result["checksums"].items():
        print(f"{part:<12} sha256 {checksum}")


def draw(dataset, count: int, path: Path) -> None:
    """Write training images as the network will see them, each at twice its size, a line between them."""
    import io

    from PIL import Image

    from convolab.files import write_whole
    from convolab.network.data.shown import spread

    suffix = path.suffix.lower()
    if suffix not in Image.registered_extensions():
        raise UsageError(f"grid: {path.name!r} does not say what kind of picture. Expected a name such as grid.png")
    buffer = io.BytesIO()
    picture([dataset.train_images[i] for i in spread(dataset.train_labels, count)]).save(
        buffer, Image.registered_extensions()[suffix]
    )
    write_whole(path, buffer.getvalue())


def picture(images):
    """Images, 20 in a row, as a Pillow image."""
    from PIL import Image

    first, count = [np.asarray(image).repeat(2, axis=1).repeat(2, axis=2) for image in images], len(images)
    channels, height, width = first[0].shape
    rows = -(-count // COLUMNS)
    canvas = np.full((rows * (height + 2) + 2, min(count, COLUMNS) * (width + 2) + 2, channels), 64, np.uint8)
    for i, image in enumerate(first):
        y, x = (i // COLUMNS) * (height + 2) + 2, (i % COLUMNS) * (width + 2) + 2
        canvas[y : y + height, x : x + width] = image.transpose(1, 2, 0)
    return Image.fromarray(canvas[..., 0] if channels == 1 else canvas)
