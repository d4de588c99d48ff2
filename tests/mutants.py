"""Would the tests notice? Small faults are put into the package, one at a time, and those of `pytest`'s tests that run
the faulty line are run.

`make mutants` (or `python tests/mutants.py --count 200`) draws faults from the rooms that compute, says which no test
noticed, and exits 1 if there is one that is not listed as harmless. It goes on where it was stopped: what it has found
is in `mutants.jsonl`, a line for each fault. The tests run in a copy of the repository; one that takes much longer than
it should has noticed.
"""

import argparse
import compileall
import hashlib
import importlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import mutations

ROOT = Path(__file__).parent.parent
HARMLESS = ROOT / "tests" / "harmless_mutants.json"  # mutants that compute the same, each with the reason
ROOMS = ("geometry", "definition", "engine", "filters", "gradient")
COPIED = ("convolab", "tests", "docs", "examples", "benchmarks", "pyproject.toml", "README.md")
# Nothing but the speed hangs on these: Halide's schedules cannot change a value, and the rest chooses between them.
SPEED = (
    "engine/halide/schedule.py", "engine/halide/columns_schedule.py", "engine/halide/winograd_schedule.py",
    "engine/halide/choice.py", "engine/halide/machine.py", "engine/halide/register_tiling.py",
    "engine/halide/weight_tiling.py", "engine/halide/winograd_blocks.py", "filters/schedule.py",
)  # fmt: skip
# Loaded once, before a process for each fault is split off.
HEAVY = ("numpy", "scipy.sparse.linalg", "torch", "halide", "PIL.Image")
SECONDS = 60.0  # of tests, as measured without a fault, that are run for one fault
FILES = 3  # test files that are run first


# Which faults


def drawn(count: int, seed: int, rooms) -> list[mutations.Mutant]:
    """`count` mutants, as many from each room, and of a room's kinds of fault as many of each as there are."""
    chosen = []
    for n, room in enumerate(rooms):
        rng = random.Random(f"{seed} {room}")
        by_kind: dict[str, list] = {}
        for mutant in all_of(room):
            by_kind.setdefault(mutant.operator, []).append(mutant)
        for some in by_kind.values():
            rng.shuffle(some)
        wanted = count * (n + 1) // len(rooms) - count * n // len(rooms)
        while wanted and any(by_kind.values()):
            kinds = [kind for kind in by_kind if by_kind[kind]]
            rng.shuffle(kinds)
            taken = [by_kind[kind].pop() for kind in kinds[:wanted]]
            chosen, wanted = chosen + taken, wanted - len(taken)
    return chosen


def all_of(room: str) -> list[mutations.Mutant]:
    """Every mutant of a room, by file and line."""
    files = sorted((ROOT / "convolab" / room).rglob("*.py"))
    names = [str(f.relative_to(ROOT)) for f in files]
    return [m for f, name in zip(files, names, strict=True) if not name.endswith(SPEED)
            for m in mutations.mutants(name, f.read_text())]  # fmt: skip


# Which tests


def covering(tests: dict, mutant: mutations.Mutant) -> list[list[str]]:
    """The tests that run the mutant's line: those of the files that run most of its module first, quick ones first.

    Last come tests for which the line was run when the module was loaded, and which run nothing else of it: what it
    gave may have been kept for them.
    """
    passed = [name for name, test in tests.items() if "::" in name and test["outcome"] == "passed"]
    by_file: dict[str, list[str]] = {}
    for name in passed:
        if runs(tests, name, mutant):
            by_file.setdefault(name.split("::")[0], []).append(name)
    nearest = sorted(by_file, key=lambda file: -nearness(tests, by_file[file], mutant.file))
    rounds = [[t for f in files for t in by_file[f]] for files in (nearest[:FILES], nearest[FILES:])]
    rounds.append([name for name in passed if loads(tests, name, mutant) and not runs(tests, name, mutant)])
    return [some for names in rounds if (some := affordable(tests, names))]


def runs(tests: dict, name: str, mutant: mutations.Mutant) -> bool:
    """Whether a test runs the line; one that runs when a module is loaded is run by all that use the module."""
    here = tests[name]["lines"].get(mutant.file, ())
    return mutant.line in here or bool(here and loads(tests, name, mutant))


def loads(tests: dict, name: str, mutant: mutations.Mutant) -> bool:
    """Whether the line is run when the test's file is loaded."""
    return mutant.line in tests.get(name.split("::")[0], {"lines": {}})["lines"].get(mutant.file, ())


def nearness(tests: dict, names: list[str], file: str) -> float:
    """The share of what these tests run that lies in this file."""
    here = sum(len(tests[n]["lines"].get(file, ())) for n in names)
    return here / sum(len(lines) for n in names for lines in tests[n]["lines"].values())


def affordable(tests: dict, names: list[str]) -> list[str]:
    """The quickest of the tests, for so many seconds in all."""
    chosen, spent = [], 0.0
    for name in sorted(names, key=lambda n: tests[n]["seconds"]):
        spent += tests[name]["seconds"]
        if chosen and spent > SECONDS:
            break
        chosen.append(name)
    return chosen


def covered_lines(copy: Path, cache: Path, rooms, pattern: str, only: str) -> dict:
    """What each test runs, by file, measured once and kept as long as neither the tests nor the package change."""
    cache.mkdir(exist_ok=True)
    tests: dict = {}
    for file in sorted(f for name in pattern.split(",") for f in (copy / "tests").glob(f"{name}.py")):
        text = file.read_text()
        if not any(f"convolab.{room}" in text for room in rooms) and "import convolab as cl" not in text:
            continue
        known = cache / f"{file.stem}-{state_of(copy, file)}{_short(only.encode())}.json"
        if not known.is_file():
            print(f"lines that {file.name} runs …", file=sys.stderr)
            command = [sys.executable, "-m", "pytest", "-n", "0", "-p", "tests.covered_lines", "--lines", str(known)]
            # A file that is named would be run with its slow tests.
            command += ["-o", f"testpaths=tests/{file.name}", "-k", only]
            done = subprocess.run(command, cwd=copy, env=environment(copy), capture_output=True, text=True)
            if not known.is_file():
                raise SystemExit(f"mutants: {file.name} cannot be run:\n{done.stdout}{done.stderr}")
        tests |= json.loads(known.read_text())
    return tests


def state_of(copy: Path, *files: Path) -> str:
    """A short name of the package's text, and of these files'."""
    return _short(*(file.read_bytes() for file in (*sorted((copy / "convolab").rglob("*.py")), *files)))


def _short(*texts: bytes) -> str:
    return hashlib.sha256(b"".join(texts)).hexdigest()[:12]


# One fault


def killed(copy: Path, mutant: mutations.Mutant, tests: dict) -> str:
    """What noticed: a test, a time, or "" where nothing did."""
    file = copy / mutant.file
    source = file.read_text()
    Path(importlib.util.cache_from_source(str(file))).unlink(missing_ok=True)
    file.write_text(mutant.applied(source))
    try:
        for names in covering(tests, mutant):
            if noticed := first_failure(copy, names, 60 + 10 * sum(tests[n]["seconds"] for n in names)):
                return noticed
    finally:
        file.write_text(source)
    return ""


def first_failure(copy: Path, names: list[str], seconds: float) -> str:
    """The first of the tests that fails, in a process that has the heavy libraries loaded already."""
    with tempfile.TemporaryDirectory() as folder:
        listed, output = Path(folder) / "tests.txt", Path(folder) / "output.txt"
        listed.write_text("\n".join(names))
        process = os.fork()
        if not process:
            os.setsid()
            _run_tests(copy, listed, output)
        status = _ended(process, seconds)
        if status is None:
            return f"longer than {seconds:.0f} s"
        if status == 0:
            return ""
        failed = [
            line for line in output.read_text(errors="replace").splitlines() if line.startswith(("FAILED", "ERROR"))
        ]
        return " ".join(failed[:1])[:200] or f"pytest's exit status {status}"


def _run_tests(copy: Path, listed: Path, output: Path) -> None:
    """In a process of its own: pytest over the listed tests, up to the first failure; does not return."""
    target = os.open(output, os.O_WRONLY | os.O_CREAT)
    os.dup2(target, 1), os.dup2(target, 2)
    os.chdir(copy)
    os.environ.update(environment(copy))
    sys.path[:] = [str(copy), *(p for p in sys.path if Path(p).resolve() not in (ROOT, ROOT / "tests"))]
    sys.dont_write_bytecode = True
    import pytest

    status = pytest.main(["-x", "-n", "0", "-p", "no:cacheprovider", "--hypothesis-seed=0", f"@{listed}"])
    sys.stdout.flush()
    os._exit(int(status))


def _ended(process: int, seconds: float) -> int | None:
    """The exit status of a process; None where it had to be stopped."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found, status = os.waitpid(process, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.05)
    os.killpg(process, signal.SIGKILL)
    os.waitpid(process, 0)
    return None


def environment(copy: Path) -> dict[str, str]:
    """The environment in which the copy is the package, and leaves nothing compiled behind of a faulty file."""
    return os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}


# The run


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--count", type=int, default=200, help="how many faults, over all rooms")
    parser.add_argument("--seed", type=int, default=0, help="which faults")
    parser.add_argument("--rooms", default=",".join(ROOMS), help="folders of the package, with commas between")
    parser.add_argument("--tests", default="test_*", help="test files that are tried, patterns with commas between")
    parser.add_argument("--only", default="", help="tests that are tried, as pytest's -k takes them")
    parser.add_argument(
        "--log", type=Path, default=Path("mutants.jsonl"), help="what has been found, kept for the next run"
    )
    parser.add_argument("--json", type=Path, help="write the result here")
    arguments = parser.parse_args()
    rooms = tuple(arguments.rooms.split(","))
    with tempfile.TemporaryDirectory() as folder:
        copy = copied(Path(folder))
        wanted = drawn(arguments.count, arguments.seed, rooms)
        tried = try_all(copy, wanted, rooms, arguments)
    return report(tried, arguments)


def copied(folder: Path) -> Path:
    """A copy of what the tests need, under one folder."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    compileall.compile_dir(folder / "convolab", quiet=1)
    return folder


def try_all(copy: Path, wanted: list[mutations.Mutant], rooms, arguments) -> list[dict]:
    """What came of every mutant; those that the log knows, of the same files and tests, are not tried again."""
    log, state = arguments.log, state_of(copy, *sorted((copy / "tests").glob("*.py")))
    known = {}
    for line in log.read_text().splitlines() if log.is_file() else ():
        entry = json.loads(line)
        if entry["state"] == state or entry["noticed"]:
            known[entry["key"]] = entry
    left = [mutant for mutant in wanted if mutant.key not in known]
    tests = (
        covered_lines(copy, log.resolve().with_suffix(".lines"), rooms, arguments.tests, arguments.only) if left else {}
    )
    for name in HEAVY if left else ():
        importlib.import_module(name)
    for n, mutant in enumerate(wanted):
        if mutant.key not in known:
            start = time.monotonic()
            known[mutant.key] = entry = {
                "state": state, "key": mutant.key, "file": mutant.file, "line": mutant.line, "text": mutant.text,
                "operator": mutant.operator, "before": mutant.before, "after": mutant.after,
                "noticed": killed(copy, mutant, tests), "seconds": round(time.monotonic() - start, 1),
            }  # fmt: skip
            with log.open("a") as file:
                file.write(json.dumps(entry, ensure_ascii=False) + "\n")
        entry = known[mutant.key]
        print(f"{n + 1}/{len(wanted)} {entry['noticed'] or 'NOT NOTICED'}  {mutant.key}", file=sys.stderr, flush=True)
    return [known[mutant.key] for mutant in wanted]


def report(tried: list[dict], arguments) -> int:
    """Print, and write, how many were noticed in each room, and which were not; 1 if one of those is not harmless."""
    harmless = {entry["key"]: entry["why"] for entry in json.loads(HARMLESS.read_text())}
    left = [entry | {"why": harmless.get(told(entry), "")} for entry in tried if not entry["noticed"]]
    rooms = {room: counts(tried, left, room) for room in dict.fromkeys(e["file"].split("/")[1] for e in tried)}
    for room, found in rooms.items():
        print(f"{room:<12} {found['noticed']:>4} of {found['tried']:>4} noticed, {found['harmless']} harmless")
    for entry in left:
        print(f"{entry['file']}:{entry['line']}  {entry['before']} → {entry['after']}  {entry['why'] or 'NOT NOTICED'}")
    if arguments.json:
        shown = ("file", "line", "before", "after", "why")
        result = {"command": f"python tests/mutants.py --count {arguments.count} --seed {arguments.seed} --rooms {arguments.rooms}", "rooms": rooms,
                  "not noticed": [{k: entry[k] for k in shown} for entry in left], "without schedules": SPEED}  # fmt: skip
        arguments.json.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    return int(any(not entry["why"] for entry in left))


def counts(tried: list[dict], left: list[dict], room: str) -> dict[str, int]:
    here = [entry for entry in tried if entry["file"].split("/")[1] == room]
    harmless = sum(bool(entry["why"]) for entry in left if entry["file"].split("/")[1] == room)
    return {"tried": len(here), "noticed": sum(bool(entry["noticed"]) for entry in here), "harmless": harmless}


def told(entry: dict) -> str:
    """A mutant's name in the list of harmless ones: it stays when lines above it come or go."""
    return f"{entry['file']}: {entry['text']}: {entry['before']} → {entry['after']}"


if __name__ == "__main__":
    sys.exit(main())
