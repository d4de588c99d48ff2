"""What are the edges of a masked array? Masked where a window touches what is masked; nothing hidden enters them."""

import numpy as np

from convolab.errors import ArgumentError
from convolab.filters.run import divided, peak
from convolab.filters.validity import touched


def edges(image: np.ma.MaskedArray, compute, names, kernel: tuple[int, int], mode: str, normalize: bool, dtype) -> list:
    """Return the components as masked arrays.

    `compute` takes the plain pixels and a type, and returns the components without dividing them. Hidden values are
    replaced first, for a NaN or a number near the end of its type's range would complain on its way.
    """
    mask = np.ma.getmaskarray(image)
    pixels = np.where(mask, np.zeros((), image.dtype), image.data) if mask.any() else image.data
    results = compute(pixels, None if normalize else dtype)
    return [
        _finished(result, mask, name, kernel, mode, normalize, dtype)
        for name, result in zip(names, results, strict=True)
    ]


def _finished(result: np.ndarray, mask: np.ndarray, name: str, kernel, mode: str, normalize: bool, dtype):
    plane = mask if mask.ndim == result.ndim else np.asarray(mask.reshape(*mask.shape[:2], -1).any(-1))
    hidden = touched(plane, kernel, mode)
    if normalize and name != "direction":
        seen = result[~hidden]
        result = divided(result, peak(seen) if seen.size else 0.0, dtype)
    return np.ma.masked_array(result, hidden)


def refuse_out(out) -> None:
    if out is not None:
        raise ArgumentError("out: a masked array gives masked arrays of its own and takes none.")
