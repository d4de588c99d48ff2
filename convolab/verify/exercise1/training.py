"""Mistakes of a training loop, each with how it shows in the run (the table is in docs/check.md)."""

from convolab.verify.exercise1 import numbers
from convolab.verify.exercise1.rules import Rule, most
from convolab.verify.exercise1.seen import Call, Seen

BYTES, TWICE = 30.0, 1 / 200  # pixels above the one are no fractions; all below the other were divided twice
CROSS_ENTROPY, LIKELIHOOD = "cross_entropy", "nll_loss"
SQUARES = ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss")
ACTIVATIONS = ("relu", "tanh", "elu", "gelu", "leaky_relu", "dropout", "silu", "selu")
FAST = 5.0  # times what guessing costs: a loss that was beyond it has diverged, if all answers are one class then
GUESSING = 2.302585


def _tail(seen: Seen, call: Call) -> list[str]:
    """Return what stands between the last dense layer and the loss: inside of the network, and behind it."""
    names = [layer.get("op", "") for layer in seen.layers.get("layers", [])]
    last = max((n for n, name in enumerate(names) if name in ("linear", "conv2d")), default=-1)
    return [*names[last + 1 :], *(name for e in call.losses for name in e.get("through", []))]


def _with_loss(seen: Seen, *names: str) -> Call | None:
    """Return a training call whose loss is one of those."""
    return next((c for c in seen.training if any(e.get("name") in names for e in c.losses)), None)


def _pixels(seen: Seen) -> str | None:
    calls = [c for c in seen.training if c.numbers]
    if most(calls, lambda c: (c.event.get("high") or 0) > BYTES):
        low, high = min(c.event["low"] for c in calls), max(c.event["high"] for c in calls)
        return (
            f"The pixels that go into the network lie between {low:g} and {high:g}. They should be fractions from 0 to "
            f"1 (divide by 255, or let ToTensor do it)."
        )
    return None


def _pixels_twice(seen: Seen) -> str | None:
    calls = [c for c in seen.training if c.of != "unknown"]
    if most(calls, lambda c: c.event.get("low", -1) >= 0 and 0 < (c.event.get("high") or 1) <= TWICE):
        return (
            f"The largest pixel that goes into the network is {max(c.event['high'] for c in calls):.2g}: the pixels were "
            f"divided by 255 twice (ToTensor divides already)."
        )
    return None


def _softmax(seen: Seen) -> str | None:
    call = _with_loss(seen, CROSS_ENTROPY)
    if call is None or "softmax" not in _tail(seen, call) or "log" in _tail(seen, call):
        return None
    return (
        "A softmax stands before the cross-entropy, which takes the softmax of the scores itself: the loss sees a "
        "softmax of a softmax, cannot fall below 1.46, and its gradients are small. Hand it the raw scores."
    )


def _log_softmax(seen: Seen) -> str | None:
    call = _with_loss(seen, CROSS_ENTROPY)
    tail = _tail(seen, call) if call else []
    if "log_softmax" in tail or ("softmax" in tail and "log" in tail):
        return (
            "A log_softmax stands before the cross-entropy, which takes it itself. Taken twice it changes no value, but "
            "one of the two is too much: raw scores with cross-entropy, or log_softmax with NLLLoss."
        )
    return None


def _sigmoid(seen: Seen) -> str | None:
    call = _with_loss(seen, CROSS_ENTROPY)
    if call is not None and "sigmoid" in _tail(seen, call):
        return (
            "A sigmoid stands before the cross-entropy: the scores lie between 0 and 1, so that no class can get a "
            "probability above 0.24. Hand the raw scores to the loss."
        )
    return None


def _activation(seen: Seen) -> str | None:
    call = _with_loss(seen, CROSS_ENTROPY, LIKELIHOOD)
    found = [name for name in _tail(seen, call) if name in ACTIVATIONS] if call else []
    if found:
        return (
            f"After the last dense layer comes a {found[0]} before the loss. The last layer's ten scores go into the "
            f"cross-entropy as they are, negative ones too."
        )
    return None


def _likelihood(seen: Seen) -> str | None:
    call = _with_loss(seen, LIKELIHOOD)
    tail = _tail(seen, call) if call else []
    if call is None or "log_softmax" in tail or "log" in tail or call.event.get("looks") == "log-probabilities":
        return None
    what = "probabilities (a softmax without its logarithm)" if "softmax" in tail else "raw scores"
    return f"NLLLoss is given {what}; it expects logarithms of probabilities: log_softmax, or take cross-entropy."


def _squares(seen: Seen) -> str | None:
    call = _with_loss(seen, *SQUARES)
    if call is None:
        return None
    name = next(e["name"] for e in call.losses if e.get("name") in SQUARES)
    return f"The loss is {name}, a distance of numbers. To tell ten classes apart the sheet takes cross-entropy."


def _no_zero(seen: Seen) -> str | None:
    stepped = stale = 0
    since_step = False
    for call in seen.training:
        for event in call.after:
            if event["e"] == "backward" and since_step:
                stepped, stale, since_step = stepped + 1, stale + bool(event.get("stale")), False
            elif event["e"] == "step":
                since_step = True
    zeros = len(seen.of_kind("zero"))
    if not stepped or stale < 0.5 * stepped or zeros >= 0.9 * len(seen.training):
        return None  # what zero_grad leaves is of parameters that the optimiser does not hold
    often = f"zero_grad ran {zeros} times in {len(seen.training)} steps" if zeros else "zero_grad was never called"
    return (
        f"When backward begins, the gradients of the batches before still lie in the parameters ({often}), and the new "
        f"ones are added to them. Set them to zero once for every batch, before backward."
    )


def _zero_before_step(seen: Seen) -> str | None:
    def wiped(call: Call) -> bool:
        order = call.order
        first, last = order.find("B"), order.rfind("S")
        return 0 <= first < last and "Z" in order[first:last] and not _step_gradients(call)

    if most(seen.training, wiped):
        return (
            "zero_grad stands between backward and step: the gradients are set to zero before the optimiser has used "
            "them, so that no step changes anything. The order is zero_grad, backward, step."
        )
    return None


def _step_gradients(call: Call) -> bool:
    return any(e["e"] == "step" and e.get("grads") for e in call.after)


def _step_first(seen: Seen) -> str | None:
    def early(call: Call) -> bool:
        order = call.order
        return (
            "S" in order and "B" in order and order.find("S") < order.find("B") and order.rfind("S") < order.rfind("B")
        )

    if not most(seen.training, early):
        return None
    some = any(_step_gradients(c) for c in seen.training)
    what = "of the batch before" if some else "which are still zero, so that nothing is learned"
    return (
        f"step comes before backward: the optimiser uses the gradients {what}. The order is zero_grad, backward, step."
    )


def _no_backward(seen: Seen) -> str | None:
    if seen.of_kind("step") and not seen.of_kind("backward") and not any(_step_gradients(c) for c in seen.training):
        return "The optimiser steps, but backward is never called on the loss: there are no gradients, and nothing changes."
    return None


def _no_step(seen: Seen) -> str | None:
    still = seen.network.get("unchanged", [])
    done = [e for e in seen.of_kind("backward") if not e.get("raised")]
    if done and not seen.of_kind("step") and len(still) == len(seen.network.get("names", [])):
        return "backward computes gradients, but no optimiser takes a step: the weights stay as they were at the start."
    return None


def _order(seen: Seen) -> str | None:
    epochs = [e for e in seen.epochs if e.of == "train" and not e.cut and len(e.calls) > 1]
    rows = [[n for c in e.calls for n in c.numbers] for e in epochs]
    if rows and not _is_ours(seen) and all(len(r) > 1 and _ascending(r) for r in rows):
        return (
            "The training images go in in the order of the data set, the same in every epoch. The sheet shuffles them "
            "anew in every epoch (shuffle=True)."
        )
    return None


def _ascending(row: list[int]) -> bool:
    known = [n for n in row if n >= 0]
    return len(known) > 0.9 * len(row) and all(b > a for a, b in zip(known, known[1:], strict=False))


def _is_ours(seen: Seen) -> bool:
    """Return whether the training function was called by the checker, with its own arrays, in their order."""
    return any("x" in str(e.get("arguments", "")).lower() and not e.get("evaluating") for e in seen.of_kind("called"))


def _same_order(seen: Seen) -> str | None:
    epochs = [e for e in seen.epochs if e.of == "train" and not e.cut and len(e.calls) > 1]
    rows = [[n for c in e.calls for n in c.numbers] for e in epochs]
    if len(rows) > 1 and all(r == rows[0] for r in rows) and not _ascending(rows[0]):
        return "The images are in one shuffled order, the same in every epoch; the sheet shuffles them anew in each."
    return None


LABELS = {
    "index": "label of the image {k} places {way} in the data set",
    "place": "label of the image {k} places {way} in the batch",
    "value": "label plus {n}",
    "wrapped": "label plus {n} (modulo 10)",
    "reversed": "9 minus the label",
}


def _labels(seen: Seen) -> list[str]:
    return [str(e.get("labels")) for c in seen.training for e in c.losses if e.get("labels") != "unknown"]


def _shifted(seen: Seen) -> str | None:
    found = [r for r in _labels(seen) if r not in ("right", "apart")]
    if not found or len(found) < 0.5 * len(_labels(seen)):
        return None
    return f"Image and label do not belong together: each image goes in with the {_told(max(set(found), key=found.count))}."


def _told(relation: str) -> str:
    kind = relation.rstrip("+-0123456789")
    step = int(relation[len(kind) :] or 0)
    way = "after it" if step > 0 else "before it"
    text = LABELS.get(kind, relation).format(k=abs(step), way=way, n=step)
    return text.replace(" 1 places", " one place")


def _raises(seen: Seen) -> str | None:
    raised = [str(e["raised"]) for e in seen.of_kind("loss") if e.get("raised")]
    return f"The loss raises {raised[0]}." if raised and _shifted(seen) is None else None


def _apart(seen: Seen) -> str | None:
    found = _labels(seen)
    if found and found.count("apart") >= 0.5 * len(found):
        return (
            "Image and label do not belong together: the labels go in in another order than the images (shuffled apart, "
            "or of other images)."
        )
    return None


def _on_test(seen: Seen) -> str | None:
    if most([c for c in seen.training if c.of != "unknown"], lambda c: c.of == "test"):
        return "The images that the network is trained with are those of the test set: its test says nothing then."
    return None


def _one_batch(seen: Seen) -> str | None:
    passes = []
    current: dict[str, object] | None = None
    for event in seen.events:
        if event["e"] == "pass":
            current = event
        elif event["e"] == "backward" and current is not None and current not in passes:
            passes.append(current)
    if any(e.get("raised") for e in seen.of_kind("backward", "loss", "call")):
        return None  # an exception ended the pass
    whole = [p for p in passes if isinstance(p.get("of"), int) and p["of"] > 1 and not p.get("cut")]  # type: ignore[operator]
    if whole and all(p.get("served") == 1 and not p.get("done") for p in whole) and len(whole) == len(passes):
        return (
            f"In every epoch one batch is taken and the loop is left (a break or a return inside of it, or next(iter(…))): "
            f"one of {whole[0]['of']} batches here."
        )
    return None


def _anew(seen: Seen) -> str | None:
    trained = list(dict.fromkeys(c.event.get("model") for c in seen.training))
    kinds = {n.get("kind") for n in seen.networks if n.get("number") in trained}
    epochs = [[c.event.get("model") for c in e.calls] for e in seen.epochs]
    ways = {(e.get("kind"), e.get("rate")) for e in seen.of_kind("step")}
    if len(ways) > 1:
        return None  # several networks are compared
    once = all(len(set(e)) == 1 for e in epochs) and len(epochs) == len(trained)
    if len(kinds) == 1 and (len(trained) >= 3 or (len(trained) == 2 and not _evaluated_between(seen))) and once:
        return (
            f"A new network is made in every epoch ({len(trained)} were trained): what the epoch before had learned is "
            f"lost. Make the network, and its optimiser, once before the loop."
        )
    if len(trained) >= 3 and len(kinds) == 1 and len(trained) == len(seen.training):
        return "A new network is made for every batch, so that nothing that was learned is kept."
    return None


def _evaluated_between(seen: Seen) -> bool:
    first = seen.training[0].event.get("model")
    return any(c.event.get("model") == first for c in seen.evaluation)


def _other_parameters(seen: Seen) -> str | None:
    steps = [e for e in seen.of_kind("step") if e.get("missing") or e.get("holds")]
    if steps and all(not e.get("holds") for e in steps):
        return (
            "The optimiser holds none of the parameters of the network that is trained (those of another network, or of "
            "one that was made again afterwards): its steps change nothing in it."
        )
    return None


def _some_parameters(seen: Seen) -> str | None:
    steps = [e for e in seen.of_kind("step") if e.get("missing") or e.get("holds")]
    several = len({e.get("optimiser") for e in steps}) > 1
    if steps and not several and all(e.get("holds") and e.get("missing") for e in steps):
        names = ", ".join(map(str, steps[0]["missing"][:6]))
        return f"The optimiser holds only a part of the network's parameters: {names} never change."
    return None


def _frozen(seen: Seen) -> str | None:
    frozen = [n for n in seen.network.get("frozen", []) if n in seen.network.get("unchanged", [])]
    if frozen:
        return f"These parameters are frozen (requires_grad is False) and never change: {', '.join(frozen[:6])}."
    return None


def _no_rate(seen: Seen) -> str | None:
    steps = seen.of_kind("step")
    if steps and all(e.get("rate") == 0 for e in steps):
        return "The learning rate is 0: the optimiser's steps change nothing."
    return None


def _in_eval_mode(seen: Seen) -> str | None:
    late = [c for c in seen.training if c.event.get("training") is False]
    if seen.modal and len(late) >= 0.3 * max(1, len(seen.training)):
        return (
            f"{len(late)} of {len(seen.training)} training steps ran in evaluation mode, where {_kinds(seen)} do not do "
            f"their work: after model.eval() comes model.train() before the next epoch."
        )
    return None


def _kinds(seen: Seen) -> str:
    return " and ".join(seen.modal)


def _kept(seen: Seen) -> str | None:
    over = any((e.get("over") or 0) > 1 for e in seen.of_kind("backward"))
    found = seen.of_kind("kept")
    if not found or over:
        return None
    where = "in a list" if all(e.get("how") == "list" for e in found) else "in a sum"
    return (
        f"The losses are kept {where} as tensors with everything that they were computed from, so that memory grows with "
        f"every batch. Keep loss.item(), a number."
    )


def _loss_divided(seen: Seen) -> str | None:
    def divided(call: Call) -> bool:
        losses = [e.get("value") for e in call.losses if e.get("reduction") == "mean"]
        before = [e.get("value") for e in call.after if e["e"] == "backward"]
        if not losses or not before or not losses[-1] or not before[-1] or call.size < 16:
            return False
        return bool(abs(losses[-1] / before[-1] / call.size - 1) < 1e-3)

    if most(seen.training, divided):
        return (
            "The loss is divided by the number of images in the batch before backward, though cross-entropy is the mean "
            "of the batch already: the gradients are that much too small."
        )
    return numbers.divided_twice(seen)


def _without_graph(seen: Seen) -> str | None:
    lost = [e for e in seen.of_kind("backward") if e.get("raised") and e.get("grad") is False]
    if not lost:
        return None
    calls = [c for c in seen.training if c.event.get("grad") is False]
    if len(calls) == len(seen.training):
        return "The network runs without gradients while it is trained (torch.no_grad is open), so that backward raises."
    return (
        "What backward is called on has lost its connection with the network (a detach, an item, or a new tensor made of "
        "its value), so that backward raises."
    )


def _accuracy(seen: Seen) -> str | None:
    return numbers.wrong_accuracy(seen, seen.epochs, "accuracy-divided-by-batches", "training")


def _choice(seen: Seen) -> str | None:
    return wrong_axis(seen, {c.event.get("n") for c in seen.training})


def wrong_axis(seen: Seen, calls: set[int | None]) -> str | None:
    """Say along which axis the largest score was looked for, where that is not the axis of the classes."""
    found = [e for e in seen.of_kind("choice") if e.get("call") in calls and e.get("axes") == 2]
    wrong = [e for e in found if e.get("dim") not in (1, -1)]
    if not wrong or len(wrong) < 0.5 * len(found):
        return None
    rows, columns = wrong[0]["shape"]
    axis = "over everything at once" if wrong[0].get("dim") is None else f"along axis {wrong[0]['dim']}, the images"
    return (
        f"The largest score is looked for {axis}. The scores have {rows} rows (images) and {columns} columns (classes): "
        f"for every image the best class is argmax along axis 1."
    )


def _diverged(seen: Seen) -> str | None:
    steps = seen.of_kind("step")
    losses = [e["value"] for c in seen.training for e in c.losses if isinstance(e.get("value"), int | float)]
    lost = [c for c in seen.training if c.event.get("finite") is False]
    dead = len(seen.calls) > 4 and all(c.event.get("constant") for c in seen.calls[-4:])
    if not steps or not losses or _pixels(seen) or not (lost or (dead and max(losses) > FAST * GUESSING)):
        return None
    rate, kind = steps[0].get("rate", 0), steps[0].get("kind", "the optimiser")
    return (
        f"The training has diverged: with {kind} at a rate of {rate:g} the loss went up to {max(losses):.3g}. A network "
        f"that this happens to answers with one class for every image (11.35 % of the test set, where it is the 1). "
        f"That is no fault of the program: take a smaller rate, such as 0.001 (the sheet's own RMSprop at 0.01 does it "
        f"too, in about every second run)."
    )


TRAINING = (
    Rule("pixels-not-scaled", "The pixels go in as 0 to 255", _pixels, "How large are the numbers that go in?"),
    Rule("pixels-scaled-twice", "The pixels are divided by 255 twice", _pixels_twice, "Print the largest pixel."),
    Rule("softmax-before-cross-entropy", "A softmax before the cross-entropy", _softmax, "What does the loss expect?"),
    Rule(
        "log-softmax-before-cross-entropy",
        "A log_softmax before the cross-entropy",
        _log_softmax,
        "What does the loss do itself?",
    ),
    Rule("sigmoid-before-cross-entropy", "A sigmoid before the cross-entropy", _sigmoid, "What does the loss expect?"),
    Rule("activation-before-loss", "An activation after the last layer", _activation, "Which scores may be negative?"),
    Rule("nll-without-log", "NLLLoss without logarithms", _likelihood, "What does NLLLoss expect?"),
    Rule("distance-for-classes", "A distance as the loss of classes", _squares, "Which loss does the sheet name?"),
    Rule("no-zero-grad", "The gradients are never set to zero", _no_zero, "What lies in grad when backward begins?"),
    Rule(
        "zero-grad-before-step", "The gradients are set to zero before the step", _zero_before_step, "In which order?"
    ),
    Rule("step-before-backward", "The step comes before backward", _step_first, "In which order?"),
    Rule("no-backward", "backward is missing", _no_backward, "Where do the gradients come from?"),
    Rule(
        "trained-without-gradients", "No gradients in the training", _without_graph, "What is between network and loss?"
    ),
    Rule("no-step", "No step is taken", _no_step, "What changes the weights?"),
    Rule("no-shuffling", "The images are not shuffled", _order, "In which order do the images go in?"),
    Rule("shuffled-once", "Shuffled once, not in every epoch", _same_order, harmless=True),
    Rule("labels-shifted", "Labels of other images: shifted", _shifted, "Does each image go in with its own label?"),
    Rule("loss-raises", "The loss raises", _raises, "Which shape and type do scores and labels have?"),
    Rule(
        "labels-shuffled-apart",
        "Labels of other images: another order",
        _apart,
        "Does each image go in with its own label?",
    ),
    Rule("trained-on-test-set", "Trained with the test set", _on_test, "Which images is it trained with?"),
    Rule("one-batch-an-epoch", "One batch in every epoch", _one_batch, "How many steps does an epoch take?"),
    Rule("network-made-anew", "The network is made anew", _anew, "What is made inside of the loop?"),
    Rule(
        "optimiser-of-another-network",
        "The optimiser holds another network",
        _other_parameters,
        "Whose parameters are these?",
    ),
    Rule(
        "optimiser-of-a-part",
        "The optimiser holds a part of the network",
        _some_parameters,
        "Which parameters are missing?",
    ),
    Rule("frozen-layers", "Layers are frozen", _frozen, "Which weights change?"),
    Rule("rate-of-zero", "The learning rate is zero", _no_rate, "How large are the steps?"),
    Rule(
        "trained-in-evaluation-mode", "Trained in evaluation mode", _in_eval_mode, "In which mode is the second epoch?"
    ),
    Rule("loss-kept-with-graph", "The loss is kept with its graph", _kept, "What is it that you add up?"),
    Rule(
        "loss-divided-twice",
        "The loss is divided twice",
        _loss_divided,
        "By how much is the sum of the losses divided?",
    ),
    Rule(
        "accuracy-divided-by-batches",
        "The accuracy is divided by the batches",
        _accuracy,
        "How many images were there?",
    ),
    Rule("argmax-over-images", "The largest score along the wrong axis", _choice, "What do the rows stand for?"),
    Rule("diverged", "The training has diverged", _diverged, harmless=True),
)
"""The rules of a training, in the order in which they are told."""

__all__ = ["TRAINING", "wrong_axis"]
