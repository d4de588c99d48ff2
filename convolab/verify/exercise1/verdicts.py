"""The verdicts on a network, its training and its evaluation, from what was seen of them."""

from collections.abc import Sequence
from typing import Any

from convolab.definition.mistakes import UNRECOGNISED
from convolab.verify.diagnosis import Diagnosis
from convolab.verify.exercise1.evaluation import EVALUATION
from convolab.verify.exercise1.layers import DIFFERENCES, SHEETS, LayerDifference, differences, read
from convolab.verify.exercise1.rules import SeenMistake
from convolab.verify.exercise1.seen import Call, Seen
from convolab.verify.exercise1.training import TRAINING
from convolab.verify.verdict import FunctionReport

NEAR = 2  # kinds of differences up to which a network is taken for the sheet's with mistakes in it
HEAVY = ("missing-convolution", "extra-convolution")  # which count twice
MOST_NAMED = 3
PARTS = ("network", "training", "evaluation")
"""What there are verdicts on."""
NETWORKS = ("near", "sheet", "any")
"""Which network is asked for: the sheet's where it is meant to be, the sheet's always, or any."""


def verdicts(observed: dict[str, Any], notes: Sequence[str], asked: str = "near") -> list[FunctionReport]:
    """Return what there is to say of a network, its training and its evaluation; of what was not seen nothing.

    Parameters
    ----------
    observed : dict
        What was seen (see `inside/watch.py`).
    notes : list of str
        What raised while the file ran.
    asked : {"near", "sheet", "any"}
    """
    seen = Seen(observed, raised=bool(notes))
    found = [_of_network(seen, asked)]
    stopped = [c for c in seen.calls if c.event.get("raised") and not seen.layers.get("error")]
    if not seen.training and stopped and not any(t.get("mismatch") for t in seen.layers.get("layers") or []):
        found.append(_stopped(stopped[0], notes))
    if seen.training:
        found.append(
            _of_rules("training", TRAINING, seen, [*_unseen_of_training(seen), *_called(seen, evaluating=False)])
        )
        _add_what_stopped(found[-1], seen, notes)
    if seen.evaluations:
        found.append(_of_rules("evaluation", EVALUATION, seen, _called(seen, evaluating=True)))
    found[0].notes += _not_seen(seen)
    return found


def without_networks(functions: dict[str, Any], observed: dict[str, Any]) -> dict[str, Any]:
    """Return what else a file defines, which may be a convolution: nothing that is, or makes, a module of torch's."""
    makers = observed.get("makers") or []
    others = {n: f for n, f in functions.items() if n not in makers}
    return {n: f for n, f in others.items() if not any(b.startswith("torch.nn.") for b in f.get("bases", ()))}


def _of_network(seen: Seen, asked: str) -> FunctionReport:
    traced = [t for t in seen.layers.get("layers") or [] if isinstance(t, dict)]
    found, added = differences(traced, loss_seen=bool(seen.of_kind("loss")))
    error = seen.layers.get("error")
    if error and not any(d.breaks for d in found):
        found = [LayerDifference("does-not-run", f"Given {seen.layers.get('input')}, it raises {error}.", breaks=True)]
    notes = [f"beside the sheet's layers: {', '.join(sorted(set(added)))}"] if added else []
    breaks = any(d.breaks for d in found)
    judged = asked == "sheet" or (asked == "near" and _distance(found) <= NEAR)
    if found and not breaks and not judged:
        own = " · ".join(map(str, read(traced)))
        why = "" if asked == "any" else " (--network sheet judges it as the sheet's)"
        kinds = ", ".join(dict.fromkeys(d.code for d in found))
        notes.append(f"another network than the sheet's ({kinds}), which is not counted against it{why}: {own}")
        found = []
    if breaks:
        found = [d for d in found if d.breaks] or found
    right = max(0, len(SHEETS) - len(found))
    points = 1.0 if not found else min(0.9, int(10 * right / len(SHEETS)) / 10)
    diagnosis = _diagnosis([(d.code, DIFFERENCES[d.code][0], d.message) for d in found]) if found else None
    return FunctionReport(
        "network",
        "network",
        "failed" if found else "passed",
        points,
        diagnosis,
        notes,
        probes=len(SHEETS),
        unit="layers of the sheet's",
    )


def _distance(found: list[LayerDifference]) -> int:
    """Return how far a network is from the sheet's: the same difference in several layers counts once."""
    return sum(2 if code in HEAVY else 1 for code in {d.code for d in found})


def _of_rules(name: str, rules: Sequence[SeenMistake], seen: Seen, notes: list[str]) -> FunctionReport:
    told = [(rule, text) for rule in rules if (text := rule.look(seen))]
    wrong = [(rule.code, rule.title, text) for rule, text in told if not rule.harmless]
    notes = [*(f"{rule.code}: {text}" for rule, text in told if rule.harmless), *notes]
    points = 1.0 if not wrong else min(0.9, int(10 * (len(rules) - len(wrong)) / len(rules)) / 10)
    hints = " ".join(rule.hint for rule, _ in told if not rule.harmless)
    diagnosis = _diagnosis(wrong, hints) if wrong else None
    return FunctionReport(
        name,
        name,
        "failed" if wrong else "passed",
        points,
        diagnosis,
        notes,
        probes=len(rules),
        unit="mistakes looked for",
    )


def _diagnosis(found: list[tuple[str, str, str]], hint: str = "") -> Diagnosis:
    """Return one diagnosis of several mistakes, the first of them named."""
    codes = list(dict.fromkeys(code for code, *_ in found))
    listed = [{"code": code, "title": title, "message": text} for code, title, text in found]
    titles = list(dict.fromkeys(title for _, title, _ in found))
    return Diagnosis(
        "+".join(codes[:MOST_NAMED]), "; ".join(titles[:MOST_NAMED]), " ".join(text for *_, text in found), hint,
        evidence={"found": listed},
    )  # fmt: skip


def _stopped(call: Call, notes: Sequence[str]) -> FunctionReport:
    """Return the verdict on a training that ends at the first call of the network, which runs by itself."""
    text = notes[0] if notes else "the network raised when it was called"
    code, title = UNRECOGNISED, "It raised"
    if call.event.get("floating") is False:
        code, title = "pixels-not-floating", "The pixels are whole numbers"
        text = f"The images go in as whole numbers; they should be floating fractions from 0 to 1. {text}"
    diagnosis = Diagnosis(code, title, f"{text}.", evidence={"seen": text})
    return FunctionReport("training", "training", "error", 0.0, diagnosis)


def _add_what_stopped(report: FunctionReport, seen: Seen, notes: Sequence[str]) -> None:
    """Say what raised, if the last pass over the data was not gone through for that reason."""
    passes = seen.of_kind("pass")
    failed = [e for e in seen.of_kind("failed") if not e.get("evaluating")]
    stopped = (
        bool(notes) and bool(passes) and not passes[-1].get("done") and passes[-1].get("served", 0) < passes[-1]["of"]
    )
    if report.diagnosis is None and (stopped or failed):
        text = notes[-1] if stopped else f"{failed[-1].get('name')} raised {failed[-1].get('text')}"
        report.status, report.points = "error", 0.0
        report.diagnosis = Diagnosis(UNRECOGNISED, "It raised", f"{text}.", evidence={"seen": text})


def _unseen_of_training(seen: Seen) -> list[str]:
    """Return what could not be told, so that silence about it is not taken for praise."""
    notes = []
    if all(c.of == "unknown" for c in seen.training):
        notes.append(
            "not seen: which images it is trained with, in which order (they are none of those that were served)"
        )
    losses = [e for c in seen.training for e in c.losses]
    if not losses:
        notes.append("not seen: its loss, which is none of torch's own")
    elif all(e.get("labels") == "unknown" for e in losses):
        notes.append("not seen: whether labels and images belong together")
    return notes


def _called(seen: Seen, *, evaluating: bool) -> list[str]:
    calls = [e for e in seen.of_kind("called") if bool(e.get("evaluating")) == evaluating]
    return [f"called by the checker: {e.get('name')}({e.get('arguments')})" for e in calls]


def _not_seen(seen: Seen) -> list[str]:
    if not seen.training:
        return ["not seen: a training (no backward pass and no step ran)"]
    return (
        [] if seen.evaluations else ["not seen: an evaluation (after the training the network was not called on a set)"]
    )
