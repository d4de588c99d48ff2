"""In which order, and in which pieces, does the network see its images?

Everything random here is a function of (seed, epoch, step): a run that is resumed at a step needs to remember nothing
else to see exactly the images it would have seen.
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor


def generator(seed: int, *place: object) -> torch.Generator:
    """A source of random numbers that belongs to a place in the run, such as ("order", epoch)."""
    text = "/".join(map(str, (seed, *place)))
    return torch.Generator().manual_seed(int.from_bytes(hashlib.sha256(text.encode()).digest()[:7], "big"))


def split(count: int, validation: int, seed: int) -> tuple[Tensor, Tensor]:
    """Indices of the training and of the held-out validation images, both of `count` training images."""
    if not validation:
        return torch.arange(count), torch.arange(0)
    order = torch.randperm(count, generator=generator(seed, "validation"))
    return order[validation:], order[:validation]


def epoch_order(chosen: Tensor, seed: int, epoch: int) -> Tensor:
    """The chosen indices in the order of an epoch."""
    return chosen[torch.randperm(len(chosen), generator=generator(seed, "order", epoch))]


def steps_in(count: int, batch_size: int) -> int:
    """Steps of an epoch; the last batch may be smaller."""
    return -(-count // batch_size)


def batches(
    images, labels, order: Tensor, *, batch_size: int, first: int = 0, rank: int = 0, ranks: int = 1, workers: int = 0
) -> Iterator[tuple[int, Tensor, Tensor, int]]:
    """The batches of an epoch from step `first` on.

    Yields
    ------
    step : int
    images : uint8 (B / ranks, C, H, W)
        This process's share of the batch: every `ranks`-th image, so no image is seen twice.
    labels : int64 (B / ranks,)
    whole : int
        B, the images of the batch in all processes.
    """
    labels = torch.as_tensor(labels, device=images.device if isinstance(images, Tensor) else "cpu")
    pieces = [order[start : start + batch_size] for start in range(0, len(order), batch_size)][first:]
    shares = [piece[rank::ranks] for piece in pieces]
    for step, (share, pixels) in enumerate(zip(shares, gather(images, shares, workers), strict=True), first):
        yield step, pixels, labels[share.to(labels.device)], len(pieces[step - first])


def gather(images, shares: Sequence[Tensor], workers: int) -> Iterator[Tensor]:
    """The images of each list of indices: from memory at once, from files by worker processes ahead of time."""
    if isinstance(images, Tensor):
        for share in shares:
            yield images[share.to(images.device)]
    else:
        arrays = torch.utils.data.DataLoader(
            _Stacked(images, shares),
            batch_size=None,
            num_workers=workers,
            generator=torch.Generator(),
            collate_fn=_as_it_is,
        )
        for array in arrays:
            yield torch.as_tensor(array)


def _as_it_is(array: Any) -> Any:
    """An array comes from a worker through a pipe; a tensor would need room in /dev/shm, which containers lack."""
    return array


class _Stacked(torch.utils.data.Dataset):
    """Whole batches of images that lie in files, as a DataLoader wants them: item i is the i-th batch."""

    def __init__(self, images, shares: Sequence[Tensor]):
        self.images, self.shares = images, shares

    def __len__(self) -> int:
        return len(self.shares)

    def __getitem__(self, index: int) -> np.ndarray:
        if index >= len(self.shares):
            raise IndexError(index)
        return np.asarray(take(self.images, self.shares[index].tolist()))


def take(images, indices: Sequence[int]):
    """Some images, uint8 (B, C, H, W), of an array, a tensor, or files."""
    if isinstance(images, np.ndarray | Tensor):
        return images[indices.start : indices.stop] if isinstance(indices, range) else images[indices]
    if not len(indices):
        return np.empty((0, *images[0].shape), np.uint8)
    return np.stack([images[int(i)] for i in indices])
