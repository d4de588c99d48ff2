"""`convolab bench`: measure, beside the peers where they are installed, in one interleaved run."""

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from cyclopts import Parameter

from convolab.cli.console import emit, stderr, stdout
from convolab.cli.options import Force, Json, one_of
from convolab.errors import UsageError

# Subjects measured by the clock: a function(peers=...) that yields contests (see bench/timing.py).
CONTESTS = {
    "ops": "convolab.bench.ops:contests",
    "edges": "convolab.bench.edges:contests",
    "train": "convolab.bench.train:contests",
}
# Subjects with a measurement of their own: function(seeds=..., only=..., peers=..., report=...), giving rows and facts.
MEASUREMENTS = {
    "sizes": "convolab.bench.sizes:measure",
    "growth": "convolab.bench.growth:measure",
    "accuracy": "convolab.bench.accuracy:measure",
    "hazards": "convolab.bench.hazards:measure",
    "reading": "convolab.bench.reading:measure",
    "gradcheck": "convolab.bench.gradcheck:measure",
}
TRAINING = ("train", "accuracy")  # subjects that are measured in a process that is set up as `convolab train`'s is

if TYPE_CHECKING:
    Subject: TypeAlias = str
else:
    Subject = one_of(*CONTESTS, *MEASUREMENTS)


def bench(
    subject: Subject,
    *,
    peers: bool = False,
    only: str = "",
    seconds: Annotated[float, Parameter(help="Time for each entrant of each case.")] = 1.0,
    seeds: int = 5,
    record: bool = False,
    force: Force = False,
    json: Json = False,
) -> None:
    """Measure speed or accuracy, with everything that is compared taking turns in one process.

    Parameters
    ----------
    subject
        ops: the convolutions. sizes: sizes never seen before, and first calls. growth: cost against the sizes of
        kernels, images, channels, batches, signals, and against threads, within five minutes. edges: the edge filters.
        train: training steps. accuracy: the default recipe against `--recipe sheet`, over several seeds. hazards: the
        shipped model on pictures that are from no data set. reading: how far its confidence can be trusted on other
        handwriting, and on what is no digit. gradcheck: who notices planted faults, beside PyTorch and
        JAX.
    peers
        Measure the other libraries that are installed too; accuracy trains the sheet's recipe with every seed.
    only
        Only the cases whose name contains this text.
    seeds
        How many seeds `accuracy` trains with: 0, 1, 2, …; of `hazards`, how many pictures of each digit and hazard.
    record
        Write benchmarks/SUBJECT.json with the command, the machine, the commit and the versions.

    Examples
    --------
    $ convolab bench gradcheck --only overwrites
    overwrites, input                                   convolab noticed
    overwrites, weight                                  convolab noticed

    $ convolab bench hazards --only shadow --seeds 1
    shadow                               pretrained     right 10  count 10
    all                                  pretrained     accuracy 1  count 10
    """
    from convolab.bench.record import make_record, write_record

    if seeds < 1 or seconds <= 0:
        raise UsageError(f"bench: --seeds and --seconds must be positive, got {seeds} and {seconds:g}")
    report = _print_row if not json else (lambda row: None)
    rows, about = _rows_of(subject, peers=peers, only=only, seconds=seconds, seeds=seeds, report=report)
    result = make_record(subject, rows, **about)
    if record:
        stderr().print(f"recorded in {write_record(result, force=force)}")
    if json:
        emit(result)


def _rows_of(
    subject: str, *, peers: bool, only: str, seconds: float, seeds: int, report: Callable[..., Any]
) -> tuple[Any, ...]:
    """The rows of a subject, and what to say about the run that gave them."""
    if subject in TRAINING:
        from convolab.network.training.allocator import keep_freed_memory

        keep_freed_memory()
    if subject in MEASUREMENTS:
        rows, facts = _function_at(MEASUREMENTS[subject])(seeds=seeds, only=only, peers=peers, report=report)
    else:
        from convolab.bench.timing import measure

        contests = (c for c in _function_at(CONTESTS[subject])(peers=peers) if only in c["case"])
        rows, facts = measure(contests, seconds=seconds, report=report), {"seconds_each": seconds}
    if not rows:
        raise UsageError(f"bench {subject}: --only {only!r} matches no case")
    return rows, facts


def _function_at(path: str) -> Callable[..., Any]:
    """The function that a path such as `convolab.bench.ops:contests` names."""
    module, name = path.split(":")
    return getattr(import_module(module), name)


def _print_row(row: dict[str, Any]) -> None:
    """One row as a line: the case, who, and each figure with its name."""
    figures = "  ".join(f"{key} {show(value)}" for key, value in row.items() if key not in ("case", "engine"))
    stdout().print(f"{row['case']:<36} {row.get('engine', ''):<14} {figures}", markup=False)


def show(value) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
