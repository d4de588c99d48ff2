"""Which settings make a run repeatable? They are gathered before its first step and written to its folder.

config.toml holds the data set, the model, the seed, the device, threads and precision, and under [settings] every
number of the recipe.
"""

import tomllib
from datetime import datetime
from pathlib import Path

import numpy as np

from convolab.errors import InputError, OutputError, UsageError
from convolab.files import cannot_write, make_folder, write_whole
from convolab.network.data.dataset import Dataset
from convolab.network.model.runs import CONFIG
from convolab.network.training.recipes import Recipe, as_config

NEEDED = {"dataset", "model", "recipe", "seed", "device", "threads", "precision", "settings", "normalisation"}
SAMPLED = 10_000  # images that the normalisation is taken from


def gather(data: Dataset, numbers: Recipe, *, validation: int, **given) -> dict:
    """A run's configuration but for the precision (see `precision`)."""
    count = len(data.train_images)
    if not 0 <= validation < count:
        raise UsageError(f"validation: {validation:,} of {count:,} training images cannot be held out")
    if not 0 <= given["seed"] < 2**63:
        raise UsageError(f"seed: {given['seed']} is out of range. Expected 0 to 2^63 - 1")
    return given | {
        "dataset": data.name if not Path(data.name).is_dir() else str(Path(data.name).resolve()),
        "classes": list(data.classes),
        "input_shape": list(data.image_shape),
        "train_images": count - validation,
        "validation": validation,
        "normalisation": normalisation(data) if numbers.normalise else {"mean": 0.0, "std": 1.0},
        "settings": as_config(numbers),
    }


def normalisation(data: Dataset) -> dict[str, float]:
    """Mean and standard deviation of the training set's pixels, as fractions; of 10,000 images where it has more."""
    images = data.train_images
    every = -(-len(images) // SAMPLED)
    if not isinstance(images, np.ndarray):
        images = np.stack([images[i] for i in range(0, len(images), every)])
        every = 1
    pixels = images[::every].reshape(-1).astype(np.float32) / 255
    mean, std = float(pixels.mean(dtype=np.float64)), float(pixels.std(dtype=np.float64))
    return {"mean": round(mean, 6), "std": round(std, 6) or 1.0}


def create_folder(runs: Path, config: dict) -> Path:
    """A new folder for a run, named for what it does and when."""
    started = datetime.now().strftime("%Y%m%d-%H%M%S")
    name = f"{Path(config['dataset']).name}-{config['recipe']}-seed{config['seed']}-{started}"
    make_folder(runs)
    for suffix in ("", *(f"-{i}" for i in range(2, 1000))):
        try:
            (runs / f"{name}{suffix}").mkdir()
            return runs / f"{name}{suffix}"
        except FileExistsError:
            continue
        except OSError as error:
            raise cannot_write(runs / name, error) from error
    raise OutputError(f"{runs / name}: exists a thousand times. Expected another --runs folder")


def write_config(folder: Path, config: dict) -> None:
    import tomli_w

    write_whole(folder / CONFIG, tomli_w.dumps(config))


def read_config(folder: Path) -> dict:
    """The configuration of a run that was started."""
    try:
        config = tomllib.loads((folder / CONFIG).read_text())
    except FileNotFoundError as error:
        raise InputError(f"{folder}: not a run's folder (it has no {CONFIG})") from error
    except (OSError, ValueError) as error:
        raise InputError(f"{folder / CONFIG}: cannot be read ({error})") from error
    if missing := NEEDED - set(config):
        raise InputError(f"{folder / CONFIG}: {min(missing)} is missing. Expected a file that convolab wrote")
    return config


def check_same_data(data: Dataset, config: dict) -> None:
    """Refuse to go on with other images than the run began with."""
    count = config["train_images"] + config["validation"]
    if len(data.train_images) != count or list(data.image_shape) != config["input_shape"]:
        raise InputError(
            f"{config['dataset']}: has changed since the run began. Expected {count:,} training images of "
            f"{config['input_shape']}, got {len(data.train_images):,} of {list(data.image_shape)}"
        )
