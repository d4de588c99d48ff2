"""How does `check` do on programs whose authors did not know it? Each is judged, and the verdicts are counted.

Eight sets of convolutions lie in `tests/strangers`: `first` was read while the checker was written, the others were not;
`sheet`, `sheet2` and `sheet3` have networks and Sobel functions, each file judged whole.
Each program has its author's sentence of what is wrong with it. Whether the checker's sentence says the same was decided by a
reader who wrote neither, and stands in `tests/strangers/read.json` with the verdict that was read: one that has changed since
counts as not read. Of `sheet` and `sheet2` both looks stand there, the second one behind the first.

    python tests/strangers.py first --jobs 2 --verdicts OUT.json
"""

import argparse
import json
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "strangers"
READ = FOLDER / "read.json"
KINDS = ("right", "half", "nameless", "false", "not caught", "not read")


def programs(name: str) -> list[dict[str, Any]]:
    """Every program of a set, with its author's sentence."""
    entries = json.loads((FOLDER / name / "index.json").read_text())
    return [entry | {"path": str(FOLDER / name / entry["file"]), "set": name} for entry in entries]


def mapping(text: str) -> dict[str, str] | None:
    """What `--function` says, as `cl.check` takes it."""
    found = {}
    for part in filter(None, text.replace(";", ",").split(",")):
        name, _, target = part.strip().rpartition(":")[2].partition("=")
        found[name] = target or name
    return found or None


def judged(entry: dict[str, Any]) -> dict[str, Any]:
    """One program's verdicts."""
    import convolab as cl
    from convolab.verify.starting import keep_idle

    keep_idle()  # Python and torch are loaded once for all programs of a process
    start = time.monotonic()
    try:
        report = cl.check(
            entry["path"], judged_as=mapping(entry.get("function", "")), course=entry.get("course") or None, timeout=60
        )
        functions = [f.as_dict() for f in report.functions]
    except cl.errors.ConvolabError as error:
        functions = [
            {"name": "(file)", "status": "error", "diagnosis": {"code": "", "message": str(error)}, "notes": []}
        ]
    wrong = [f for f in functions if f["status"] != "passed"]
    said = [f"{f['name']}: {f['diagnosis']['code']}: {f['diagnosis']['message']}" for f in wrong]
    explained = [f["diagnosis"].get("explanation", "") for f in wrong]
    changes = [d["change"]["sentence"] for f in wrong if (d := f["diagnosis"]).get("change")]
    notes = [note for f in functions for note in f.get("notes", ())]
    return {
        "set": entry["set"], "file": entry["file"], "style": entry.get("part", entry["style"]), "wrong": entry["wrong"], "author": entry["sentence"],
        "passed": not wrong, "codes": [f["diagnosis"]["code"] for f in wrong], "said": said, "explained": explained, "changes": changes,
        "notes": notes, "seconds": round(time.monotonic() - start, 2),
    }  # fmt: skip


def counted(verdicts: list[dict[str, Any]]) -> dict[str, Counter[str]]:
    """How many wrong programs of each style were named right, half, not, or falsely, as they were read."""
    read = {entry["key"]: entry for entry in json.loads(READ.read_text())} if READ.is_file() else {}
    table: dict[str, Counter[str]] = {}
    for v in (v for v in verdicts if v["wrong"]):
        entry = read.get(f"{v['set']}/{v['file']}", {})
        kind = (
            "not caught"
            if v["passed"]
            else entry.get("kind", "not read")
            if entry.get("codes") == v["codes"]
            else "not read"
        )
        table.setdefault(v["style"], Counter())[kind] += 1
    return table


def text(verdicts: list[dict[str, Any]]) -> str:
    """The tables, as Markdown."""
    table = counted(verdicts)
    lines = [f"| wrong programs | {' | '.join(KINDS)} | all |", f"| --- |{' ---: |' * (len(KINDS) + 1)}"]
    for style, counts in (*sorted(table.items()), ("all", sum(table.values(), Counter()))):
        lines.append(f"| {style} | {' | '.join(str(counts[k] or '') for k in KINDS)} | {sum(counts.values())} |")
    changed = sum(bool(v["changes"]) for v in verdicts if v["wrong"])
    lines += ["", f"{changed} wrong programs: one small change makes them right."]
    right = [v for v in verdicts if not v["wrong"]]
    told = [v for v in right if not v["passed"]]
    lines += ["", f"{len(right)} right programs: {len(right) - len(told)} passed, {len(told)} were told something:"]
    return "\n".join([*lines, *(f"- {v['file']}: {'; '.join(v['codes'])} ({v['author']})" for v in told)])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument(
        "name",
        choices="first second third fourth fifth sixth seventh eighth sheet sheet2 sheet3".split(),
        help="which set",
    )
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--only", default="", help="names of files, with commas between")
    parser.add_argument("--verdicts", type=Path, help="write every verdict here, beside its author's sentence")
    arguments = parser.parse_args()
    chosen = [
        e
        for e in programs(arguments.name)
        if not arguments.only or e["file"].split(".")[0] in arguments.only.split(",")
    ]
    verdicts = []
    with ProcessPoolExecutor(arguments.jobs, mp_context=get_context("spawn")) as pool:
        for n, verdict in enumerate(pool.map(judged, chosen), 1):
            verdicts.append(verdict)
            print(
                f"{n}/{len(chosen)} {verdict['file']} {verdict['seconds']} {verdict['codes'] or 'passed'}",
                file=sys.stderr,
                flush=True,
            )
    if arguments.verdicts:
        arguments.verdicts.write_text(json.dumps(verdicts, indent=1, ensure_ascii=False) + "\n")
    print(text(verdicts))
    return 0


if __name__ == "__main__":
    sys.exit(main())
