"""Mistakes in which images and labels a network is trained with, each with how it shows in the run."""

from itertools import pairwise

from convolab.verify.exercise1.rules import SeenMistake, most
from convolab.verify.exercise1.seen import CallsInARow, Seen

FEW = 0.4  # of the training set: what is less is no part that a validation leaves


def _order(seen: Seen) -> str | None:
    epochs = [e for e in seen.epochs if e.of == "train" and not e.cut and len(e.calls) > 1]
    rows = [[n for c in e.calls for n in c.numbers] for e in epochs]
    if rows and not _is_ours(seen) and all(len(r) > 1 and _ascending(r) for r in rows):
        return (
            "The training images go in in the order of the data set, the same in every epoch. The sheet shuffles them "
            "anew in every epoch (shuffle=True)."
        )
    return None


def _ascending(row: list[int]) -> bool:
    known = [n for n in row if n >= 0]
    return len(known) > 0.9 * len(row) and all(b > a for a, b in pairwise(known))


def _is_ours(seen: Seen) -> bool:
    """Return whether the training function was called by the checker, with its own arrays, in their order."""
    return any("x" in str(e.get("arguments", "")).lower() and not e.get("evaluating") for e in seen.of_kind("called"))


def _same_order(seen: Seen) -> str | None:
    epochs = [e for e in seen.epochs if e.of == "train" and not e.cut and len(e.calls) > 1]
    rows = [[n for c in e.calls for n in c.numbers] for e in epochs]
    if len(rows) > 1 and all(r == rows[0] for r in rows) and not _ascending(rows[0]):
        return "The images are in one shuffled order, the same in every epoch; the sheet shuffles them anew in each."
    return None


LABELS = {
    "index": "label of the image {k} places {way} in the data set",
    "place": "label of the image {k} places {way} in the batch",
    "value": "label plus {n}",
    "wrapped": "label plus {n} (modulo 10)",
    "reversed": "9 minus the label",
}


def _labels(seen: Seen) -> list[str]:
    return [str(e.get("labels")) for c in seen.training for e in c.losses if e.get("labels") != "unknown"]


def _shifted(seen: Seen) -> str | None:
    found = [r for r in _labels(seen) if r not in ("right", "apart")]
    if not found or len(found) < 0.5 * len(_labels(seen)):
        return None
    most_often = max(set(found), key=found.count)
    return f"Image and label do not belong together: each image goes in with the {_told(most_often)}."


def _told(relation: str) -> str:
    kind = relation.rstrip("+-0123456789")
    step = int(relation[len(kind) :] or 0)
    way = "after it" if step > 0 else "before it"
    text = LABELS.get(kind, relation).format(k=abs(step), way=way, n=step)
    return text.replace(" 1 places", " one place")


def _raises(seen: Seen) -> str | None:
    raised = [str(e["raised"]) for e in seen.of_kind("loss") if e.get("raised")]
    return f"The loss raises {raised[0]}." if raised and _shifted(seen) is None else None


def _apart(seen: Seen) -> str | None:
    found = _labels(seen)
    if found and found.count("apart") >= 0.5 * len(found):
        return (
            "Image and label do not belong together: the labels go in in another order than the images (shuffled "
            "apart, "
            "or of other images)."
        )
    return None


def _on_test(seen: Seen) -> str | None:
    if most([c for c in seen.training if c.of != "unknown"], lambda c: c.of == "test"):
        return "The images that the network is trained with are those of the test set: its test says nothing then."
    if any(e.of == "test" and e.images > 0.3 * seen.sizes["test"] for e in seen.epochs):
        return (
            "The network goes on training while it is tested: backward and step run with the images of the test set "
            "too. A test only calls the network, without an optimiser."
        )
    return None


def _one_batch(seen: Seen) -> str | None:
    passes = []
    current: dict[str, object] | None = None
    for event in seen.events:
        if event["e"] == "pass":
            current = event
        elif event["e"] == "backward" and current is not None and current not in passes:
            passes.append(current)
    if seen.raised and len(passes) < 2:
        return None  # an exception may have ended it
    if any(e.get("raised") for e in seen.of_kind("backward", "loss", "call")):
        return None  # an exception ended the pass
    whole = [p for p in passes if isinstance(p.get("of"), int) and p["of"] > 1 and not p.get("cut")]  # type: ignore[operator]
    if whole and all(p.get("served") == 1 and not p.get("done") for p in whole) and len(whole) == len(passes):
        return (
            f"In every epoch one batch is taken and the loop is left (a break or a return inside of it, or "
            f"next(iter(…))): "
            f"one of {whole[0]['of']} batches here."
        )
    return None


def _part_of_the_images(seen: Seen) -> str | None:
    """Say so if most of the training images never go in, or if every epoch ends long before their end."""
    epochs, whole = [e for e in seen.epochs if e.of == "train" and not e.cut], seen.sizes["train"]
    if len(epochs) < 2 or seen.raised or _one_batch(seen):
        return None
    known = {n for e in epochs for c in e.calls for n in c.numbers if n >= 0}
    if known and len(known) < FEW * whole:
        return (
            f"Of the {whole} training images that there are here only {len(known)} ever go in, the same in every "
            f"epoch. The sheet trains with all of them."
        )
    if len(known) < whole and _end_early(seen, epochs):
        return (
            f"In every epoch only {epochs[0].images} of the {whole} training images that there are here go in: the "
            f"loop over the batches ends too early (up to which number does it run, and in which steps?)."
        )
    return None


def _end_early(seen: Seen, epochs: list[CallsInARow]) -> bool:
    """Return whether epochs of a loop of one's own, each told by a line, are of a few images, none of them twice."""
    rows = [[n for c in e.calls for n in c.numbers] for e in epochs]
    alike = len({e.images for e in epochs}) == 1 and epochs[0].images < FEW * seen.sizes["train"]
    few = sum(e.images for e in epochs) < 2 * seen.sizes["train"] and len(epochs) > 2
    told = all(e.last_texts for e in epochs) and not seen.of_kind("pass")
    return alike and few and told and all(len(set(r)) == len(r) for r in rows)


FEEDING = (
    SeenMistake("no-shuffling", "The images are not shuffled", _order, "In which order do the images go in?"),
    SeenMistake("shuffled-once", "Shuffled once, not in every epoch", _same_order, harmless=True),
    SeenMistake(
        "labels-shifted", "Labels of other images: shifted", _shifted, "Does each image go in with its own label?"
    ),
    SeenMistake("loss-raises", "The loss raises", _raises, "Which shape and type do scores and labels have?"),
    SeenMistake(
        "labels-shuffled-apart",
        "Labels of other images: another order",
        _apart,
        "Does each image go in with its own label?",
    ),
    SeenMistake("trained-on-test-set", "Trained with the test set", _on_test, "Which images is it trained with?"),
    SeenMistake("one-batch-an-epoch", "One batch in every epoch", _one_batch, "How many steps does an epoch take?"),
    SeenMistake("part-of-the-images", "A part of the training images", _part_of_the_images, "How many images go in?"),
)
