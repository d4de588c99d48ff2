"""Mistakes of an evaluation, each with how it shows in the run (the table is in docs/check.md)."""

from convolab.verify.exercise1 import numbers
from convolab.verify.exercise1.inside.bounds import UNKNOWN
from convolab.verify.exercise1.rules import SeenMistake, most
from convolab.verify.exercise1.seen import Call, Seen
from convolab.verify.exercise1.training import wrong_axis

FAR = 2.0  # times: pixels that lie so much further apart than those of the training were scaled otherwise


def _on_training_set(seen: Seen) -> str | None:
    passes = [p for p in seen.evaluations if p.of == "train"]
    if not passes or any(p.of == "test" for p in seen.evaluations):
        return None
    if seen.training and not all(_knows(seen, p.calls[0].event.get("model"), p.calls) for p in passes):
        return None  # a part of the training set that was held back
    return (
        "The network is evaluated with images that it was trained with, and with no others: that is the training "
        "accuracy. (The sheet's own evaluation has this slip: it loads the training set.) Take the test set, "
        "train=False."
    )


def _knows(seen: Seen, model: object, calls: list[Call]) -> bool:
    """Return whether a network was trained with images of those calls; of one that was not trained, any was."""
    trained = [c for c in seen.training if c.event.get("model") == model] or seen.training
    known = {n for c in trained for n in c.numbers if n != UNKNOWN}
    asked = {n for c in calls for n in c.numbers if n != UNKNOWN}
    return not known or len(asked & known) >= 0.1 * len(asked)


def _in_training_mode(seen: Seen) -> str | None:
    late = [c for c in seen.evaluation if c.event.get("training")]
    if seen.modal and late:
        return (
            f"The evaluation runs in training mode, in which {' and '.join(seen.modal)} still works as in training: "
            f"the answers are not those of the finished network. Call model.eval() before it."
        )
    return None


def _mode_without_effect(seen: Seen) -> str | None:
    if not seen.modal and most(seen.evaluation, lambda c: bool(c.event.get("training"))):
        return (
            "The evaluation runs in training mode. This network has no layer for which that makes a difference (no "
            "dropout, no batch norm), so nothing is wrong by it; model.eval() before it is the habit that helps."
        )
    return None


def _with_gradients(seen: Seen) -> str | None:
    if most(seen.evaluation, lambda c: bool(c.event.get("grad"))):
        return (
            "The evaluation keeps everything for gradients that nobody asks for: the values are right, but it takes "
            "more "
            "time and memory. The sheet evaluates without gradients: with torch.no_grad()."
        )
    return None


def _untrained(seen: Seen) -> str | None:
    trained = {c.event.get("model") for c in seen.training}
    asked = {c.event.get("model") for c in seen.evaluation}
    given = {n.get("number") for n in seen.networks if n.get("given")}  # copied, or with weights that were loaded
    if trained and asked and not asked & (trained | given):
        return "The network that is evaluated is not the one that was trained, but another that was made anew."
    return None


def _before_training(seen: Seen) -> str | None:
    """Say so if the hand-in's own evaluations all come before the first step of the training."""
    own = seen.events[: next((n for n, e in enumerate(seen.events) if e["e"] == "called"), None)]
    passes = [p for p in seen.evaluations if any(p.calls[0].event is e for e in own)]
    first = next((n for n, e in enumerate(own) if e["e"] in ("backward", "step")), None)
    if not passes or first is None or seen.raised or seen.of_kind("enough"):
        return None
    if all(any(p.calls[-1].event is e for e in own[:first]) for p in passes):
        return (
            "The network is evaluated before it is trained, and not again afterwards: what is told is the accuracy of "
            "a network that has learned nothing. Evaluate it behind the last epoch."
        )
    return None


def _otherwise_scaled(seen: Seen) -> str | None:
    trained = [c.event.get("spread") for c in seen.training if c.of != "unknown"]
    asked = [c.event.get("spread") for c in seen.evaluation]
    if not trained or not asked or not all(isinstance(v, int | float) and v > 0 for v in (*trained, *asked)):
        return None
    one, other = max(trained), max(asked)  # type: ignore[type-var]
    if max(one / other, other / one) > FAR:  # type: ignore[operator]
        return (
            f"The test images are scaled otherwise than the training images: from an image's darkest pixels to its "
            f"brightest it is {other:.4g} here and {one:.4g} there. Both must go through the same transforms."
        )
    return None


def _labels(seen: Seen) -> str | None:
    found = [e.get("labels") for c in seen.evaluation for e in c.after if e["e"] in ("compared", "loss")]
    known = [r for r in found if r != "unknown"]
    if known and sum(r != "right" for r in known) > 0.5 * len(known):
        return "The answers are compared with labels that do not belong to the images."
    return None


def _choice(seen: Seen) -> str | None:
    return wrong_axis(seen, {c.event.get("n") for c in seen.evaluation})


def _number(code: str) -> SeenMistake:
    title, hint = NUMBERS[code]
    return SeenMistake(
        code, title, lambda seen: numbers.wrong_accuracy(seen, seen.evaluations, code, "evaluation"), hint
    )


NUMBERS = {
    "accuracy-divided-by-batches": ("The accuracy is divided by the batches", "How many images were there?"),
    "only-the-last-batch": ("Only the last batch counts", "What is set to zero, and where?"),
    "only-the-first-batch": ("Only the first batch counts", "How often does the loop run?"),
    "accuracy-of-another-total": ("The accuracy is divided by another number", "How many images were there?"),
}


def _few(seen: Seen) -> str | None:
    """Say so if only one batch of several is evaluated."""
    calls = [p for p in seen.evaluations if p.of != "unknown"]
    passes = [e for e in seen.of_kind("pass") if isinstance(e.get("of"), int) and e["of"] > 1 and not e.get("cut")]
    left = [p for p in passes if p.get("served") == 1 and not p.get("done") and _is_evaluated(seen, p)]
    if left and all(len(p.calls) == 1 for p in calls) and calls:
        return (
            f"The evaluation takes one batch of {left[0]['of']} and leaves the loop (a break or a return inside of it)."
        )
    return None


def _is_evaluated(seen: Seen, event: dict[str, object]) -> bool:
    """Return whether the network was called, and not trained, in a pass over a loader."""
    place = next(n for n, e in enumerate(seen.events) if e is event)
    names = []
    for later in seen.events[place + 1 :]:
        if later["e"] == "pass":
            break
        names.append(later["e"])
    return "call" in names and "backward" not in names[: names.index("call") + 8] and "step" not in names


EVALUATION = (
    SeenMistake(
        "evaluated-on-training-set", "Evaluated with the training set", _on_training_set, "Which images are these?"
    ),
    SeenMistake(
        "evaluated-in-training-mode", "Evaluated in training mode", _in_training_mode, "In which mode is the network?"
    ),
    SeenMistake(
        "training-mode-without-effect",
        "Evaluated in training mode, without effect",
        _mode_without_effect,
        harmless=True,
    ),
    SeenMistake("evaluated-with-gradients", "Evaluated with gradients", _with_gradients, "Who needs the gradients?"),
    SeenMistake(
        "evaluated-before-training", "Evaluated before the training", _before_training, "When is the network asked?"
    ),
    SeenMistake("evaluated-untrained", "Another network is evaluated", _untrained, "Is it the same network?"),
    SeenMistake(
        "test-scaled-otherwise", "The test images are scaled otherwise", _otherwise_scaled, "Print the largest pixel."
    ),
    SeenMistake("labels-of-other-images", "Labels of other images", _labels, "Does each answer meet its own label?"),
    SeenMistake("argmax-over-images", "The largest score along the wrong axis", _choice, "What do the rows stand for?"),
    SeenMistake("one-batch-evaluated", "One batch is evaluated", _few, "How often does the loop run?"),
    *map(_number, NUMBERS),
)
"""The rules of an evaluation, in the order in which they are told."""
