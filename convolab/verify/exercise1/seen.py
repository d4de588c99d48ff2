"""What was seen of a network: the events of its run, read from an untrusted process, and what they amount to."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from convolab.verify.exercise1.inside.bounds import TEST, UNKNOWN
from convolab.verify.printable import printable

TEXT_LENGTH, MOST_ITEMS, DEEPEST = 320, 5000, 6
ENDLESS = 1e300  # stands for infinity, which JSON has not
Event = dict[str, Any]


def cleaned(value: Any, depth: int = 0) -> Any:
    """Return what an untrusted process told, with every text printable, every list bounded, every number finite."""
    if isinstance(value, str):
        return printable(value, TEXT_LENGTH)
    if isinstance(value, dict) and depth < DEEPEST:
        return {printable(k, 80): cleaned(v, depth + 1) for k, v in list(value.items())[:MOST_ITEMS]}
    if isinstance(value, list) and depth < DEEPEST:
        return [cleaned(v, depth + 1) for v in value[:MOST_ITEMS]]
    if isinstance(value, float):
        return value if math.isfinite(value) else math.copysign(ENDLESS, value) if not math.isnan(value) else None
    return value if isinstance(value, bool | int) else None


@dataclass
class Call:
    """One call of the network, with what happened until the next.

    Attributes
    ----------
    event : dict
        See `inside/network.py`.
    after : list of dict
        The events between this call and the next.
    cut : bool
        Whether the pass over the loader that it belongs to is one that the checker cut short.
    """

    event: Event
    after: list[Event] = field(default_factory=list)
    cut: bool = False

    def has(self, kind: str) -> bool:
        """Return whether an event of that kind came before the next call."""
        return any(e["e"] == kind for e in self.after)

    @property
    def order(self) -> str:
        """Return what came before the next call, a letter each: `Z` zero_grad, `B` backward, `S` step."""
        letters = {"zero": "Z", "backward": "B", "step": "S"}
        return "".join(letters.get(e["e"], "") for e in self.after)

    @property
    def is_training(self) -> bool:
        """Whether a backward pass or a step followed, or a loss that raised."""
        return "B" in self.order or "S" in self.order or any(e.get("raised") for e in self.losses)

    @property
    def numbers(self) -> list[int]:
        """The images of the batch."""
        return [n for n in self.event.get("ids", []) if isinstance(n, int)]

    @property
    def size(self) -> int:
        return int(self.event.get("size", 0))

    @property
    def of(self) -> str:
        """Which set the batch is of: `train`, `test`, `mixed`, or `unknown`."""
        known = [n for n in self.numbers if n != UNKNOWN]
        if not known or len(known) < 0.5 * len(self.numbers):
            return "unknown"
        tests = sum(n >= TEST for n in known)
        return "test" if tests == len(known) else "train" if not tests else "mixed"

    @property
    def losses(self) -> list[Event]:
        return [e for e in self.after if e["e"] == "loss"]


@dataclass
class CallsInARow:
    """Calls in a row over one set that belong together: an epoch of training, or one evaluation.

    Attributes
    ----------
    calls : list of Call
    """

    calls: list[Call]

    @property
    def of(self) -> str:
        return self.calls[0].of

    @property
    def images(self) -> int:
        return sum(c.size for c in self.calls)

    @property
    def last_texts(self) -> list[str]:
        """What was printed behind its last call."""
        return [str(e.get("text")) for e in self.calls[-1].after if e["e"] == "print"]

    @property
    def cut(self) -> bool:
        return any(c.cut for c in self.calls)


class Seen:
    """Everything that was seen of one hand-in's network."""

    def __init__(self, observed: dict[str, Any], *, raised: bool = False):
        self.raised = raised  # whether a statement of the file did
        self.layers: dict[str, Any] = observed.get("layers") or {}
        self.networks: list[dict[str, Any]] = [n for n in observed.get("networks") or [] if isinstance(n, dict)]
        self.number = observed.get("network")
        self.events: list[Event] = [e for e in observed.get("events") or [] if isinstance(e, dict) and "e" in e]
        self.steps_sometimes = observed.get("steps_sometimes") is True
        self.values: dict[str, Any] = observed.get("values") or {}
        sizes = observed.get("sizes") or [0, 0]
        self.sizes = {"train": int(sizes[0]), "test": int(sizes[1])}

    def of_kind(self, *kinds: str) -> list[Event]:
        """Return the events of those kinds."""
        return [e for e in self.events if e["e"] in kinds]

    @property
    def network(self) -> dict[str, Any]:
        """What is known of the network that is judged."""
        return next((n for n in self.networks if n.get("number") == self.number), {})

    @property
    def modal(self) -> list[str]:
        """The kinds of its layers that compute something else while it is trained."""
        return list(self.network.get("modal") or [])

    @cached_property
    def calls(self) -> list[Call]:
        """Every call of a network, in order."""
        found: list[Call] = []
        cut = False
        for event in self.events:
            if event["e"] == "pass":
                cut = bool(event.get("cut"))
            if event["e"] == "call":
                found.append(Call(event, cut=cut))
            elif found:
                found[-1].after.append(event)
        return found

    @property
    def training(self) -> list[Call]:
        """The calls that were followed by a backward pass or a step."""
        return [c for c in self.calls if c.is_training]

    @property
    def evaluation(self) -> list[Call]:
        """The other calls with images that are known."""
        return [c for p in self.evaluations for c in p.calls]

    @cached_property
    def epochs(self) -> list[CallsInARow]:
        """The passes of training."""
        return list(self._passes(training=True))

    @cached_property
    def evaluations(self) -> list[CallsInARow]:
        """The passes without training that went over more than a first look at a few images."""
        passes = [p for p in self._passes(training=False) if p.of != "unknown" and not p.calls[0].event.get("raised")]
        least = {"train": self.sizes["train"], "test": self.sizes["test"]}
        return [p for p in passes if len(p.calls) > 1 or p.images > 0.3 * least.get(p.of, 1)]

    def _passes(self, *, training: bool) -> Iterator[CallsInARow]:
        """Yield calls that belong together: of one set, and no image twice."""
        current: CallsInARow | None = None
        images: set[int] = set()
        for call in self.calls:
            mine = call.is_training == training
            again = bool(images & {n for n in call.numbers if n != UNKNOWN})
            new_pass = current is not None and any(e["e"] in ("pass", "called") for e in current.calls[-1].after)
            if current is not None and (not mine or again or call.of != current.of or new_pass):
                yield current
                current = None
            if mine:
                if current is None:
                    current, images = CallsInARow([]), set()
                current.calls.append(call)
                images |= set(call.numbers)
        if current is not None:
            yield current
