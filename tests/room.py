"""A class of forty, played through: `python tests/room.py FOLDER [--count 40]` writes what Moodle would give out, judges it
by the command, and says how long each step took, and how many mistakes were given the name that was planted.

Ten are right in several styles, the others have one planted mistake each (`convolab/verify/plants`), and some of those are
broken: a syntax error, a loop without an end, a zip in a zip, no Python at all.
"""

import argparse
import csv
import io
import json
import subprocess
import sys
import time
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from convolab.verify.plants import STYLES, plants

FUNCTIONS = ("apply_convolution", "conv_gradient_wrt_input", "conv_gradient_wrt_kernel")
NAMES = (
    "Ada Lovelace", "José García", "Müller, Jürgen", "Zoë O'Brien", "Søren Kierkegård", "Li Na", "Ada Lovelace",
    "Çelik Ayşe", "Jean-Luc Petit", "Nguyễn Văn An",
)  # fmt: skip
HEAD = ["Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade", "Grade can be changed",
        "Last modified (submission)", "Last modified (grade)", "Feedback comments"]  # fmt: skip
RIGHT, BROKEN = 10, 7
DATE = (2026, 11, 29, 12, 0, 0)


@dataclass
class Person:
    """One student: name, number, files by name, and the code that is expected, of which function."""

    name: str
    number: int
    files: dict[str, bytes]
    function: str = ""
    code: str = ""

    @property
    def folder(self) -> str:
        return f"{self.name}_{self.number}_assignsubmission_file_/"


def program(style: str, wrong: dict[str, str] | None = None) -> str:
    """A hand-in with all functions in one style, some of them replaced."""
    module = STYLES[style]
    sources = [(wrong or {}).get(name, module.TEMPLATES[name]).replace("NAME", name) for name in FUNCTIONS]
    return module.HEAD + "\n".join(sources)


def notebook(source: str) -> bytes:
    """A notebook with one cell."""
    cell = {"cell_type": "code", "source": source.splitlines(True), "metadata": {}, "outputs": []}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip with these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, DATE), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def broken() -> list[dict[str, bytes]]:
    """Hand-ins of which nothing, or not everything, can be judged."""
    loops = program("loops")
    return [
        {"exercise.py": loops.replace("return out", "return out)", 1).encode()},
        {"exercise.py": loops.replace("    return out", "    while True: pass", 1).encode()},
        {"exercise.py": b"import a_module_of_nobody\n" + b"raise SystemExit(a_module_of_nobody.run())\n"},
        {"exercise.py": b"import os\nos._exit(0)\n"},
        {"report.docx": b"PK", "photo.png": b"\x89PNG"},
        {"exercise.ipynb": b"{"},
        {"exercise.zip": zipped({"../../exercise.py": loops.encode()})},
    ]


def people(count: int) -> list[Person]:
    """A quarter right, the others wrong, of them at most `BROKEN` broken."""
    right, styles = round(count * RIGHT / 40), list(STYLES)
    faults = broken()[: max(1, round(count * BROKEN / 40))]
    found = [{"exercise.py": program(styles[n % 3]).encode()} for n in range(right)]
    if right > 1:  # a notebook, and a zip in the zip with what macOS adds
        found[0] = {"exercise.ipynb": notebook(program("loops"))}
        found[1] = {
            "hand-in.zip": zipped({"work/exercise.py": program("vectorised").encode(), "__MACOSX/._exercise.py": b"\0"})
        }
    persons = [_person(n, files) for n, files in enumerate(found)]
    seen: Counter[str] = Counter()
    some = [p for style in STYLES for p in plants(style) if p.target in FUNCTIONS]
    codes = list(dict.fromkeys(p.code for p in some))
    order = {(code, FUNCTIONS[(n + turn) % 3]): turn for n, code in enumerate(codes) for turn in range(3)}
    for plant in sorted(some, key=lambda p: (order[p.code, p.target], styles.index(p.style))):
        if len(persons) + len(faults) < count and seen[plant.code] < 2:
            seen[plant.code] += 1
            source = program(plant.style, {plant.target: plant.source})
            persons.append(_person(len(persons), {"exercise.py": source.encode()}, plant.target, plant.code))
    return persons + [_person(len(persons) + n, files) for n, files in enumerate(faults)]


def _person(n: int, files: dict[str, bytes], function: str = "", code: str = "") -> Person:
    name = NAMES[n % len(NAMES)] + (f" {'ABCDEFGHIJ'[n // len(NAMES)]}." if n >= len(NAMES) else "")
    return Person(name, 41_000 + 7 * n, files, function, code)


def write_zip(path: Path, persons: list[Person]) -> None:
    """The zip that Moodle gives out, with a folder for each student."""
    path.write_bytes(zipped({p.folder + name: content for p in persons for name, content in p.files.items()}))


def write_worksheet(path: Path, persons: list[Person]) -> None:
    """Moodle's grading worksheet, with one more who has handed in nothing."""
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        rows = csv.writer(file)
        rows.writerow(HEAD)
        for p in [*persons, Person("Nobody Yet", 99_999, {})]:
            status = "Submitted for grading" if p.files else "No submission"
            rows.writerow([f"Participant {p.number}", p.name, f"s{p.number}@example.org", status, "", "20.00", "Yes",
                           "Sunday, 29 November 2026, 12:00 PM", "-", ""])  # fmt: skip


def play(folder: Path, count: int, *options: str) -> dict:
    """Write the class, judge it by the command, and return times, codes and what was printed."""
    folder.mkdir(parents=True, exist_ok=True)
    begun, persons = time.perf_counter(), people(count)
    write_zip(folder / "hand-ins.zip", persons)
    write_worksheet(folder / "worksheet.csv", persons)
    made = time.perf_counter()
    back = ["--csv", "points.csv", "--page", "class.html", "--feedback", "feedback.zip", "--moodle", "worksheet.csv"]
    command = [sys.executable, "-m", "convolab", "check", "hand-ins.zip", "--require", ",".join(FUNCTIONS), "--json"]
    done = subprocess.run(
        [*command, *back, "--junit", "class.xml", "--force", *options], cwd=folder, capture_output=True, text=True
    )
    judged = time.perf_counter()
    if not done.stdout:
        raise SystemExit(done.stderr)
    result = json.loads(done.stdout)
    seconds = {"writing the class": made - begun, "from the zip to everything": judged - made}
    return {"persons": persons, "result": result, "said": done.stderr, "seconds": seconds, "code": done.returncode}


def named(persons: list[Person], result: dict) -> dict[str, str]:
    """Which code each planted mistake was given: {student's folder and function: code}."""
    files = {f["file"]: f for f in result["files"]}
    found = {}
    for p in (p for p in persons if p.code):
        functions = {f["name"]: f for f in files[p.folder + "exercise.py"]["functions"]}
        diagnosis = functions[p.function]["diagnosis"]
        found[f"{p.number} {p.code}"] = diagnosis["code"] if diagnosis else "passed"
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=40)
    arguments = parser.parse_args()
    played = play(arguments.folder, arguments.count)
    codes, result = named(played["persons"], played["result"]), played["result"]
    right = sum(s["passed"] for s in result["students"])
    print(f"{len(result['students'])} hand-ins, {right} right in everything, {len(codes)} with a planted mistake")
    print(
        f"{sum(key.endswith(f' {code}') for key, code in codes.items())} of {len(codes)} mistakes were given their name"
    )
    for what, seconds in played["seconds"].items():
        print(f"{what}: {seconds:.1f} s")
    for title, students in result["problems"].items():
        print(f"{len(students):>4}  {title}")
    print(played["said"], file=sys.stderr)


if __name__ == "__main__":
    main()
