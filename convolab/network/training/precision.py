"""In which precision does a run multiply, if nobody asks for one? It follows from processor, model and torch alone.

Two students with the same machine and the same seed get the same weights, however busy either machine is; what was
found once by measuring stands in MEASURED. Where nothing was measured the rule says f32, which is right everywhere.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from convolab.errors import UsageError, unknown

DEVICES = ("auto", "cpu", "cuda", "mps")
PRECISIONS = ("f32", "bf16")


@dataclass(frozen=True)
class Processor:
    """What a run's steps are computed on.

    Attributes
    ----------
    device : str
        `cpu`, `cuda` or `mps`.
    name : str
        The processor's own, or the GPU's.
    features : tuple of str
        Its vector instructions (see `environment.cpu_features`).
    torch : str
        The version of torch.
    """

    device: str
    name: str
    features: tuple[str, ...]
    torch: str


@dataclass(frozen=True)
class Measured:
    """One row of the rule: where it holds, which precision was the faster there, and by what record.

    Attributes
    ----------
    maker : str
        How the processor's name begins.
    has, lacks : tuple of str
        Features that it must have, and must not have.
    models : tuple of str
    torch : tuple of int
        The version that it was measured with; earlier ones are not covered.
    precision, source : str
    """

    maker: str
    has: tuple[str, ...]
    lacks: tuple[str, ...]
    models: tuple[str, ...]
    torch: tuple[int, int]
    precision: str
    source: str

    def covers(self, processor: Processor, model: str) -> bool:
        features = set(processor.features)
        return (
            processor.device == "cpu"
            and processor.name.startswith(self.maker)
            and features.issuperset(self.has)
            and features.isdisjoint(self.lacks)
            and model in self.models
            and version(processor.torch) >= self.torch
        )


# The first row that covers a run decides. A processor that nobody has measured is in none of them.
MEASURED = (
    Measured("AMD", ("avx512_bf16",), ("amx_bf16",), ("lab",), (2, 13), "bf16", "docs/training.md"),
    Measured("Intel", ("avx512_bf16",), ("amx_bf16",), ("lab",), (2, 13), "f32", "docs/training.md"),
)


@dataclass(frozen=True)
class Choice:
    """A precision, and why it is that one: as it stands in the run's configuration."""

    precision: str
    why: str


def choose_precision(asked: str, processor: Processor, *, model: str, tuned: bool) -> Choice:
    """The precision that was asked for, or what the rule says.

    Parameters
    ----------
    asked : str
        `auto`, `f32` or `bf16`.
    processor : Processor
    model : str
        Of the table in `models`.
    tuned : bool
        Whether the recipe may compute the same in a faster way (see `recipes`).

    Examples
    --------
    >>> epyc = Processor("cpu", "AMD EPYC", ("avx2", "avx512f", "avx512_bf16"), "2.13.0+cpu")
    >>> choose_precision("auto", epyc, model="lab", tuned=True).precision
    'bf16'
    >>> choose_precision("auto", epyc, model="another", tuned=True)
    Choice(precision='f32', why='nothing faster was measured for this processor, model and torch')
    """
    _check_precision(asked)
    if asked != "auto":
        return Choice(asked, "asked for")
    if not tuned:
        return Choice("f32", "the recipe's own")
    row = next((row for row in MEASURED if row.covers(processor, model)), None)
    if row is None:
        return Choice("f32", "nothing faster was measured for this processor, model and torch")
    where = (
        f"{row.maker} with {', '.join(row.has)}, without {', '.join(row.lacks)}, torch {row.torch[0]}.{row.torch[1]}"
    )
    return Choice(row.precision, f"measured: {where} ({row.source})")


def _check_precision(asked: str) -> None:
    if asked not in ("auto", *PRECISIONS):
        raise UsageError(f"precision: {unknown(asked, PRECISIONS)} Expected auto, {' or '.join(PRECISIONS)}")


def version(text: str) -> tuple[int, int]:
    """Major and minor of a version; (0, 0) of what is none.

    >>> version("2.13.0+cpu")
    (2, 13)
    """
    found = re.match(r"(\d+)\.(\d+)", text)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def recorded(choice: Choice, processor: Processor) -> dict[str, Any]:
    """What a run's configuration says of the choice, ready for TOML."""
    about = {"why": choice.why, "processor": processor.name, "features": list(processor.features)}
    return {"precision": choice.precision, "choice": about | {"torch": processor.torch}}


def described(name: str | None, features: Iterable[str], torch: str | None) -> str:
    """A processor and its torch in words."""
    return f"{name} ({', '.join(features)}) with torch {torch}"


def multiplies_bf16(features: Iterable[str]) -> bool:
    """Whether a CPU multiplies bf16 itself; emulated, it is tens of times slower than f32."""
    return not {"avx512_bf16", "amx_bf16"}.isdisjoint(features)
