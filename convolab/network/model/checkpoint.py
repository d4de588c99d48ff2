"""What is in a model file? Weights, and beside them everything that is needed to use them: a safetensors file.

The metadata's `convolab` entry is a JSON object, the configuration:

    format          1
    model           name in `models.MODELS`
    input_shape     [C, H, W]
    classes         the labels' names, in the order of the logits
    normalisation   {mean, std} of pixels as fractions 0–1, inside the loaded network
    preprocessing   how a picture becomes an input; see `preparation.Preparation`
    none            {weight, bias} of one more output of the last layer, "none of the classes"; see `prediction`
    dataset, recipe, seed, epochs, …   where the weights came from

and its `sha256` entry is that of the weights, so a changed file is known as one. Nothing is unpickled, ever.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from convolab.errors import InputError, MissingDependencyError
from convolab.files import write_whole
from convolab.network.model.classifier import Classifier
from convolab.network.model.models import MODELS, build_model

try:
    import safetensors.torch
    import torch
    from safetensors import SafetensorError, safe_open
except ImportError as error:
    raise MissingDependencyError("safetensors", "train", "reading and writing models") from error

FORMAT = 1
LARGEST = 1 << 30  # bytes of a model file


def save_model(path: Path, network, config: dict[str, Any]) -> Path:
    """Write a network's weights (f32) and its configuration, whole or not at all."""
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in network.state_dict().items()}
    metadata = {"convolab": json.dumps({"format": FORMAT} | config), "sha256": digest(tensors)}
    return write_whole(Path(path), safetensors.torch.save(tensors, metadata))


def load_model(path: Path) -> tuple[Classifier, dict[str, Any]]:
    """The trained network in evaluation mode, and its configuration.

    Returns
    -------
    classifier : Classifier
        Takes (N, C, H, W) pixels as fractions 0–1 and returns logits.
    config : dict
        See the head of this module.

    Raises
    ------
    InputError
        The file is not a model of convolab, or is damaged.
    """
    tensors, config = _read_model(Path(path))
    if config.get("model") not in MODELS:
        raise InputError(
            f"{path}: holds the network {config.get('model')!r}, which this version does not know. Expected "
            f"{' or '.join(MODELS)}"
        )
    try:
        network = build_model(config["model"], tuple(config["input_shape"]), len(config["classes"]))
        network.load_state_dict(tensors)
        classifier = Classifier(network, **config["normalisation"])
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise InputError(f"{path}: its configuration does not fit its weights ({error})") from error
    classifier.config = config
    return classifier.eval(), config


def _read_model(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The verified tensors and the configuration of a model file."""
    try:
        if path.stat().st_size > LARGEST:
            raise InputError(
                f"{path}: {path.stat().st_size:,} bytes are no model of convolab. Expected a few hundred kB"
            )
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a dict)
    except (OSError, SafetensorError) as error:
        raise InputError(f"{path}: not a readable safetensors file ({error})") from error
    config = _parse_config(path, metadata)
    if metadata.get("sha256") != digest(tensors):
        raise InputError(f"{path}: the weights do not match the checksum saved with them. Expected an unchanged file")
    return tensors, config


def _parse_config(path: Path, metadata: dict[str, Any]) -> dict[str, Any]:
    try:
        config = json.loads(metadata["convolab"])
    except (KeyError, ValueError) as error:
        raise InputError(f"{path}: a safetensors file, but not one that convolab wrote (no configuration)") from error
    if not isinstance(config, dict) or config.get("format") != FORMAT:
        raise InputError(f"{path}: its configuration has no format {FORMAT}. Expected a model that this version wrote")
    return config


def digest(tensors: dict[str, Any]) -> str:
    """SHA-256 of names, shapes and values, in the order of the names."""
    total = hashlib.sha256()
    for name in sorted(tensors):
        array = tensors[name].contiguous()
        total.update(f"{name} {array.dtype} {tuple(array.shape)}\n".encode())
        total.update(array.reshape(-1).view(torch.uint8).numpy())
    return total.hexdigest()
