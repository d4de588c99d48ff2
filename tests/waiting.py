"""Waiting for what must come, however busy the machine is; only two minutes without it are a failure."""

import time
from collections.abc import Callable

CEILING = 120.0  # seconds


def wait_for(condition: Callable[[], bool]) -> None:
    """Return as soon as the condition holds."""
    end = time.monotonic() + CEILING
    while not condition():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)
