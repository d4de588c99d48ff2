"""What does a picture show? A classifier's answer, with everything that was done to the picture."""

from typing import Any

import numpy as np
import torch
from torch import Tensor

from convolab.errors import InputError
from convolab.network.digits.marks import find_marks
from convolab.network.digits.preparation import Preparation
from convolab.network.digits.preprocessing import cut_out, prepare
from convolab.network.model.classifier import Classifier
from convolab.pictures.photographs import Picture, read, shown

TOP = 3
SURE = 0.8  # a class that is less likely is said to be unsure
UNLIKELY = 0.1  # a class that is less likely is not named beside the first
PIECE = 0.5  # as likely is each of several digits that could be read as one
REFUSED = 0.95  # as likely is it that a picture shows none of the classes, where it is said to show none


def preparation_of(classifier: Classifier) -> Preparation:
    """How the classifier's training images were prepared, as it is stored with the model."""
    if "preprocessing" not in classifier.config:
        raise InputError("preprocessing: the model stores no numbers for it. Train it again with this version")
    return Preparation.from_dict(classifier.config["preprocessing"])


def predict(classifier: Classifier, picture: Picture, *, name: str = "image") -> dict[str, Any]:
    """Say what a picture shows, or that it shows none, several, or something that could be two.

    Parameters
    ----------
    classifier : Classifier
        From `runs.load`.
    picture : Picture
        From `pictures.read`.

    Returns
    -------
    dict
        `status` (`digit`, `unsure`, `several` or `none`), `label` (the likeliest class; None for several and none),
        `confidence` (fraction), `top` ([label, probability] of the likeliest three), `marks` (of several: `label`,
        `confidence` and `box`, (top, left, bottom, right) in pixels), `message` (one sentence) and `preprocessing` (see
        `Prepared`; None where nothing stands out). The probabilities of a model that knows "none" add up to less than
        1: what is missing is the probability that no class is shown.
    """
    preparation = preparation_of(classifier)
    try:
        prepared = prepare(picture, preparation, name=name)
    except InputError as error:
        return _nothing("none", f"no digit found: {str(error).removeprefix(f'{name}: ')}")
    chances = probabilities(classifier, prepared.pixels[None])[0]
    top, none = _top(classifier, chances), 1 - float(chances.sum())
    marks = _marks(classifier, picture, preparation) if preparation.kind == "digit" else []
    if marks and _are_several(top[0][1], [mark["confidence"] for mark in marks]):
        said = ", ".join(mark["label"] for mark in marks)
        answer = {"status": "several", "label": None, "confidence": min(mark["confidence"] for mark in marks)}
        return answer | {
            "top": [], "marks": marks, "message": f"several marks: {said} (read one by one)",
            "preprocessing": prepared.to_dict(),
        }  # fmt: skip
    if none >= REFUSED:
        message = "no digit found: what stands out looks like none"
        return _nothing("none", message) | {"preprocessing": prepared.to_dict()}
    sure = top[0][1] >= SURE
    likely = " or ".join(label for label, chance in [*top, ["no digit", none]] if chance >= UNLIKELY)
    return {
        "status": "digit" if sure else "unsure",
        "label": top[0][0],
        "confidence": top[0][1],
        "top": top,
        "marks": [],
        "message": top[0][0] if sure else f"unsure: {likely}",
        "preprocessing": prepared.to_dict(),
    }


def predict_source(classifier: Classifier, source: str) -> dict[str, Any]:
    """What `predict` returns of the picture at a path, an address or standard input, whatever is wrong with it.

    A picture that cannot be read has the status `error`.
    """
    try:
        picture = read(source)
    except InputError as error:
        return {"image": source} | _nothing("error", str(error))
    return {"image": source} | predict(classifier, picture, name=shown(source))


def _nothing(status: str, message: str) -> dict[str, Any]:
    """An entry without an answer."""
    empty: dict[str, Any] = {"label": None, "confidence": None, "top": [], "marks": []}
    return {"status": status} | empty | {"message": message, "preprocessing": None}


def _top(classifier: Classifier, chances: np.ndarray) -> list[list[Any]]:
    names = classifier.config["classes"]
    return [[names[k], float(chances[k])] for k in np.argsort(-chances)[:TOP]]


def _marks(classifier: Classifier, picture: Picture, preparation: Preparation) -> list[dict[str, Any]]:
    """The marks of a picture that has several, each read alone."""
    prepared = [cut_out(picture, mark, preparation) for mark in find_marks(picture.pixels)]
    if not prepared:
        return []
    chances = probabilities(classifier, np.stack([one.pixels for one in prepared]))
    tops = [_top(classifier, of)[0] for of in chances]
    return [
        {"label": label, "confidence": chance, "box": list(one.box)}
        for (label, chance), one in zip(tops, prepared, strict=True)
    ]


def _are_several(whole: float, parts: list[float]) -> bool:
    """Whether parts that are read alone are digits, and not pieces of the one that is read as a whole."""
    return min(parts) >= (PIECE if whole >= SURE else UNLIKELY)


@torch.inference_mode()
def probabilities(classifier: Classifier, pixels: np.ndarray) -> np.ndarray:
    """The probability of each class, (N, classes), for images (N, C, H, W) of fractions.

    A model may know one answer more, "none of the classes": its configuration's `none` holds the `weight` and the
    `bias` of one more output of the last layer. The softmax is taken over all of them, and a row of what comes back
    adds up to 1 less the probability of "none".
    """
    device = next(classifier.parameters()).device
    images = torch.from_numpy(np.ascontiguousarray(pixels, np.float32)).to(device)
    none = classifier.config.get("none")
    if none is None:
        return classifier(images).double().softmax(1).cpu().numpy()
    logits, features = _with_features(classifier, images)
    return torch.cat([logits, _none(none, features)], 1).double().softmax(1)[:, :-1].cpu().numpy()


def _with_features(classifier: Classifier, images: Tensor) -> tuple[Tensor, Tensor]:
    """The logits, and what the last layer computes them from, (N, features)."""
    last = list(classifier.network.children())[-1]
    given: list[Tensor] = []
    hook = last.register_forward_pre_hook(lambda layer, inputs: given.append(inputs[0]))
    try:
        return classifier(images), given[0]
    finally:
        hook.remove()


def _none(numbers: dict[str, Any], features: Tensor) -> Tensor:
    """The logit (N, 1) of "none"."""
    try:
        weight, bias = torch.tensor(numbers["weight"], dtype=torch.float32), float(numbers["bias"])
        return features @ weight.to(features.device)[:, None] + bias
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise InputError(f"none: the model's numbers cannot be used ({error})") from error
