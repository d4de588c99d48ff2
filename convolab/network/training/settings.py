"""Which settings make a run repeatable? They are gathered before its first step and written to its folder.

config.toml holds the fields of a `RunConfig` under their names: the data set, the model, the seed, the device, threads
and precision, and under [settings] every number of the recipe.
"""

import tomllib
from dataclasses import MISSING, asdict, dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from convolab.errors import InputError, OutputError, UsageError
from convolab.files import cannot_write, make_folder, write_whole
from convolab.network.data.catalogue import DATASETS
from convolab.network.data.dataset import Dataset
from convolab.network.model.runs import CONFIG
from convolab.network.training.precision import Processor, described, multiplies_bf16
from convolab.network.training.recipes import Recipe, as_config, from_config

SAMPLED = 10_000  # images that the normalisation is taken from


@dataclass(frozen=True, kw_only=True)
class RunConfig:
    """Everything that repeats a run.

    Attributes
    ----------
    model : str
        A name in `models.MODELS`.
    recipe : str
        The recipe's name; its numbers, changed ones too, are in `settings`.
    seed : int
    device, engine : str
    threads : int
        Of each process.
    processes : int
    skip_test : bool
        Whether the test set is left alone.
    dataset : str
        A name, or an absolute path.
    classes : tuple of str
    input_shape : (C, H, W)
    train_images, validation : int
        Images that are learnt from, and images that are held out.
    normalisation : dict
        `mean` and `std` of the training set's pixels, as fractions 0–1.
    settings : Recipe
    precision : str
        `f32` or `bf16`.
    choice : dict
        Why that precision, and on which processor with which torch; empty in folders of versions that did not choose.
    checksums : dict
        Of the images and labels, by which a run knows its data wherever they lie; empty in folders of versions that
        did not keep them.
    """

    model: str
    recipe: str
    seed: int
    device: str
    engine: str = "torch"
    threads: int
    processes: int = 1
    skip_test: bool = False
    dataset: str
    classes: tuple[str, ...]
    input_shape: tuple[int, int, int]
    train_images: int
    validation: int = 0
    normalisation: dict[str, float]
    settings: Recipe
    precision: str
    choice: dict[str, Any] = field(default_factory=dict)
    checksums: dict[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The fields as plain values, as config.toml and a model's metadata hold them."""
        values = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}
        kept = {name: value for name, value in values.items() if name != "checksums" or value}
        return kept | {"settings": as_config(self.settings)}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "RunConfig":
        """The configuration that `to_dict` gave, of this version or an earlier one.

        Raises
        ------
        ValueError
            A field is missing, or is not what it should be; the message is its name and what is wrong.
        """
        known = {one.name: values[one.name] for one in fields(cls) if one.name in values}
        needed = {one.name for one in fields(cls) if one.default is one.default_factory is MISSING}
        if missing := needed - set(known):
            raise ValueError(f"{min(missing)} is missing")
        for name, value in known.items():
            if not isinstance(value, KINDS[name]):
                raise ValueError(f"{name} is {value!r}")
        try:
            known["settings"] = from_config(known["settings"], known["model"])
        except KeyError as error:
            raise ValueError(f"settings.{error.args[0]} is missing") from error
        return cls(**known | {name: tuple(known[name]) for name in ("classes", "input_shape")})


KINDS: dict[str, type] = {
    **dict.fromkeys("model recipe device engine dataset precision".split(), str),
    **dict.fromkeys("seed threads processes skip_test train_images validation".split(), int),
    **dict.fromkeys("classes input_shape".split(), list),
    **dict.fromkeys("normalisation settings choice checksums".split(), dict),
}


def configure(data: Dataset, numbers: Recipe, *, seed: int, validation: int, **given: Any) -> RunConfig:
    """The configuration of a run that begins.

    Parameters
    ----------
    data : Dataset
    numbers : Recipe
        With the numbers that were asked for instead of its own.
    seed : int
        0 to 2^63 − 1.
    validation : int
        Training images to hold out.
    given
        The fields of `RunConfig` that neither the data set nor the recipe says.

    Raises
    ------
    UsageError
        `validation` or `seed` is out of range.
    InputError
        Every training image is of one value: there is nothing to learn from.
    """
    count = len(data.train_images)
    if not 0 <= validation < count:
        raise UsageError(f"validation: {validation:,} of {count:,} training images cannot be held out")
    if not 0 <= seed < 2**63:
        raise UsageError(f"seed: {seed} is out of range. Expected 0 to 2^63 - 1")
    _refuse_constant(data)
    return RunConfig(
        model=numbers.model,
        seed=seed,
        dataset=place_of(data),
        classes=data.classes,
        input_shape=data.image_shape,
        train_images=count - validation,
        validation=validation,
        normalisation=normalisation(data) if numbers.normalise else {"mean": 0.0, "std": 1.0},
        settings=numbers,
        checksums=data.identity(),
        **given,
    )


def place_of(data: Dataset) -> str:
    """The name of a data set, or where it lies."""
    return data.name if data.name in DATASETS else str(Path(data.name).resolve())


def _refuse_constant(data: Dataset) -> None:
    """Refuse training images of which none has two different values: the network would see nothing."""
    images = _sample(data)
    values = images.reshape(len(images), -1)
    if (values.min(1) == values.max(1)).all():
        level = f"{values.min()}" if values.min() == values.max() else f"{values.min()} to {values.max()}"
        raise InputError(
            f"data set: {data.name} has {len(data.train_images):,} training images, and each of them is of one value "
            f"({level} of 255). Expected pictures; convolab data {data.name} --grid GRID.png shows them"
        )


def _sample(data: Dataset) -> np.ndarray:
    """Training images spread over the whole set, 10,000 at most, (N, C, H, W)."""
    images = data.train_images
    every = -(-len(images) // SAMPLED)
    if isinstance(images, np.ndarray):
        return images[::every]
    return np.stack([images[i] for i in range(0, len(images), every)])


def normalisation(data: Dataset) -> dict[str, float]:
    """Mean and standard deviation of the training set's pixels, as fractions; of 10,000 images where it has more."""
    pixels = _sample(data).reshape(-1).astype(np.float32) / 255
    mean, std = float(pixels.mean(dtype=np.float64)), float(pixels.std(dtype=np.float64))
    return {"mean": round(mean, 6), "std": round(std, 6) or 1.0}


def create_folder(runs: Path, config: RunConfig) -> Path:
    """Make a new folder for a run, named for what it does and when, and return its path."""
    started = datetime.now().strftime("%Y%m%d-%H%M%S")
    name = f"{Path(config.dataset).name}-{config.recipe}-seed{config.seed}-{started}"
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


def write_config(folder: Path, config: RunConfig) -> None:
    """Write config.toml."""
    import tomli_w

    write_whole(folder / CONFIG, tomli_w.dumps(config.to_dict()))


def read_config(folder: Path) -> RunConfig:
    """The configuration of a run that was started.

    Raises
    ------
    InputError
        The folder has no config.toml, or one that cannot be used.
    """
    try:
        values = tomllib.loads((folder / CONFIG).read_text())
    except FileNotFoundError as error:
        raise InputError(f"{folder}: not a run's folder (it has no {CONFIG})") from error
    except (OSError, ValueError) as error:
        raise InputError(f"{folder / CONFIG}: cannot be read ({error})") from error
    try:
        return RunConfig.from_dict(values)
    except ValueError as error:
        raise InputError(f"{folder / CONFIG}: {error}. Expected a file that convolab wrote") from error


def check_same_data(data: Dataset, config: RunConfig) -> None:
    """Refuse to go on with other images, labels or classes than the run began with."""
    count = config.train_images + config.validation
    if len(data.train_images) != count or data.image_shape != config.input_shape:
        raise InputError(
            f"{data.name}: has changed since the run began. Expected {count:,} training images of "
            f"{list(config.input_shape)}, got {len(data.train_images):,} of {list(data.image_shape)}"
        )
    now = data.identity()
    changed = [part for part, was in config.checksums.items() if now.get(part, was) != was]
    changed += ["classes"] if tuple(data.classes) != tuple(config.classes) else []
    if changed:
        said = ", ".join(part.removesuffix("_as_read").replace("_", " ") for part in changed)
        raise InputError(
            f"{data.name}: has changed since the run began: the {said} are not those of then. Expected the same data; "
            "begin a new run for these"
        )


def moved(config: RunConfig, processor: Processor) -> str:
    """What a run that is resumed elsewhere must say; empty where it began here, or where nothing was recorded."""
    began = config.choice
    if not began:
        return ""
    then = (began.get("processor"), tuple(began.get("features", ())), began.get("torch"))
    if then == (processor.name, processor.features, processor.torch):
        return ""
    slowly = config.precision == "bf16" and processor.device == "cpu" and not multiplies_bf16(processor.features)
    return (
        f"the run began on {described(*then)}, and this is "
        f"{described(processor.name, processor.features, processor.torch)}: it goes on in {config.precision} with "
        f"{config.threads} threads as it began, but its weights can differ in their last bits from those of a run "
        "that stayed" + (". This processor has no bf16, so every step takes much longer" if slowly else "")
    )
