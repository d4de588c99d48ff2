"""Where tensors lie: whether a device is there, for functions that are judged on it."""

import re
from typing import Any

from convolab.errors import ArgumentError, MissingDependencyError

LENGTH = 200  # characters of what torch says


def known_device(device: Any, *, contained: bool) -> str | None:
    """Return a device's name, once a tensor has been there and back; None for None.

    Parameters
    ----------
    device : str or torch.device, optional
    contained : bool
        Whether a file is judged, in a process that may open no device.

    Raises
    ------
    ArgumentError
        For a device that torch does not find, that holds no numbers, or that is out of reach.
    MissingDependencyError
        Where torch is not installed.
    """
    if device is None:
        return None
    name = str(device)
    if contained and name != "cpu":
        raise ArgumentError(
            f"check: device={name!r} is out of reach for a file, which runs in a process that may open no device. "
            f"Give the function itself, in Python: cl.check(function, device={name!r})."
        )
    try:
        import torch
    except ImportError:
        raise MissingDependencyError("torch", "train", f"check(device={name!r})") from None
    try:
        torch.ones(1, device=torch.device(name)).cpu()
    except (RuntimeError, AssertionError, NotImplementedError, TypeError, ValueError) as error:
        why = re.split(r"\.\s|[\n;]|\.$", str(error).strip() or type(error).__name__)[0][:LENGTH]
        raise ArgumentError(f"check: device={name!r} cannot be used here: {why}.") from None
    return name
