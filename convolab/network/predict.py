"""What does a picture show? The answer of a trained network to a file, an address, or an array."""

from pathlib import Path
from typing import Any

import numpy as np

from convolab.errors import InputError
from convolab.network.digits.prediction import predict as predict_picture
from convolab.network.digits.prediction import predict_source
from convolab.network.model.runs import RUNS, load
from convolab.pictures.photographs import Picture


def predict(image, run: str | Path = "pretrained", *, runs: str | Path = RUNS) -> dict[str, Any]:
    """Say which digit a photograph or a drawing shows, or that it shows none, several, or one that could be two.

    Parameters
    ----------
    image : str, Path, or array (H, W) or (H, W, 3)
        A path or an http(s) address; or pixels, integers from 0 to 255 or fractions.
    run : str or Path
        A run's folder, `latest`, `pretrained`, or a model file.
    runs : str or Path
        The folder in which `latest` looks.

    Returns
    -------
    dict
        What `convolab predict --json` prints of one image: `image`, `status` (`digit`, `unsure`, `several`, `none` or
        `error`), `label` (the likeliest class, or None), `confidence` (fraction), `top` ([label, probability] of the
        likeliest three), `marks` (of several, each read alone), `message` and `preprocessing`.

    Raises
    ------
    InputError
        There is no such run, or the array holds no picture. A file that cannot be read has the status `error`.

    Examples
    --------
    >>> import convolab as cl
    >>> found = cl.predict(255 - cl.data("mnist").test_images[0, 0])
    >>> found["status"], found["label"]
    ('digit', '7')
    """
    classifier = load(run, runs)
    if isinstance(image, (str, Path)):
        return predict_source(classifier, str(image))
    pixels = _fractions(image)
    return {"image": "array"} | predict_picture(classifier, Picture(pixels, pixels.shape[:2]))


def _fractions(image) -> np.ndarray:
    """Pixels as float32 fractions, (H, W) or (H, W, 3)."""
    values = np.asarray(image)
    if values.ndim == 3 and values.shape[2] == 1:
        values = values[..., 0]
    if values.dtype.kind not in "uifb" or not (values.ndim == 2 or (values.ndim == 3 and values.shape[2] == 3)):
        raise InputError(f"image: is {values.dtype} {values.shape}. Expected a path, or numbers (H, W) or (H, W, 3)")
    if values.size == 0 or not np.isfinite(values).all():
        raise InputError("image: is empty, or not all of it is finite")
    top = {"b": 1, "f": 1 if values.max() <= 1 else 255}.get(values.dtype.kind, 255 if values.max() < 256 else 65535)
    if values.min() < 0 or values.max() > top:
        raise InputError(f"image: reaches {values.min()}…{values.max()}. Expected 0…255, or fractions 0…1")
    return values.astype(np.float32) / np.float32(top)
