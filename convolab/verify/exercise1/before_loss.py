"""Mistakes in what goes into the network and into the loss, each with how it shows in the run."""

from convolab.verify.exercise1.rules import SeenMistake, most
from convolab.verify.exercise1.seen import ENDLESS, Call, Event, Seen

ONLY_255 = "only 255"
TOO_HIGH, TOO_HIGH_FOR_SGD = 0.1, 1.0  # rates from which on a training that diverges is no accident
BYTES = 30.0  # pixels above it are no fractions
AGAIN = ((1 / 257, 1 / 253), (1 / 257**2, 1 / 253**2))  # where the largest pixel of 1 lies, divided again
CROSS_ENTROPY, LIKELIHOOD = "cross_entropy", "nll_loss"
SQUARES = ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss")
YES_OR_NO = ("binary_cross_entropy", "binary_cross_entropy_with_logits")
ACTIVATIONS = ("relu", "tanh", "elu", "gelu", "leaky_relu", "dropout", "silu", "selu")
FAST = 5.0  # times what guessing costs: a loss that was beyond it has diverged, if all answers are one class then
GUESSING = 2.302585


def _tail(seen: Seen, call: Call, *losses: str) -> list[str]:
    """Return what stands between the last dense layer and those losses: inside of the network, and behind it."""
    names = [layer.get("op", "") for layer in seen.layers.get("layers", [])]
    last = max((n for n, name in enumerate(names) if name in ("linear", "conv2d")), default=-1)
    return [*names[last + 1 :], *(name for e in _of(call, *losses) for name in e.get("through", []))]


def _of(call: Call, *names: str) -> list[Event]:
    """Return the losses of a call that have one of those names."""
    return [e for e in call.losses if e.get("name") in names]


def _range(call: Call) -> tuple[float, float]:
    """Return between which numbers the pixels lie where the first layer meets them, or else where they go in."""
    first = call.event.get("first")
    low, high = (
        first if isinstance(first, list) and len(first) == 2 else (call.event.get("low"), call.event.get("high"))
    )
    numbers = [v if isinstance(v, int | float) else 0.0 for v in (low, high)]
    return numbers[0], numbers[1]


def _with_loss(seen: Seen, *names: str) -> Call | None:
    """Return a training call whose loss is one of those."""
    return next((c for c in seen.training if any(e.get("name") in names for e in c.losses)), None)


def _pixels(seen: Seen) -> str | None:
    calls = [c for c in seen.training if c.numbers]
    if most(calls, lambda c: _range(c)[1] > BYTES):
        low, high = min(_range(c)[0] for c in calls), max(_range(c)[1] for c in calls)
        return (
            f"The pixels that go into the network lie between {low:g} and {high:g}. They should be fractions from 0 to "
            f"1 (divide by 255, or let ToTensor do it)."
        )
    return None


def _pixels_twice(seen: Seen) -> str | None:
    calls = [c for c in seen.training if c.of != "unknown"]
    if most(calls, lambda c: _range(c)[0] >= 0 and any(a <= _range(c)[1] <= b for a, b in AGAIN)):
        largest = max(_range(c)[1] for c in calls)
        return (
            f"The largest pixel that goes into the network is {largest:.2g}, and should be 1: the pixels were divided "
            f"by 255 twice (ToTensor divides already)."
        )
    return None


def _changed(seen: Seen) -> str | None:
    calls = [c for c in seen.training if c.of != "unknown"]
    how = calls[0].event.get("changed") if calls else ""
    if not how or how == ONLY_255 or not most(calls, lambda c: c.event.get("changed") == how):
        return None
    asked = [c.event.get("changed") for c in seen.evaluation if c.of == "test"]
    other = (
        " The test images are not: the network is tested with other pictures than it was trained with."
        if (asked and how not in asked)
        else ""
    )
    what = "transposed: rows and columns are exchanged" if how == "transposed" else str(how)
    return f"The images go into the network {what}. They should go in as they are, (row, column).{other}"


def _cut(seen: Seen) -> str | None:
    calls = [c for c in seen.training if c.of != "unknown"]
    if most(calls, lambda c: c.event.get("changed") == ONLY_255):
        return (
            "Of each image only the pixels of 255 are left, as 1; all others have become 0. That is what a division of "
            "whole numbers does (// 255, or bytes that stay bytes): divide with /, as floating numbers."
        )
    return None


def _negated(seen: Seen) -> str | None:
    def minus(call: Call) -> bool:
        losses = [e.get("value") for e in call.losses if e.get("name") in (CROSS_ENTROPY, LIKELIHOOD)]
        ends = [e.get("value") for e in call.after if e["e"] == "backward"]
        numbers = [v for v in (*losses[-1:], *ends[-1:]) if isinstance(v, int | float)]
        return len(numbers) == 2 and numbers[0] > 0 > numbers[1]

    if most(seen.training, minus):
        return (
            "backward runs on minus the loss, so that every step makes the loss larger. The step goes against the "
            "gradient by itself: call backward on the loss as it is."
        )
    return None


def _rate(seen: Seen) -> str | None:
    steps = seen.of_kind("step")
    rates = [e["rate"] for e in steps if isinstance(e.get("rate"), int | float)]
    kind = str(steps[0].get("kind", "")) if steps else ""
    most_of_all = max(rates, default=0.0)
    if most_of_all < (TOO_HIGH_FOR_SGD if kind == "SGD" else TOO_HIGH) or not has_diverged(seen):
        return None
    return (
        f"The learning rate is {most_of_all:g}: with {kind} every step is that large, the loss has grown to "
        f"{_grown(seen)} and the network learns nothing. The sheet's is 0.01, and 0.001 is safer."
    )


def _softmax(seen: Seen) -> str | None:
    call = _with_loss(seen, CROSS_ENTROPY)
    tail = _tail(seen, call, CROSS_ENTROPY) if call else []
    if "softmax" not in tail or "log" in tail:
        return None
    return (
        "A softmax stands before the cross-entropy, which takes the softmax of the scores itself: the loss sees a "
        "softmax of a softmax, cannot fall below 1.46, and its gradients are small. Hand it the raw scores."
    )


def _log_softmax(seen: Seen) -> str | None:
    call = _with_loss(seen, CROSS_ENTROPY)
    tail = _tail(seen, call, CROSS_ENTROPY) if call else []
    if "log_softmax" in tail or ("softmax" in tail and "log" in tail):
        return (
            "A log_softmax stands before the cross-entropy, which takes it itself. Taken twice it changes no value, "
            "but "
            "one of the two is too much: raw scores with cross-entropy, or log_softmax with NLLLoss."
        )
    return None


def _sigmoid(seen: Seen) -> str | None:
    call = _with_loss(seen, CROSS_ENTROPY)
    if call is not None and "sigmoid" in _tail(seen, call, CROSS_ENTROPY):
        return (
            "A sigmoid stands before the cross-entropy: the scores lie between 0 and 1, so that no class can get a "
            "probability above 0.24. Hand the raw scores to the loss."
        )
    return None


def _activation(seen: Seen) -> str | None:
    call = _with_loss(seen, CROSS_ENTROPY, LIKELIHOOD)
    found = [name for name in _tail(seen, call, CROSS_ENTROPY, LIKELIHOOD) if name in ACTIVATIONS] if call else []
    if found:
        return (
            f"After the last dense layer comes a {found[0]} before the loss. The last layer's ten scores go into the "
            f"cross-entropy as they are, negative ones too."
        )
    return None


def _likelihood(seen: Seen) -> str | None:
    call = _with_loss(seen, LIKELIHOOD)
    tail = _tail(seen, call, LIKELIHOOD) if call else []
    if call is None or "log_softmax" in tail or "log" in tail or call.event.get("looks") == "log-probabilities":
        return None
    what = "probabilities (a softmax without its logarithm)" if "softmax" in tail else "raw scores"
    return f"NLLLoss is given {what}; it expects logarithms of probabilities: log_softmax, or take cross-entropy."


def _squares(seen: Seen) -> str | None:
    call = _with_loss(seen, *SQUARES)
    if call is None or len(_of(call, *SQUARES)) < len(call.losses):
        return None
    name = next(e["name"] for e in call.losses if e.get("name") in SQUARES)
    return f"The loss is {name}, a distance of numbers. To tell ten classes apart the sheet takes cross-entropy."


def _yes_or_no(seen: Seen) -> str | None:
    call = _with_loss(seen, *YES_OR_NO)
    if call is None or len(_of(call, *YES_OR_NO)) < len(call.losses):
        return None
    name = next(e["name"] for e in call.losses if e.get("name") in YES_OR_NO)
    return (
        f"The loss is {name}: ten questions of yes or no, one for each class, of which several may be yes. To choose "
        f"one class of ten the sheet takes cross-entropy, of the scores and the classes' numbers."
    )


def _losses(seen: Seen) -> list[float]:
    return [e["value"] for c in seen.training for e in c.losses if isinstance(e.get("value"), int | float)]


def has_diverged(seen: Seen) -> bool:
    """Return whether the loss went far beyond what guessing costs, and stayed there or left one answer for all."""
    losses = _losses(seen)
    if not seen.of_kind("step") or not losses or _pixels(seen) or _negated(seen):
        return False
    lost = any(c.event.get("finite") is False for c in seen.training)
    dead = len(seen.calls) > 4 and all(c.event.get("constant") for c in seen.calls[-4:])
    far = FAST * GUESSING
    return lost or (dead and max(losses) > far) or (len(losses) > 3 and min(losses[-3:]) > far)


def _grown(seen: Seen) -> str:
    """Return how large the loss became, in words."""
    losses = _losses(seen)
    if any(c.event.get("finite") is False for c in seen.training) and max(losses) <= FAST * GUESSING:
        return "something that is no number (nan)"
    return f"{max(losses):.3g}" if max(losses) < ENDLESS else "more than any number (inf)"


def _diverged(seen: Seen) -> str | None:
    if not has_diverged(seen) or _rate(seen):
        return None
    steps = seen.of_kind("step")
    rate, kind = steps[0].get("rate", 0), steps[0].get("kind", "the optimiser")
    return (
        f"The training has diverged: with {kind} at a rate of {rate:g} the loss grew to {_grown(seen)}. A network that "
        f"this happens to answers with one class for every image (11.35 % of the test set, where it is the 1). That is "
        f"no fault of the program: take a smaller rate, such as 0.001 (the sheet's own RMSprop at 0.01 does it too, in "
        f"about every second run)."
    )


BEFORE_LOSS = (
    SeenMistake("pixels-not-scaled", "The pixels go in as 0 to 255", _pixels, "How large are the numbers that go in?"),
    SeenMistake(
        "pixels-scaled-twice", "The pixels are divided by 255 twice", _pixels_twice, "Print the largest pixel."
    ),
    SeenMistake(
        "pixels-cut", "Only the brightest pixels are left", _cut, "Print an image's pixels: which values occur?"
    ),
    SeenMistake("images-changed", "The images are transposed or mirrored", _changed, "Draw an image as it goes in."),
    SeenMistake("loss-negated", "The loss is made larger", _negated, "Which sign does the loss have in backward?"),
    SeenMistake("rate-too-high", "The learning rate is too high", _rate, "How large is a step?"),
    SeenMistake(
        "softmax-before-cross-entropy", "A softmax before the cross-entropy", _softmax, "What does the loss expect?"
    ),
    SeenMistake(
        "log-softmax-before-cross-entropy",
        "A log_softmax before the cross-entropy",
        _log_softmax,
        "What does the loss do itself?",
    ),
    SeenMistake(
        "sigmoid-before-cross-entropy", "A sigmoid before the cross-entropy", _sigmoid, "What does the loss expect?"
    ),
    SeenMistake(
        "activation-before-loss", "An activation after the last layer", _activation, "Which scores may be negative?"
    ),
    SeenMistake("nll-without-log", "NLLLoss without logarithms", _likelihood, "What does NLLLoss expect?"),
    SeenMistake(
        "distance-for-classes", "A distance as the loss of classes", _squares, "Which loss does the sheet name?"
    ),
    SeenMistake("yes-or-no-for-classes", "A loss of yes or no", _yes_or_no, "Which loss does the sheet name?"),
    SeenMistake("diverged", "The training has diverged", _diverged, harmless=True),
)
