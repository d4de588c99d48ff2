"""What does a picture show? A classifier's answer, with everything that was done to the picture."""

from typing import Any

import numpy as np
import torch

from convolab.errors import InputError
from convolab.network.digits.preparation import Preparation
from convolab.network.digits.preprocessing import prepare
from convolab.network.model.classifier import Classifier
from convolab.pictures.photographs import Picture

TOP = 3


def preparation_of(classifier: Classifier) -> Preparation:
    """How the classifier's training images were prepared, as it is stored with the model."""
    if "preprocessing" not in classifier.config:
        raise InputError("preprocessing: the model stores no numbers for it. Train it again with this version")
    return Preparation.from_dict(classifier.config["preprocessing"])


def predict(classifier: Classifier, picture: Picture, *, name: str = "image") -> dict[str, Any]:
    """Say what a picture shows.

    Parameters
    ----------
    classifier : Classifier
        From `runs.load`.
    picture : Picture
        From `pictures.read`.

    Returns
    -------
    dict
        `label`, `confidence` (fraction), `top` ([label, probability] of the likeliest three) and `preprocessing`
        (see `Prepared`).
    """
    prepared = prepare(picture, preparation_of(classifier), name=name)
    chances = probabilities(classifier, prepared.pixels[None])[0]
    order = np.argsort(-chances)[:TOP]
    names = classifier.config["classes"]
    return {
        "label": names[order[0]],
        "confidence": float(chances[order[0]]),
        "top": [[names[k], float(chances[k])] for k in order],
        "preprocessing": prepared.to_dict(),
    }


@torch.inference_mode()
def probabilities(classifier: Classifier, pixels: np.ndarray) -> np.ndarray:
    """The probability of each class, (N, classes), for images (N, C, H, W) of fractions."""
    device = next(classifier.parameters()).device
    logits = classifier(torch.from_numpy(np.ascontiguousarray(pixels, np.float32)).to(device))
    return logits.double().softmax(1).cpu().numpy()
