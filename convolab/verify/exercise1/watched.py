"""A hand-in with a network: run once, contained and watched, on a small part of MNIST."""

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from convolab.verify import answers
from convolab.verify.contained import SOURCE_SIZE, Contained
from convolab.verify.exercise1.seen import cleaned

PACKAGE = Path(__file__).parents[2]
TRAIN_IMAGES, TEST_IMAGES = 271, 149  # primes: no batch size divides them, so that a last batch is smaller
MORE_TEST_IMAGES = 1_101  # where batches are cut by the hand-in itself, of 1,024 and less
SLOWER = 6  # times longer than loading another file may take
# What a file with a network has in it somewhere. This only says which files are run under watch.
NETWORK = re.compile(rb"\b(Lazy)?Linear\s*\(|CrossEntropyLoss|cross_entropy|nll_loss|NLLLoss|\bMNIST\b")


TORCH = re.compile(rb"\bfrom\s+torch|\bimport\s+[^\n]*\btorch")  # torch's own, not a library whose name ends so


class Watched(Contained):
    """A contained file whose network is watched while it trains; for the rest as any other."""

    @property
    def loading(self) -> float:
        """Seconds that loading the file, which trains its network, may take."""
        return SLOWER * self.timeout

    def header(self) -> dict[str, Any]:
        """Return where the code that watches lies."""
        return {"package": str(PACKAGE)}

    def served(self) -> list[np.ndarray]:
        """Return the small part of MNIST."""
        from convolab.network.data.named import first_of_mnist

        tests = TEST_IMAGES if b"DataLoader" in self.path.read_bytes()[:SOURCE_SIZE] else MORE_TEST_IMAGES
        counts = {
            "train_images": TRAIN_IMAGES,
            "train_labels": TRAIN_IMAGES,
            "test_images": tests,
            "test_labels": tests,
        }
        return [first_of_mnist(part, count) for part, count in counts.items()]

    def told(self, loaded: dict[str, Any]) -> dict[str, Any]:
        """Return what the file has, and what was seen of its network."""
        observed, said = loaded.get("observed"), answers.loaded(loaded, self.wanted)
        said["notes"] = [n for n in said["notes"] if n["type"] != "Enough"]  # the checker ended that statement itself
        return said | {"observed": cleaned(observed) if isinstance(observed, dict) and observed else None}


def has_a_network(path: Path) -> bool:
    """Return whether a file may define or train a network with PyTorch, so that it is run under watch."""
    if find_spec("torch") is None:
        return False
    try:
        with path.open("rb") as file:
            source = file.read(SOURCE_SIZE)
    except OSError:
        return False
    return all(pattern.search(source) for pattern in (TORCH, NETWORK))
