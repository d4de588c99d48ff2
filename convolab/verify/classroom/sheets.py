"""A CSV file that a system gave out, read so that it can go back as it came: every cell, ending and mark kept."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from convolab.errors import InputError

BOM = "\ufeff"


@dataclass
class Sheet:
    """Rows of cells, with what the file had around them.

    Attributes
    ----------
    path : Path
    rows : list of list of str
        The first has the names of the columns.
    bom : bool
    delimiter, ending : str
    """

    path: Path
    rows: list[list[str]]
    bom: bool = False
    delimiter: str = ","
    ending: str = "\n"

    def column(self, name: str) -> int | None:
        """Return the number of a column; None where there is none of that name."""
        names = [cell.strip().casefold() for cell in self.rows[0]]
        return names.index(name.casefold()) if name.casefold() in names else None

    def needed(self, option: str, *names: str) -> list[int]:
        """Return the numbers of columns that must be there."""
        found = [self.column(name) for name in names]
        missing = [name for name, n in zip(names, found, strict=True) if n is None]
        if missing:
            raise InputError(
                f"{option}: {self.path} has no column {', '.join(missing)}. Got {', '.join(self.rows[0][:12])}; "
                f"expected the file as the system gives it out, in English"
            )
        return [n for n in found if n is not None]

    def text(self) -> str:
        """Return the file's text."""
        out = io.StringIO()
        csv.writer(out, delimiter=self.delimiter, lineterminator=self.ending).writerows(self.rows)
        return (BOM if self.bom else "") + out.getvalue()


def read_sheet(option: str, path: Path) -> Sheet:
    """Return a CSV file in UTF-8, with commas, semicolons or tabs between the cells."""
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise InputError(f"{option}: {path} cannot be read ({error.strerror or error}). Expected a CSV file") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{option}: {path} is not in UTF-8. Expected the file as it was downloaded") from error
    bom, text = text.startswith(BOM), text.removeprefix(BOM)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
    except csv.Error as error:
        raise InputError(
            f"{option}: {path} is no CSV file ({error}). Expected the file as it was downloaded"
        ) from error
    if not rows:
        raise InputError(f"{option}: {path} is empty. Expected the file as it was downloaded")
    return Sheet(path, rows, bom, delimiter, "\r\n" if "\r\n" in text else "\n")


def graded_path(path: Path) -> Path:
    """Return where the filled file is written: beside the one that was given."""
    return path.with_name(f"{path.stem}-graded{path.suffix}")


def number_text(value: float) -> str:
    """Return a grade with two digits at most."""
    return f"{round(value, 2):g}"
