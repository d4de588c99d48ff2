"""What can go wrong, as one small tree.

Every message is one line: the argument's name first, then what is wrong, what was expected, what was given, what to
do. A command prints that line and exits with 1, or with 2 where the command line itself was wrong.
"""

from collections.abc import Iterable


def unknown(value: object, known: Iterable[object]) -> str:
    """Return what a message says of a name that is not known: that, and the known name that is most like it.

    >>> unknown("sobell", ["sobel", "scharr"])
    "'sobell' is unknown. Did you mean 'sobel'?"
    >>> unknown("fly", ["sobel", "scharr"])
    "'fly' is unknown."
    """
    from difflib import get_close_matches

    close = get_close_matches(str(value).lower(), [str(name) for name in known], n=1)
    return f"{value!r} is unknown." + (f" Did you mean {close[0]!r}?" if close else "")


class ConvolabError(Exception):
    """Anything that convolab refuses, with one line that says why."""


class ArgumentError(ConvolabError, ValueError):
    """A shape, a size or a value that the function cannot take."""


class DtypeError(ConvolabError, TypeError):
    """An element type, or a kind of object, that the function cannot take."""


class InputError(ConvolabError, ValueError):
    """A file, a folder or an address whose content cannot be used."""


class OutputError(ConvolabError, OSError):
    """A result that cannot be written where it was asked for."""


class UsageError(ConvolabError):
    """A command line that asks for something that does not exist; the command exits with 2."""


class MissingDependencyError(ConvolabError, ImportError):
    """A library that this part needs and that is not installed; the message names the extra that brings it."""

    def __init__(self, library: str, extra: str, purpose: str):
        super().__init__(
            f'{library}: not installed, and {purpose} needs it. Install it with: pip install "convolab[{extra}]"'
        )


# Which extra brings a library that parts of the package import as they are loaded.
EXTRAS = {"torch": "train", "safetensors": "train", "tomli_w": "train", "scipy": "science", "halide": "fast"}


def named_missing(error: ModuleNotFoundError, purpose: str) -> Exception:
    """Return the error that names the extra for a library that is not there; the same one where no extra brings it."""
    library = (error.name or "").split(".")[0]
    return MissingDependencyError(library, EXTRAS[library], purpose) if library in EXTRAS else error
