"""How good is a network on images that it was not trained with?

No random number is drawn here, so evaluating more or less often changes nothing in a training run.
"""

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from convolab.network.model.classifier import to_fractions
from convolab.network.training.batches import take
from convolab.network.training.shards import cores

PIECE = 125  # images at a time


def evaluate(classifier: nn.Module, images, labels, *, device: str = "cpu") -> dict[str, Any]:
    """Accuracy, loss and confusion matrix of a classifier.

    Parameters
    ----------
    classifier : Module
        Takes pixels as fractions 0–1 and returns logits; put into evaluation mode and back.
    images : uint8 (N, C, H, W)
        An array, a tensor or `folders.ImageFiles`.
    labels : int64 (N,)

    Returns
    -------
    dict
        `accuracy` (fraction 0–1), `loss` (mean cross-entropy, nats), `interval` ([low, high], 95 %), and `confusion`,
        (classes, classes) counts with the true class down and the predicted one across.
    """
    return score(predict_logits(classifier, images, device=device), labels)


def score(logits: torch.Tensor, labels) -> dict[str, Any]:
    """What `evaluate` returns, of logits (N, classes) that are known."""
    labels = torch.as_tensor(np.asarray(labels))
    predicted, classes = logits.argmax(1), logits.shape[1]
    confusion = torch.bincount(labels * classes + predicted, minlength=classes * classes).reshape(classes, classes)
    correct, count = int(confusion.trace()), len(labels)
    return {
        "accuracy": correct / count,
        "loss": float(nn.functional.cross_entropy(logits, labels)),
        "interval": list(wilson_interval(correct, count)),
        "confusion": confusion.tolist(),
    }


@torch.inference_mode()
def predict_logits(classifier: nn.Module, images, *, device: str = "cpu") -> Tensor:
    """The logits (N, classes) of all images, in evaluation mode, in f32.

    On the CPU each core takes whole pieces: cores that share every layer wait for one another far more often.
    """
    was_training = classifier.training
    classifier.eval()

    def through(start: int) -> Tensor:
        with torch.inference_mode():
            part = take(images, range(start, min(start + PIECE, len(images))))
            return classifier(to_fractions(part, device)).float().cpu()

    with cores(torch.get_num_threads() if device == "cpu" else 1) as pool:
        parts = list(pool.map(through, range(0, len(images), PIECE)))
    classifier.train(was_training)
    return torch.cat(parts)


def wilson_interval(correct: int, count: int, z: float = 1.959964) -> tuple[float, float]:
    """The 95 % interval of a proportion.

    Unlike p ± z √(p (1 − p) / n) it stays inside 0–1 and is right near the ends, where these accuracies are.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).

    >>> [round(end, 4) for end in wilson_interval(9_910, 10_000)]
    [0.989, 0.9927]
    """
    share, square = correct / count, z * z
    centre = share + square / (2 * count)
    spread = z * math.sqrt(share * (1 - share) / count + square / (4 * count * count))
    low, high = ((centre + sign * spread) / (1 + square / count) for sign in (-1, 1))
    return max(0.0, low) if correct else 0.0, min(1.0, high) if correct < count else 1.0
