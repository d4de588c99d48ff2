"""How something of a library's is replaced in the contained process, for as long as it lives."""

from typing import Any


def put(owner: Any, name: str, value: Any) -> None:
    """Put a value in the place of an attribute."""
    setattr(owner, name, value)
