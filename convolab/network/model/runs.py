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

from convolab.errors import InputError
from convolab.files import append, write_whole

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
    raise InputError(f"{path}: not a run's folder. Expected one with {MODEL}, or 'latest', or 'pretrained'")


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


def load(run: str | Path = "pretrained", runs: Path = RUNS):
    """The trained network of a run, ready to use.

    Parameters
    ----------
    run : str or Path
        A run's folder, `latest`, `pretrained`, or a model file.
    runs : Path
        Where `latest` looks.

    Returns
    -------
    torch.nn.Module
        In evaluation mode; takes (N, 1, 28, 28) pixels as fractions 0–1 and returns logits (N, 10). Its configuration
        is `.config`.
    """
    from convolab.network.model.checkpoint import load_model

    return load_model(find_model(run, runs))[0]


def log(folder: Path, **entry) -> None:
    """Add one entry to a run's metrics."""
    append(folder / METRICS, json.dumps(entry) + "\n")


def read_metrics(folder: Path) -> list[dict]:
    """The entries of a run's metrics; a last line that a crash cut off is left out."""
    entries = []
    for line in (folder / METRICS).read_text().splitlines() if (folder / METRICS).exists() else ():
        try:
            entries.append(json.loads(line))
        except ValueError:
            break
    return entries


def forget_after(folder: Path, step: int) -> None:
    """Leave in a run's metrics only what had happened by a step, so that going on repeats nothing."""
    kept = [entry for entry in read_metrics(folder) if entry["step"] <= step and entry["kind"] != "test"]
    write_whole(folder / METRICS, "".join(json.dumps(entry) + "\n" for entry in kept))


def finite(value: float) -> float | None:
    """The value, or None where JSON has no number for it."""
    return float(value) if math.isfinite(value) else None
