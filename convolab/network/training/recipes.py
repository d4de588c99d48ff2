"""How is the network trained? One table of recipes; a new recipe is a new entry.

`sheet` is exactly the lab sheet's, its network too, kept so that its instability can be seen. The others were tuned on
55,000 training images against the other 5,000, never on the test set (docs/training.md).
"""

import math
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from convolab.errors import UsageError, unknown


@dataclass(frozen=True)
class Recipe:
    """Every number of a training run but the seed.

    Attributes
    ----------
    epochs, batch_size : int
    optimizer : str
        `adamw` or `rmsprop`.
    rate : float
        The learning rate, at its highest.
    schedule : str
        `constant`, or `one-cycle`: up linearly for the first `warm_up` of the steps, then down linearly to 0.
    beta1, beta2, weight_decay : float
        AdamW's.
    smoothing : float
        Of the labels, fraction 0–1.
    shift : int
        Random shifts of up to so many pixels.
    distort : float
        Strength of random rotation, scale, shear and elastic deformation; 0 is none, 1 is what `augment` describes.
    average : float
        The last so much of the steps (fraction 0–1) of which the weights are averaged.
    normalise : bool
        Subtract the training set's mean and divide by its standard deviation.
    tuned : bool
        Compute the same faster: pooling before the ReLU, channels last, bf16 where it is known to win.
    model : str
        The network, a name in `models.MODELS`.
    """

    epochs: int
    batch_size: int
    optimizer: str
    rate: float
    schedule: str = "constant"
    warm_up: float = 0.2
    beta1: float = 0.9
    beta2: float = 0.999
    weight_decay: float = 0.0
    smoothing: float = 0.0
    shift: int = 0
    distort: float = 0.0
    average: float = 0.0
    normalise: bool = False
    tuned: bool = False
    model: str = "lab"


DEFAULT = "lab"
RECIPES = {
    "lab": Recipe(
        epochs=2,
        batch_size=128,
        optimizer="adamw",
        rate=8e-3,
        schedule="one-cycle",
        beta2=0.99,
        weight_decay=0.01,
        shift=1,
        average=0.2,
        normalise=True,
        tuned=True,
    ),
    "fast": Recipe(
        epochs=1,
        batch_size=128,
        optimizer="adamw",
        rate=8e-3,
        schedule="one-cycle",
        beta2=0.99,
        weight_decay=0.01,
        average=0.2,
        normalise=True,
        tuned=True,
    ),
    "accurate": Recipe(
        epochs=20,
        batch_size=128,
        optimizer="adamw",
        rate=5e-3,
        schedule="one-cycle",
        beta2=0.99,
        weight_decay=0.01,
        shift=2,
        distort=1.0,
        average=0.25,
        normalise=True,
        tuned=True,
    ),
    "sheet": Recipe(epochs=5, batch_size=64, optimizer="rmsprop", rate=0.01, model="sheet"),
}

POSITIVE = ("epochs", "batch_size", "rate")
# Fewer steps than these leave a small data set at chance; MNIST's recipes have 469 and more.
ENOUGH_STEPS, FEW_STEPS = 200, 100


def find_recipe(name: str, **changes: Any) -> Recipe:
    """A recipe of the table, with the numbers that are not None changed.

    >>> find_recipe("sheet", epochs=1).epochs
    1
    """
    if name not in RECIPES:
        raise UsageError(f"recipe: {unknown(name, RECIPES)} Expected {', '.join(RECIPES)}")
    recipe = replace(RECIPES[name], **{key: value for key, value in changes.items() if value is not None})
    for key in POSITIVE:
        value = getattr(recipe, key)
        if not 0 < value < math.inf:
            raise UsageError(f"{key.replace('_', '-')}: {value:g} is out of range. Expected a positive number")
    return recipe


def with_enough_steps(recipe: Recipe, images: int) -> Recipe:
    """The recipe with so many epochs that a data set of few images is learnt: at least `ENOUGH_STEPS` steps.

    A recipe that is not `tuned`, as the lab sheet's own, stays as it is.

    >>> with_enough_steps(RECIPES["lab"], 180).epochs, with_enough_steps(RECIPES["lab"], 60_000).epochs
    (100, 2)
    """
    if not recipe.tuned:
        return recipe
    return replace(recipe, epochs=max(recipe.epochs, -(-ENOUGH_STEPS // -(-images // recipe.batch_size))))


def from_config(settings: dict[str, Any], model: str) -> Recipe:
    """The recipe that `as_config` wrote, with the model that the configuration has beside it."""
    return Recipe(
        **{field.name: settings[field.name] for field in fields(Recipe) if field.name != "model"}, model=model
    )


def as_config(recipe: Recipe) -> dict[str, Any]:
    """The numbers of a recipe by name; the model stands in a configuration by itself."""
    return {name: value for name, value in asdict(recipe).items() if name != "model"}


def rate_at(recipe: Recipe, step: int, steps: int) -> float:
    """The learning rate of a step, 0 ≤ step < steps."""
    if recipe.schedule == "constant":
        return recipe.rate
    done, top = (step + 1) / (steps + 1), recipe.warm_up
    return recipe.rate * (done / top if done < top else (1 - done) / (1 - top))
