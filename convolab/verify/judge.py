"""Judge a file, or a function: load it, ask it, and report."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from convolab.definition.mistakes import UNRECOGNISED
from convolab.errors import ArgumentError, InputError, unknown
from convolab.verify.asked import AskedConvention, named_domain
from convolab.verify.asked import convention as asked_convention
from convolab.verify.called import call_text
from convolab.verify.contained import MEMORY, Contained, Ended, TooLate
from convolab.verify.courses import COURSES
from convolab.verify.devices import known_device
from convolab.verify.diagnosis import Diagnosis
from convolab.verify.direct import Caller, Direct
from convolab.verify.elements import elements
from convolab.verify.examine import Examination
from convolab.verify.exercise1.verdicts import NETWORKS, verdicts, without_networks
from convolab.verify.exercise1.watched import Watched, has_a_network
from convolab.verify.interpret import examined
from convolab.verify.looks import NAMELESS
from convolab.verify.meant import diagnosed
from convolab.verify.printable import printable
from convolab.verify.programs import Program, Running
from convolab.verify.reads import whole_map
from convolab.verify.repair.search import repaired
from convolab.verify.report import Report
from convolab.verify.signatures import nothing_to_judge
from convolab.verify.sobel.judge import SOBELS, sobel_verdict, sobels
from convolab.verify.subjects import JudgedSubject, subjects
from convolab.verify.targets import OPTIONS, TARGETS, JudgedFunction, Options
from convolab.verify.verdict import FunctionReport

TIMEOUT = 10.0  # seconds that loading the file, and each function, may take
OWN_FAULT = "The checker itself failed"
FILE = "(file)"  # in place of a function's name, where the file as a whole has no other verdict
FILTERS_SIZE = "kernel=3x3"  # of a Sobel function's filters
_KNOWN = (*TARGETS, *SOBELS)


def check(
    function: Callable[..., Any] | str | os.PathLike[str] | None = None,
    *,
    command: str | Sequence[str] | None = None,
    judged_as: str | dict[str, str] | None = None,
    course: str | None = None,
    convention: str | AskedConvention | None = None,
    geometry: Options | str | None = None,
    dtype: Any = None,
    device: Any = None,
    timeout: float = TIMEOUT,
    memory: int = MEMORY,
    hints: bool = True,
    alone: bool = False,
    name: str | None = None,
    evidence: bool = True,
    advance: Callable[[int, int, str], None] | None = None,
    network: str = "near",
) -> Report:
    """Judge a convolution, and name the mistake in it.

    The function is asked a list of questions whose shapes cannot be confused, and each answer is compared with the
    definition's, element by element. If one is wrong, the mistake is sought that gives the same wrong values.

    Parameters
    ----------
    function : callable, or path of a Python file or of a notebook
        A function is called in this process, without limits; a file runs in a contained process of its own. Of a file,
        every function that has the name of one that can be judged is judged.
    command : str, optional
        A program of one's own in place of a function, such as `./conv {input} {weight} {output}`: it is run once for
        each call, with arrays as .npy files. Further fields are `{bias}`, `{grad_output}`, `{input_size}`,
        `{weight_size}`, `{stride}`, `{padding}`, `{dilation}`, `{groups}` and `{dtype}`; `judged_as` is `conv2d` if it
        is not given, and `timeout` counts for each call.
    judged_as : str, or dict of {name in the file: function}, optional
        Which function it should be, where its name does not say so: `compute_convolution_at_position(i, j, img,
        kernel)`, `apply_convolution(img, kernel)`, `conv_gradient_wrt_input(dloss_dy, kernel)`,
        `conv_gradient_wrt_kernel(img, dloss_dy)`, all of bare (H, W) arrays; or `conv2d(input, weight)`,
        `conv2d_input(input_size, weight, grad_output)`, `conv2d_weight(input, weight_size, grad_output)` of (N, C, H,
        W) arrays, with the options stride, padding, dilation, groups and bias as far as they are taken.
    course : str, optional
        The course whose names, layouts and conventions the functions have (a key of `verify.courses.COURSES`); it is
        found by itself where the names of the functions and of their parameters say so.
    convention : str or AskedConvention, optional
        What is asked for in place of a cross-correlation with the padding that is handed in: a name such as
        `scipy-convolve2d-same`, `ndimage`, `opencv`, or words such as `flip,same,reflect` (see `verify.asked`).
    geometry : dict or str, optional
        Values of stride, padding and dilation (in pixels) and of groups to judge it with, and no others; under `only`,
        or as a text, for which inputs: `square`, `odd`, `divides`, `kernel=3x3`.
    dtype : optional
        Element type of the arrays: float16, bfloat16 (as tensors), float32, float64, int8, int16 or int32. The
        tolerance follows from it. The result must have it too; of whole numbers it may be any integer, or floating.
    device : str, optional
        Where torch tensors are handed in, such as `cuda`. A file can be judged on `cpu` only.
    timeout : float
        Seconds that loading a file, and each of its functions, may take; the checker's own time does not count.
    memory : int
        Bytes that a file's process may take beyond Python and its libraries.
    hints : bool
        Whether the report shows the hints.
    alone : bool
        Whether a file may read only itself, not the folder that it lies in.
    name : str, optional
        What the report calls a file; its path otherwise.
    evidence : bool
        Whether the smallest input, the read map and the explanation are sought, which takes most of the calls.
    advance : callable, optional
        It is told, before each function, how many are done, of how many, and the function's name.
    network : {"near", "sheet", "any"}
        Which network a file should define: the lab sheet's, where it differs from that in two ways at most; the
        sheet's in any case; or any.

    Returns
    -------
    Report
        Its `passed` says whether all is right, `functions` has a verdict for each function, with the `diagnosis`, and
        `raise_for_failure()` makes an AssertionError of it. `str(report)` is the text.

    Raises
    ------
    ArgumentError
        For a function that cannot be judged, or options that it cannot have.
    DtypeError
        For a dtype other than those.
    InputError
        For a file that is not there.

    Convention
    ----------
    What is judged is cross-correlation: the kernel is not flipped.

    Examples
    --------
    >>> def apply_convolution(img, kernel):
    ...     h, w = img.shape[0] - kernel.shape[0] + 1, img.shape[1] - kernel.shape[1] + 1
    ...     return np.array([[(img[i:i+kernel.shape[0], j:j+kernel.shape[1]] * kernel[::-1, ::-1]).sum()
    ...                       for j in range(w)] for i in range(h)])
    >>> check(apply_convolution).functions[0].diagnosis.code
    'flipped-kernel'
    """
    only, options = _geometry(geometry)
    settings: dict[str, Any] = {
        "options": _options(options),
        "domain": named_domain(only),
        "dtype": elements(dtype),
        "device": known_device(device, contained=not (command or callable(function))),
        "course": _known_course(course),
        "convention": asked_convention(convention) if isinstance(convention, str) else convention,
        "evidence": evidence,
        "advance": advance or _silent,
        "network": _known_network(network),
    }
    if command is not None or function is None:
        report = _judged_program(function, command, judged_as, timeout, settings)
    elif not callable(function):
        path = Path(function)
        if not path.is_file():
            raise InputError(f"check: {path} is not a file. Expected a Python file with the functions to judge.")
        mapping = judged_as if isinstance(judged_as, dict) else {}
        wanted = _wanted(mapping, settings)
        contained = Watched if wanted is None and has_a_network(path) else Contained
        caller = contained(path, list(mapping or _KNOWN), timeout=timeout, memory=memory, alone=alone)
        report = judge(caller, wanted, printable(name or path), settings)
    else:
        own = getattr(function, "__name__", "function")
        wanted = _wanted({own: judged_as if isinstance(judged_as, str) else own}, settings)
        report = judge(Direct(function, own), wanted, own, settings)
    report.hints = hints
    return report


def _judged_program(
    function: Any, command: str | Sequence[str] | None, judged_as: Any, timeout: float, settings: dict[str, Any]
) -> Report:
    """Judge a program that is run by a command."""
    if command is None or function is not None:
        given = "neither is" if command is None else "both are"
        raise ArgumentError(f"check: function or command is judged, and {given} given. Expected one of the two.")
    if isinstance(judged_as, dict) or settings["course"]:
        raise ArgumentError("check: a command is judged as one function, without a course. Give judged_as='conv2d'.")
    if settings["device"] or getattr(settings["dtype"], "name", "") == "bfloat16":
        raise ArgumentError(
            "check: a command is handed .npy files, which have no device and no bfloat16. Give neither."
        )
    program, wanted = Program(command, timeout), target(judged_as or "conv2d")
    program.forms(wanted)
    return judge(Running(program), {program.name: wanted}, program.name, settings)


def _wanted(mapping: dict[str, str], settings: dict[str, Any]) -> dict[str, JudgedFunction] | None:
    """Return the convolutions that are named, None where nothing is; the Sobel functions go into the settings."""
    settings["sobels"] = [name for name, judged in mapping.items() if judged in SOBELS] if mapping else None
    return {n: target(judged) for n, judged in mapping.items() if judged not in SOBELS} if mapping else None


def target(name: str) -> JudgedFunction:
    """Return the function that can be judged under that name."""
    if name not in TARGETS:
        raise ArgumentError(
            f"check: {name!r} is not a function that can be judged. Expected one of {', '.join(_KNOWN)}; give "
            f"judged_as= (--function FILE:NAME=conv2d) for another name."
        )
    return TARGETS[name]


def _geometry(geometry: Options | str | None) -> tuple[str, Options | None]:
    """Return for which inputs a function is judged, and with which options."""
    if isinstance(geometry, str):
        return geometry, None
    options = dict(geometry or {})
    return options.pop("only", ""), options


def _known_course(name: str | None) -> str | None:
    if name is not None and name not in COURSES:
        raise ArgumentError(f"check: course={unknown(name, COURSES)} Expected one of {', '.join(COURSES)}.")
    return name


def _known_network(name: str) -> str:
    if name not in NETWORKS:
        raise ArgumentError(f"check: network={name!r} is unknown. Expected one of {', '.join(NETWORKS)}.")
    return name


def _options(geometry: Options | None) -> Options | None:
    unknown = set(geometry or {}) - set(OPTIONS)
    if unknown:
        raise ArgumentError(f"check: geometry has {sorted(unknown)}. Expected {', '.join(OPTIONS)}.")
    return geometry or None


class _Work(NamedTuple):
    """One thing to judge: its name in the report, what it is judged as, and how; it may come to nothing."""

    shown: str
    target: str
    verdict: Callable[[], FunctionReport | None]
    # Of (the verdicts so far, the settings): whether it is asked for where it is nowhere.
    asked_for: Callable[[list[FunctionReport], dict[str, Any]], bool] = lambda functions, settings: True


def judge(caller: Caller, wanted: dict[str, JudgedFunction] | None, file: str, settings: dict[str, Any]) -> Report:
    """Load what the caller has, judge each wanted function that is there, and return the report."""
    functions: list[FunctionReport] = []
    error = ""
    try:
        loaded = caller.start()
        notes = [f"while the file was loaded, {_text(n)}" for n in loaded.get("notes", ())]
        if loaded.get("observed"):
            functions = verdicts(loaded["observed"], notes, settings["network"])
            loaded["functions"] = without_networks(loaded["functions"], loaded["observed"])
        work = [] if loaded.get("error") else list(_work(caller, loaded, wanted, settings))
        if loaded.get("error") or (notes and not work and not functions):
            raised = loaded.get("error") or loaded["notes"][0]
            error, title = _text(raised), _unloaded(raised)
            functions = [_not_judged(FILE, FILE, "error", f"the file could not be loaded: {error}", title=title)]
        elif not work and not functions:
            error = nothing_to_judge(loaded["functions"], wanted)
        settings["wrong"] = []
        _judge_all(caller, work, functions, settings)
        _repair(caller, settings["wrong"])
        for report in functions:
            report.notes += notes
    except (Ended, TooLate) as stop:
        status, error, title = _stopped(caller, stop)
        functions = [_not_judged(FILE, FILE, status, error, title=title)]
    except Exception as fault:
        error = _own_fault(fault)
        functions.append(_not_judged(FILE, FILE, "error", error, title=OWN_FAULT))
    finally:
        caller.close()
    return Report(file, functions, error=error, containment=caller.held, printed=caller.printed)


def _silent(done: int, of: int, name: str) -> None:
    """Say nothing of how far it is."""


def _unloaded(raised: dict[str, Any]) -> str:
    """What kind of fault keeps a file from being loaded."""
    kind = raised.get("type", "")
    if kind in ("SyntaxError", "IndentationError", "TabError"):
        return "The file is no Python: a syntax error"
    if kind in ("ImportError", "ModuleNotFoundError"):
        return "The file imports what is not installed here"
    return "The file raises an exception while it is loaded"


def _is_asked_for(
    unit: JudgedSubject, units: list[JudgedSubject], functions: list[FunctionReport], settings: dict[str, Any]
) -> bool:
    """Return whether a gradient that is nowhere should be there: a course asks for it, or there is no other either."""
    function = not unit.forms[0].is_watched
    if settings["course"] or (unit.by_course and (function or unit.target.operation == "input_gradient")):
        return True
    gradients = [u for u in units if u.name == unit.name and u.target.operation != "forward"]
    return unit is gradients[-1] and not any(f.name in [u.shown for u in gradients] for f in functions[:-1])


def _told_beside(functions: list[FunctionReport]) -> None:
    """Take a verdict without a result out again, and note beside the one before it that nothing was judged."""
    last = functions.pop()
    what = {"conv2d_input": "input", "conv2d_weight": "weight", "conv2d_bias": "bias"}[last.target]
    note = f"its backward pass leaves no gradient of the {what}, as a result or an attribute: not judged"
    if functions:
        functions[-1].notes.append(note)


def _work(
    caller: Caller, loaded: dict[str, Any], wanted: dict[str, JudgedFunction] | None, settings: dict[str, Any]
) -> Iterator[_Work]:
    """Yield what is to be judged by calling it: convolutions, then Sobel functions."""
    torch_loaded = loaded["torch"]
    units = list(subjects(loaded, wanted, settings))
    named = settings.get("sobels")
    found = sobels(loaded["functions"], named) if wanted is None or named else ()
    one_by_one = _judge_helper if found and wanted is None and _are_helpers(units) else _judge_one
    for unit in units:
        judged = partial(one_by_one, caller, unit, torch_loaded, settings)
        yield _Work(unit.shown, unit.target.name, judged, partial(_is_asked_for, unit, units))
    for name in found:
        one = partial(sobel_verdict, caller, name, named=bool(named), torch_loaded=torch_loaded)
        yield _Work(name, name, one)


def _are_helpers(units: list[JudgedSubject]) -> bool:
    """Return whether a file with Sobel functions has of convolutions only those of an image and a kernel."""
    whole = ("apply_convolution", "conv2d")
    return all(u.target.name in whole and u.target.operation == "forward" for u in units)


def _judge_helper(caller: Caller, unit: JudgedSubject, torch_loaded: bool, settings: dict[str, Any]) -> FunctionReport:
    """Judge a convolution beside Sobel functions, which need it for 3 × 3 kernels and no others."""
    quick = {**settings, "evidence": False}
    report = _judge_one(caller, unit, torch_loaded, quick)
    if report.diagnosis is None:
        return report
    if not settings["domain"] and (caller.alive or _started_again(caller) is None):
        narrow = _judge_one(caller, unit, torch_loaded, {**quick, "domain": named_domain(FILTERS_SIZE)})
        if narrow.status == "passed":
            narrow.notes.append(f"for kernels of another size than a Sobel filter's: {report.diagnosis.message}")
            return narrow
    if settings["evidence"] and (caller.alive or _started_again(caller) is None):
        return _judge_one(caller, unit, torch_loaded, settings)
    return report


def _judge_all(caller: Caller, work: list[_Work], functions: list[FunctionReport], settings: dict[str, Any]) -> None:
    """Add the verdicts to those that there are; where one has ended the process, the others get a new one."""
    for n, one in enumerate(work):
        settings.get("advance", _silent)(n, len(work), one.shown)
        report = one.verdict()
        functions += [report] if report is not None else []
        if report is not None and report.absent and not one.asked_for(functions, settings):
            _told_beside(functions)
        if not caller.alive and n + 1 < len(work):
            lost = _started_again(caller)
            if lost is not None:
                functions += [_not_judged(w.shown, w.target, *lost[:2], title=lost[2]) for w in work[n + 1 :]]
                return


def _repair(caller: Caller, wrong: list[tuple[Diagnosis, Examination]]) -> None:
    """Seek the smallest change that makes each wrong function right; all verdicts stand by now."""
    for diagnosis, examination in wrong:
        if not caller.alive and _started_again(caller) is not None:
            return
        diagnosis.change = repaired(examination)
        if diagnosis.change is not None and diagnosis.title == NAMELESS:
            diagnosis.title = f"{NAMELESS}; one change makes them right"


def _started_again(caller: Caller) -> tuple[str, str, str] | None:
    """A new process for the functions that are left; status, text and title where the file does not load again."""
    try:
        error = caller.start().get("error")
    except (Ended, TooLate) as stop:
        return _stopped(caller, stop)
    return ("error", f"the file could not be loaded again: {_text(error)}", _unloaded(error)) if error else None


def _stopped(caller: Caller, stop: Ended | TooLate) -> tuple[str, str, str]:
    """Status, text and title of a file that was not loaded to its end."""
    if isinstance(stop, Ended):
        return "error", str(stop), stop.title
    python = f"Python itself took {caller.start_seconds:.1f} s to start, which is not counted"
    text = f"loading the file took longer than {caller.loading:g} s ({python})"
    return "timeout", text, "Loading the file takes too long"


def _own_fault(fault: Exception) -> str:
    return f"the checker itself failed: {type(fault).__name__}: {printable(fault, 300)}"


def _text(error: dict[str, Any]) -> str:
    line = f" ({error['line']})" if error.get("line") else ""
    return f"{error.get('type')}: {error.get('text')}{line}"


def _not_judged(name: str, judged_as: str, status: str, text: str, *, title: str) -> FunctionReport:
    return FunctionReport(name, judged_as, status, 0.0, _without_answer(text, title))


def _without_answer(text: str, title: str) -> Diagnosis:
    return Diagnosis(UNRECOGNISED, title, f"{text[:1].upper()}{text[1:]}.", evidence={"seen": text})


def _judge_one(caller: Caller, unit: JudgedSubject, torch_loaded: bool, settings: dict[str, Any]) -> FunctionReport:
    """Ask one function everything, and return the verdict with the diagnosis."""
    start = time.monotonic()
    with_evidence = settings.get("evidence", True)
    examination = reads = None
    caller.begin()
    try:
        with np.errstate(all="ignore"):  # numbers near the largest are wrong values like any other
            examination = examined(caller, unit, settings, torch_loaded=torch_loaded)
            examination, diagnosis = diagnosed(examination, unit, with_evidence=with_evidence)
        status = "passed" if diagnosis is None else _status(examination)
        if diagnosis is not None and with_evidence and examination.wrong:
            settings["wrong"].append((diagnosis, examination))
        reads = whole_map(examination) if settings.get("reads") else None
    except (Ended, TooLate) as stop:
        status = "timeout" if isinstance(stop, TooLate) else "error"
        text = str(stop) or f"it did not finish within {caller.timeout:g} s"
        how = call_text(examination.form if examination else unit.forms[0])
        diagnosis = _without_answer(f"{text}; it was called as {how}", getattr(stop, "title", "It takes too long"))
    except Exception as fault:  # costs this function its verdict, and no other
        caller.end()  # whatever it was about to answer
        status, diagnosis = "error", _without_answer(_own_fault(fault), OWN_FAULT)
    answered = [a for a in examination.asked if not a.raised] if examination is not None else []
    absent = bool(answered) and all(a.answer.facts.get("absent") for a in answered)
    trials, notes = (examination.trials, examination.notes) if examination else ([], [])
    right, seconds = sum(t.right for t in trials), time.monotonic() - start
    points = (
        1.0
        if status == "passed"
        else min(0.9, int(10 * right / max(1, len(trials))) / 10)
        if status == "failed"
        else 0.0
    )
    return FunctionReport(
        unit.shown, unit.target.name, status, points, diagnosis, [*unit.notes, *notes], seconds, len(trials), reads,
        absent=absent,
    )  # fmt: skip


def _status(examination: Examination) -> str:
    """Return `error` where it raised whatever it was asked; `failed` otherwise."""
    return "error" if all(a.raised for a in examination.asked) else "failed"
