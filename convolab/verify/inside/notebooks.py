"""A notebook's code as a Python file; read where its code runs, since a notebook may be made to be unreadable."""

import ast
import json
import os


def as_python(path: str, folder: str) -> str:
    """The path of a Python file with the code of a notebook; the path itself if it is of another kind.

    Raises
    ------
    ValueError
        If the notebook cannot be read.
    """
    stem, suffix = os.path.splitext(os.path.basename(path))  # noqa: PTH119, PTH122 - few imports here
    if suffix != ".ipynb":
        return path
    with open(path, "rb") as file:  # noqa: PTH123
        source = _notebook_source(file.read())
    path = os.path.join(folder, f"{stem}.py")  # noqa: PTH118
    with open(path, "wb") as file:  # noqa: PTH123
        file.write(source)
    return path


def _notebook_source(source: bytes) -> bytes:
    """A notebook's code cells, without the lines that only notebooks understand."""
    try:
        cells = [c for c in json.loads(source)["cells"] if c["cell_type"] == "code"]
        # What no file can hold stands as the escape that means the same in a string.
        sources = ["".join(c["source"]).encode(errors="backslashreplace").decode() for c in cells]
    except (ValueError, KeyError, TypeError, RecursionError, MemoryError):
        raise ValueError("the notebook cannot be read") from None
    return "\n\n".join(_cell(source) for source in sources).encode()


def _cell(source: str) -> str:
    """A cell without the lines that only notebooks understand; one that is no Python raises when it is run."""
    text = "\n".join(line for line in source.splitlines() if not line.lstrip().startswith(("%", "!")))
    try:
        ast.parse(text)
    except (SyntaxError, ValueError) as error:
        return f"raise SyntaxError({f'a cell is no Python: {error}'!r})"
    return text
