"""Why is it wrong? The mistake that does the same, or what was seen; and the evidence in every case."""

from convolab.definition import mistakes
from convolab.verify import manners
from convolab.verify.called import call_text
from convolab.verify.contained import Ended, TooLate
from convolab.verify.diagnosis import Diagnosis, observed
from convolab.verify.examine import Examination
from convolab.verify.looks import explained, name
from convolab.verify.printable import printable
from convolab.verify.reads import describe_reads, read_map
from convolab.verify.smallest import smallest
from convolab.verify.words import show_geometry
from convolab.verify.written import describe_smallest


def diagnose(examination: Examination, *, with_evidence: bool = True) -> Diagnosis | None:
    """Return the diagnosis of a function that was asked everything; None if nothing is wrong with it."""
    seen = manners.of_results(examination)
    if seen is None and not examination.wrong:
        seen = manners.of_arguments(examination) or manners.of_memory(examination) or manners.of_views(examination)
        if seen is None:
            return None
    diagnosis = observed(*seen) if seen else examination.known.get("name") or name(examination)
    if examination.convention.flip:
        _say_what_is_turned(diagnosis)
    if diagnosis.code != "mutates-input" and (also := manners.of_arguments(examination)) is not None:
        diagnosis.message += f" Besides, {also[1]}."
        diagnosis.evidence["also"] = {also[0]: also[1]}
    _say_how_it_was_called(examination, diagnosis)
    if with_evidence and diagnosis.code != "returns-nothing":
        try:
            _add_evidence(examination, diagnosis)
        except (Ended, TooLate) as stop:
            # The diagnosis stands; what would have illustrated it took too long or ended the process.
            examination.notes.append(f"evidence is incomplete: {stop or 'it took too long'}")
        except Exception as fault:  # of the checker itself
            what = f"{type(fault).__name__}: {printable(fault, 300)}"
            examination.notes.append(f"evidence is incomplete: the checker itself failed on it ({what})")
    if examination.form.layout.input.endswith("N"):
        _call_colours_channels(diagnosis)
    return diagnosis


# Where a true convolution is asked for, what is used backwards by the catalogue is what the program does not turn.
TURNED = {
    "flipped-kernel": ("The kernel is not turned", "It is a cross-correlation: the kernel is used as it lies."),
    "flipped-rows": ("The rows of the kernel are not turned", mistakes.find("flipped-columns").sentence),
    "flipped-columns": ("The columns of the kernel are not turned", mistakes.find("flipped-rows").sentence),
}


def _say_what_is_turned(diagnosis: Diagnosis) -> None:
    """Say of a kernel that is asked to be turned what the program does to it."""
    for code in set(diagnosis.code.split("+")) & TURNED.keys():
        entry, (title, sentence) = mistakes.find(code), TURNED[code]
        diagnosis.title = diagnosis.title.replace(entry.title, title)
        diagnosis.message = diagnosis.message.replace(entry.sentence, sentence)


def _say_how_it_was_called(examination: Examination, diagnosis: Diagnosis) -> None:
    """Add the call to a message that quotes an exception."""
    raised = next((a for a in examination.wrong if a.answer.error), None)
    if raised is not None and (raised.answer.error or {}).get("type", "") in diagnosis.message:
        shown = show_geometry(raised.probe.geometry, examination.plane)
        diagnosis.message += f" It was called as {call_text(examination.form)}, with {shown}."


# What is an image of the batch in the definition is a colour, where one plane's kernel meets every colour alike.
COLOURS = {"batch-zero-only": "first-channel-only", "batch-summed": "channels-mixed", "images-mixed": "channels-mixed"}


def _call_colours_channels(diagnosis: Diagnosis) -> None:
    """Say channel where the diagnosis says image of the batch."""
    diagnosis.code = "+".join(COLOURS.get(part, part) for part in diagnosis.code.split("+"))
    for field_name in ("title", "message", "hint", "explanation"):
        text: str = getattr(diagnosis, field_name)
        for images, channels in (
            ("images of the batch", "channels"),
            ("image of the batch", "channel"),
            ("Images are", "Channels are"),
            ("images are", "channels are"),
            ("image of the input", "channel of the input"),
            ("image of the output", "channel of the output"),
            ("one image to the next", "one channel to the next"),
        ):
            text = text.replace(images, channels)
        setattr(diagnosis, field_name, text.replace("several images in the batch", "several channels"))


def _add_evidence(examination: Examination, diagnosis: Diagnosis) -> None:
    if not examination.wrong:
        return
    first = examination.wrong[0]
    diagnosis.evidence["first_failing"] = show_geometry(first.probe.geometry, examination.plane)
    shapes = first.trial
    if shapes.got is not None and shapes.got.shape != shapes.expected.shape:
        diagnosis.evidence["shape"] = {"got": list(shapes.got.shape), "expected": list(shapes.expected.shape)}
    error = next((a.answer.error for a in examination.wrong if a.answer.error), None)
    if error:
        diagnosis.evidence["error"] = {k: str(error.get(k, "")) for k in ("type", "text", "line")}
    if any(a.answer.facts.get("too_large") for a in examination.wrong):
        return
    if examination.target.operation not in mistakes.OPERATIONS:
        return
    diagnosis.evidence["smallest"] = describe_smallest(examination, smallest(examination))
    # A program is started for every call: where its mistake has a name, the hundreds of a fit are spared.
    spared = diagnosis.code != mistakes.UNRECOGNISED and examination.form.container == "files"
    if "seen" not in diagnosis.evidence and "domain" not in diagnosis.evidence and not spared:
        relation = explained(examination)
        if relation is not None:
            diagnosis.explanation, diagnosis.fit = relation.sentence, relation.fit
            diagnosis.convention = diagnosis.convention or relation.convention
        read = read_map(examination)
        if read is not None:
            diagnosis.evidence |= describe_reads(examination, read)
