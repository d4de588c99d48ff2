"""The smallest change of a program that makes it right: sought where the program runs, compared here.

Which changes are tried depends on counts alone: of changes, and of the rounds that their loops have. The changes are
tried on the smallest question that is answered wrongly; those that are right there on a few others, and then on all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from convolab.verify import manners
from convolab.verify.answers import Answer
from convolab.verify.asked import Domain
from convolab.verify.contained import Contained, Ended, TooLate
from convolab.verify.examine import Asked, Examination, most_elements
from convolab.verify.following import is_confirmed
from convolab.verify.repair.change import OneEdit, SmallestChange

AT_ONCE = 100  # changes in one request, which has a program's whole time
ROUNDS = 2_500_000  # that the loops of all changes may have, beside MOST of them
TENSOR_ROUNDS = 12  # rounds of a loop over arrays that one over tensors counts for
OTHERS, RIGHT = 4, 2  # questions on which a change must be right, beside the first, before it is asked everything
FULL = 8  # changes that are asked everything
BEST = 4  # changes that make it better, to each of which a second one is tried
SECOND = 400  # changes that are tried as the second one
LONG = 20_000_000  # rounds of a call that is none of the small ones
IMAGES = ("image", "whole image", "bytes")


def repaired(examination: Examination) -> SmallestChange | None:
    """Return the smallest change that makes a program right, None where none was found.

    Parameters
    ----------
    examination : Examination
        It has wrong answers.
    """
    if not isinstance(examination.caller, Contained) or not examination.wrong:
        return None
    try:
        return _Search(examination, examination.caller).found()
    except (Ended, TooLate, _Unlike):
        return None


class _Unlike(Exception):
    """The program, taken by itself, does not do again what it did."""


class _Changed:
    """A caller whose program has some changes."""

    def __init__(self, caller: Contained, numbers: Sequence[int]) -> None:
        self._caller, self._numbers = caller, list(numbers)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._caller, name)

    def call(self, arrays: list[Any], **values: Any) -> Answer:
        """Make one call, see `Contained.call`."""
        self._caller.begin()
        return self._caller.call(arrays, **values, repair={"what": "call", "numbers": self._numbers, "most": LONG})


class _Search:
    def __init__(self, examination: Examination, caller: Contained) -> None:
        self.examination, self.caller = examination, caller
        self.asked = _chosen(examination)
        self.left = ROUNDS // (TENSOR_ROUNDS if examination.form.container == "tensors" else 1)
        self.most = [0] * len(self.asked)

    def found(self) -> SmallestChange | None:
        """Return the first change that is right everywhere: a single one, else two."""
        self._ask("begin")
        for n, asked in enumerate(self.asked):
            self._watch(n, asked)
        count = self._ask("list")[0].get("count", 0)
        singles = [[n] for n in range(count if isinstance(count, int) else 0)]
        nearer: list[tuple[int, list[int]]] = []
        right = [*self._right(singles, nearer)]
        change = self._confirmed(right)
        if change is not None:
            return change
        nearer.sort(key=lambda pair: -pair[0])
        several = [[*one, *second] for _, one in nearer[:BEST] for second in singles[:SECOND] if second != one]
        return self._confirmed([*self._right(several, [])])

    def _ask(self, what: str, asked: Asked | None = None, **more: Any) -> tuple[dict[str, Any], list[Any]]:
        """Send one request; with a question's call where there is one."""
        sent: list[Any] = []
        values: dict[str, Any] = {}
        if asked is not None:
            sent, values = self.examination.message(asked.probe.geometry, asked.arrays)
            values = values | {"most": most_elements(asked.probe.geometry)}
        self.caller.begin()
        return self.caller.ask(sent, **values, repair={"what": what, **more})

    def _watch(self, number: int, asked: Asked) -> None:
        """Let the program answer a question by itself; note its lines, and how many rounds its loops have."""
        header, arrays = self._ask("watch", asked, most=LONG)
        got = self.examination.read(Answer.read(header, arrays), asked.probe.geometry)[0]
        before = asked.trial.got
        if (got is None) != (before is None) or (got is not None and not _same(got, before)):
            raise _Unlike
        rounds = header.get("rounds")
        products = asked.probe.geometry.mult_adds
        self.most[number] = 3 * (rounds if isinstance(rounds, int) else 0) + 2 * products + 500

    def _right(self, tries: list[list[int]], nearer: list[tuple[int, list[int]]]) -> Iterator[list[int]]:
        """Yield the changes that answer the chosen questions rightly; those that only come nearer go into a list."""
        first = self.asked[0]
        base = _score(first, first.trial.got)
        for start in range(0, len(tries), AT_ONCE):
            if self.left <= 0:
                return
            some = tries[start : start + AT_ONCE]
            header, results = self._ask("try", first, numbers=some, most=self.most[0])
            rounds = header.get("rounds")
            self.left -= rounds if isinstance(rounds, int) else ROUNDS
            read = [self._value(r, first) for r in results]
            right = [got is not None and replace(first.trial, got=got, missing=None).right for got in read]
            scores = [_score(first, got) for got in read]
            for numbers, where in zip(some, header.get("found", ()), strict=False):
                if not isinstance(where, int) or not 0 <= where < len(read):
                    continue
                if right[where]:
                    if all(self._is_right(numbers, n) for n in range(1, len(self.asked))):
                        yield numbers
                    else:
                        nearer.append((1 << 30, numbers))
                elif scores[where] > base:
                    nearer.append((scores[where], numbers))

    def _value(self, array: Any, asked: Asked) -> np.ndarray | None:
        """Return a result as (N, C, H, W); None for what no result is."""
        answer = Answer(np.asarray(array)).reduced(most_elements(asked.probe.geometry))
        return self.examination.read(answer, asked.probe.geometry)[0]

    def _is_right(self, numbers: list[int], question: int) -> bool:
        asked = self.asked[question]
        header, results = self._ask("try", asked, numbers=[numbers], most=self.most[question])
        got = self._value(results[0], asked) if results and header.get("found") == [0] else None
        return got is not None and replace(asked.trial, got=got, missing=None).right

    def _confirmed(self, right: list[list[int]]) -> SmallestChange | None:
        """Return the first of some changes with which everything is right, asked as the program itself was."""
        for n, numbers in enumerate(right[:FULL]):
            caller: Any = _Changed(self.caller, numbers)
            again = replace(self.examination, caller=caller, asked=[], notes=[], known={})
            again.run()
            floating = all(a.probe.manner in IMAGES for a in again.wrong)  # which the program itself was never asked
            if floating and _holds(again):
                edits = self._ask("tell", numbers=numbers)[0].get("told", [])
                told = tuple(OneEdit.read(e) for e in edits) if isinstance(edits, list) else ()
                within = [again.domain.words] if again.domain else []
                within += ["floating images"] if again.wrong else []
                return (
                    SmallestChange(told, len(right) - n - 1, " and ".join(within))
                    if told and all(e.line for e in told)
                    else None
                )
        return None


def _holds(again: Examination) -> bool:
    """Return whether a program that is right so far is so where everything is varied, and changes no arguments."""
    if manners.of_results(again) is not None or manners.of_arguments(again) is not None:
        return False
    return not again.questions.confirming() or is_confirmed(again, again.convention, Domain())


def _same(got: np.ndarray, before: Any) -> bool:
    return got.shape == np.shape(before) and bool(np.allclose(got, before, equal_nan=True))


def _chosen(examination: Examination) -> list[Asked]:
    """Return the smallest question that is answered wrongly, a few others, and some that are answered rightly."""

    def size(asked: Asked) -> tuple[bool, int]:
        return asked.raised, asked.probe.geometry.mult_adds

    wrong, right = (sorted(some, key=size) for some in (examination.wrong, (a for a in examination.asked if a.right)))
    others = {a.probe.geometry: a for a in reversed(wrong) if a.probe.geometry != wrong[0].probe.geometry}
    small = sorted(others.values(), key=size)
    return [wrong[0], *small[:: max(1, len(small) // OTHERS)][:OTHERS], *right[:: max(1, len(right) // RIGHT)][:RIGHT]]


def _score(asked: Asked, got: np.ndarray | None) -> int:
    """Return how near a result is: how many elements are right, in the right shape; less than nothing in another."""
    expected = asked.trial.expected
    if got is None:
        return -1_000_000
    if got.shape != expected.shape:
        if got.ndim != expected.ndim:
            return -500_000
        return -sum(1000 * abs(int(a) - int(b)) for a, b in zip(got.shape, expected.shape, strict=True))
    return int((np.abs(got - expected) <= asked.trial.tolerance).sum())
