"""Mistakes of a training (the table is in docs/check.md)."""

from convolab.verify.exercise1 import numbers
from convolab.verify.exercise1.before_loss import BEFORE_LOSS
from convolab.verify.exercise1.feeding import FEEDING
from convolab.verify.exercise1.rules import SeenMistake, most
from convolab.verify.exercise1.seen import Call, Seen
from convolab.verify.exercise1.steps import STEPS


def _loss_divided(seen: Seen) -> str | None:
    def divided(call: Call) -> bool:
        losses = [e.get("value") for e in call.losses if e.get("reduction") == "mean"]
        before = [e.get("value") for e in call.after if e["e"] == "backward"]
        if not losses or not before or not losses[-1] or not before[-1] or call.size < 16:
            return False
        return bool(abs(losses[-1] / before[-1] / call.size - 1) < 1e-3)

    if most(seen.training, divided):
        return (
            "The loss is divided by the number of images in the batch before backward, though cross-entropy is the "
            "mean "
            "of the batch already: the gradients are that much too small."
        )
    return numbers.divided_twice(seen)


def _accuracy(seen: Seen) -> str | None:
    return numbers.wrong_accuracy(seen, seen.epochs, "accuracy-divided-by-batches", "training")


def _choice(seen: Seen) -> str | None:
    return wrong_axis(seen, {c.event.get("n") for c in seen.training})


def wrong_axis(seen: Seen, calls: set[int | None]) -> str | None:
    """Say along which axis the largest score was looked for, where that is not the axis of the classes."""
    found = [e for e in seen.of_kind("choice") if e.get("call") in calls and e.get("axes") == 2]
    wrong = [e for e in found if e.get("dim") not in (1, -1)]
    if not wrong or len(wrong) < 0.5 * len(found):
        return None
    rows, columns = wrong[0]["shape"]
    axis = "over everything at once" if wrong[0].get("dim") is None else f"along axis {wrong[0]['dim']}, the images"
    return (
        f"The largest score is looked for {axis}. The scores have {rows} rows (images) and {columns} columns "
        f"(classes): "
        f"for every image the best class is argmax along axis 1."
    )


TRAINING = (
    *BEFORE_LOSS,
    *STEPS,
    *FEEDING,
    SeenMistake(
        "loss-divided-twice",
        "The loss is divided twice",
        _loss_divided,
        "By how much is the sum of the losses divided?",
    ),
    SeenMistake(
        "accuracy-divided-by-batches",
        "The accuracy is divided by the batches",
        _accuracy,
        "How many images were there?",
    ),
    SeenMistake("argmax-over-images", "The largest score along the wrong axis", _choice, "What do the rows stand for?"),
)
"""The rules of a training, in the order in which they are told."""
