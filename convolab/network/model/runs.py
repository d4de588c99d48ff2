"""Where is a run, and what lies in its folder?

    runs/mnist-lab-seed0-20261123-114002/
      config.toml         everything that repeats the run: data set, model, the recipe's every number, seed, threads,
                          precision, and under [choice] why that one, on which processor, with which torch
      environment.json    machine, versions, commit
      metrics.jsonl       one JSON object a line; `kind` is
                            step   {step, epoch, loss, accuracy, rate, images_per_second, seconds}, means since the last
                            epoch  {step, epoch, loss, train_accuracy, seconds, validation_accuracy?}
                            test   {step, test_accuracy, test_loss, test_interval, confusion}
      state.safetensors   the last save, for `--resume`; gone once the run is finished
      model.safetensors   the trained network with its configuration (see `checkpoint`)
      result.json         what `convolab train --json` printed; its presence says that the run is finished
      report.html         the same for people

A RUN is such a folder, `latest` (the newest finished one under `--runs`), `pretrained` (the model that ships with the
package), or a model file.
"""

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convolab.errors import InputError
from convolab.files import append, write_whole

if TYPE_CHECKING:
    from convolab.network.model.classifier import Classifier

RUNS = Path("runs")
PRETRAINED = Path(__file__).with_name("pretrained.safetensors")
CONFIG, ENVIRONMENT, METRICS = "config.toml", "environment.json", "metrics.jsonl"
STATE, MODEL, RESULT, REPORT = "state.safetensors", "model.safetensors", "result.json", "report.html"


def find_model(run: str | Path, runs: Path = RUNS) -> Path:
    """The model file of a RUN."""
    if str(run) == "pretrained":
        return PRETRAINED
    path = latest_run(runs) if str(run) == "latest" else Path(run)
    if path.is_file():
        return path
    if (path / MODEL).is_file():
        return path / MODEL
    if (path / CONFIG).is_file():
        raise InputError(f"{path}: this run is not finished. Go on with: convolab train --resume {path}")
    raise InputError(
        f"{path}: not a run's folder.{_meant(str(run))} Expected one with {MODEL}, or 'latest', or 'pretrained'"
    )


def resolved(run: str | Path, runs: Path = RUNS) -> str | Path:
    """The run itself, which for `latest` is its folder."""
    return latest_run(runs) if str(run) == "latest" else run


def is_run(name: str) -> bool:
    """Whether a name is a RUN's: `latest`, `pretrained`, a folder that holds a model or a run, or a model file."""
    path = Path(name)
    holds = (path / MODEL).is_file() or (path / CONFIG).is_file()
    return name in ("latest", "pretrained") or path.suffix == ".safetensors" or holds


def _meant(run: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(run, ("latest", "pretrained"), n=1)
    return f" Did you mean {close[0]!r}?" if close else ""


def latest_run(runs: Path = RUNS, *, finished: bool = True) -> Path:
    """The newest run under a folder; with `finished=False` the newest one that was started."""
    mark = RESULT if finished else CONFIG
    found = [path.parent for path in Path(runs).glob(f"*/{mark}")]
    if not found:
        raise InputError(f"latest: no {'finished ' if finished else ''}run in {runs}. Make one with: convolab train")
    return max(found, key=lambda folder: ((folder / mark).stat().st_mtime_ns, folder.name))


def find_started(run: str | Path, runs: Path = RUNS) -> Path:
    """The folder of a run to go on with."""
    folder = latest_run(runs, finished=False) if str(run) == "latest" else Path(run)
    if not (folder / CONFIG).is_file():
        raise InputError(f"resume: {folder} is not a run's folder. Expected one with {CONFIG}, or 'latest'")
    return folder


def load(run: str | Path = "pretrained", runs: str | Path = RUNS) -> "Classifier":
    """Load the trained network of a run, ready to use.

    Parameters
    ----------
    run : str or Path
        A run's folder, `latest` (the newest finished run under `runs`), `pretrained` (the network that ships with
        convolab), or a model file.
    runs : str or Path
        The folder in which `latest` looks.

    Returns
    -------
    Classifier
        A torch.nn.Module in evaluation mode. It takes images (N, C, H, W) of pixels as fractions 0–1 and returns logits
        (N, classes); for `pretrained` (N, 1, 28, 28) and (N, 10). Its configuration is `.config`, a dict (see
        `checkpoint`).

    Raises
    ------
    InputError
        There is no such run, it is not finished, or its model file is damaged or of another program.

    Examples
    --------
    >>> import convolab as cl, torch
    >>> classifier = cl.load("pretrained")
    >>> classifier(torch.zeros(2, 1, 28, 28)).shape
    torch.Size([2, 10])
    >>> classifier.config["classes"][:3]
    ['0', '1', '2']
    """
    from convolab.network.model.checkpoint import load_model

    return load_model(find_model(run, Path(runs)))[0]


def log(folder: Path, **entry: Any) -> None:
    """Append one entry to a run's metrics."""
    append(folder / METRICS, json.dumps(entry) + "\n")


def read_metrics(folder: Path) -> list[dict[str, Any]]:
    """The entries of a run's metrics; a last line that a crash cut off is left out."""
    entries = []
    for line in (folder / METRICS).read_text().splitlines() if (folder / METRICS).exists() else ():
        try:
            entries.append(json.loads(line))
        except ValueError:
            break
    return entries


def forget_after(folder: Path, step: int) -> None:
    """Delete from a run's metrics what happened after a step, so that going on from there records nothing twice."""
    kept = [entry for entry in read_metrics(folder) if entry["step"] <= step and entry["kind"] != "test"]
    write_whole(folder / METRICS, "".join(json.dumps(entry) + "\n" for entry in kept))


def finite(value: float) -> float | None:
    """The value, or None where JSON has no number for it."""
    return float(value) if math.isfinite(value) else None
