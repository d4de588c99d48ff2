"""The checker checked: every mistake planted in three styles, right programs in many, and what each was called."""

import ast
import os
import tempfile
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from convolab.verify.contained import Contained
from convolab.verify.judge import check, judge
from convolab.verify.plants import CORRECT, STYLES, Plant, check_planted, plants
from convolab.verify.plants.planting import module_of
from convolab.verify.targets import TARGETS
from convolab.verify.verdict import FunctionReport

TIMEOUT = 60.0
NOT_TRIED = "not tried"  # a right program that needs a library which is not installed here


@dataclass(frozen=True)
class Result:
    """One plant, or one right program (code `""`), with the verdict that it got."""

    style: str
    target: str
    code: str
    source: str
    status: str
    named: str
    message: str = ""

    @property
    def caught(self) -> bool:
        return self.status != "passed"

    @property
    def right(self) -> bool:
        """Named by its own name; a right program passed."""
        return self.named == self.code

    @property
    def misnamed(self) -> bool:
        """Given the name of another mistake: worse than no name."""
        return self.named not in (self.code, "unrecognised", "")


def judge_plants(planted: list[Plant]) -> list[Result]:
    """Return the verdicts on many plants of one style, which share one contained process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "planted.py"
        path.write_text(module_of(planted[0].style, [p.source for p in planted]))
        wanted = {f"p{n}": TARGETS[p.target] for n, p in enumerate(planted)}
        caller = Contained(path, list(wanted), timeout=TIMEOUT)
        report = judge(caller, wanted, "planted", {"evidence": False})
    if len(report.functions) != len(planted):
        raise RuntimeError(f"self-test: {report.error or report.functions}")
    return [
        Result(p.style, p.target, p.code, p.source, f.status, *_named(f))
        for p, f in zip(planted, report.functions, strict=True)
    ]


def _named(function: FunctionReport) -> tuple[str, str]:
    d = function.diagnosis
    return (d.code, d.message) if d else ("", "")


def judge_correct(names: list[str]) -> list[Result]:
    """Return the verdicts on right programs, each in a process of its own."""
    results = []
    for name in names:
        target, source = CORRECT[name]
        if library := _missing_library(source):
            results.append(Result(name, target, "", source, NOT_TRIED, "", f"needs {library}"))
            continue
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "right.py"
            path.write_text(source)
            report = check(path, timeout=TIMEOUT)
        if not report.functions:
            raise RuntimeError(f"self-test: {name}: {report.error}")
        function = report.functions[0]
        results.append(Result(name, target, "", source, function.status, *_named(function)))
    return results


def _missing_library(source: str) -> str:
    """Return a library that the program imports and that is not installed here; "" where all are."""
    modules: list[str | None] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            modules += [node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
    libraries = (module.split(".")[0] for module in modules if module)
    return next((library for library in libraries if find_spec(library) is None), "")


def parts() -> list[tuple[Callable[..., Any], list[Any]]]:
    """Return the whole test in parts that can run side by side."""
    found: list[tuple[Callable[..., Any], list[Any]]] = []
    for style in STYLES:
        planted = list(plants(style))
        found += [(judge_plants, planted[n : n + 40]) for n in range(0, len(planted), 40)]
    names = list(CORRECT)
    return found + [(judge_correct, names[n : n + 8]) for n in range(0, len(names), 8)]


def test_checker(
    *, advance: Callable[[int, int], None] = lambda done, total: None, jobs: int | None = None
) -> list[Result]:
    """Judge every plant and every right program.

    Parameters
    ----------
    advance : callable(done, total)
        It is told of every part.
    jobs : int, optional
        Processes at once; one for each core otherwise.

    Raises
    ------
    ConvolabError
        Before anything is judged, where a mistake of the catalogue is planted nowhere.
    """
    check_planted()
    work = parts()
    with ProcessPoolExecutor(jobs or os.cpu_count(), mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(function, argument) for function, argument in work]
        for done, _ in enumerate(as_completed(waiting), 1):
            advance(done, len(work))
    return [result for future in waiting for result in future.result()]


def summary(results: list[Result]) -> dict[str, Any]:
    """Return the figures, as `--json` prints them."""
    planted, correct = [r for r in results if r.code], [r for r in results if not r.code and r.status != NOT_TRIED]
    return {
        "planted": len(planted),
        "caught": sum(r.caught for r in planted),
        "named": sum(r.right for r in planted),
        "misnamed": sum(r.misnamed for r in planted),
        "unrecognised": sum(r.named == "unrecognised" for r in planted),
        "correct_styles": len(correct),
        "correct_passed": sum(r.status == "passed" for r in correct),
        "correct_not_tried": sum(r.status == NOT_TRIED for r in results),
        "confusion": confusion(results),
        "passed": all(r.right for r in results),
    }


def confusion(results: list[Result]) -> dict[str, dict[str, int]]:
    """Return {planted: {named: how often}}."""
    table: dict[str, Counter[str]] = {}
    for r in results:
        if r.code:
            table.setdefault(r.code, Counter())[r.named or "passed"] += 1
    return {code: dict(counts.most_common()) for code, counts in table.items()}


def table_text(results: list[Result]) -> str:
    """Return the confusion table as Markdown: one row a mistake, and every name that its plants were given."""
    lines = [
        f"| planted | {' | '.join(STYLES)} | functions | named |",
        f"| --- |{' ---: |' * len(STYLES)} ---: | --- |",
    ]
    for code, names in confusion(results).items():
        mine = [r for r in results if r.code == code]
        counts = [sum(r.style == s for r in mine) for s in STYLES]
        named = ", ".join(f"`{n}` {c}" for n, c in names.items())
        cells = [f"`{code}`", *(str(c) if c else "" for c in counts), str(len({r.target for r in mine})), named]
        lines.append(f"| {' | '.join(cells)} |")
    s = summary(results)
    lines += [
        "",
        f"{s['planted']} plants: {s['caught']} caught, {s['named']} named right, {s['unrecognised']} without a name, "
        f"{s['misnamed']} given a wrong one. {s['correct_passed']} of {s['correct_styles']} right programs passed.",
    ]
    untried = Counter(r.message for r in results if r.status == NOT_TRIED)
    lines += [f"{count} more could not be tried: a program {why}, which is not here." for why, count in untried.items()]
    return "\n".join(lines)
