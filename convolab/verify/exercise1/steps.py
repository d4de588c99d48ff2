"""Mistakes in the steps of a training: gradients, their order, the optimiser, the network; each with how it shows."""

from itertools import pairwise
from typing import Any

from convolab.verify.exercise1.rules import SeenMistake, most
from convolab.verify.exercise1.seen import Call, Seen

LEAST_STEPS = 3  # batches of an epoch, from which on one step is too few
HALF, GONE = 0.5, 1e-4  # of the rate before, and of the first: a rate that falls so after every batch is gone soon


def _no_zero(seen: Seen) -> str | None:
    if not seen.of_kind("step"):
        return _no_zero_by_hand(seen)
    stepped = stale = 0
    since_step = False
    for call in seen.training:
        for event in call.after:
            if event["e"] == "backward" and since_step:
                stepped, stale, since_step = stepped + 1, stale + bool(event.get("stale")), False
            elif event["e"] == "step":
                since_step = True
    zeros = sum(bool(e.get("of", True)) for e in seen.of_kind("zero"))
    if not stepped or stale < 0.5 * stepped or zeros >= 0.9 * len(seen.training) or _other_parameters(seen):
        return None  # what zero_grad leaves is of parameters that the optimiser does not hold
    others = len(seen.of_kind("zero")) - zeros
    often = f"zero_grad ran {zeros} times in {len(seen.training)} steps" if zeros else "zero_grad was never called"
    if others > zeros:
        often = "zero_grad is called on another network's parameters"
    return _gradients_left(often)


def _no_zero_by_hand(seen: Seen) -> str | None:
    """Say so if weights are changed by hand, and every gradient but the first is added to those before."""
    changed = len(seen.network.get("unchanged", [])) < len(seen.network.get("names", []))
    done = [e for e in seen.of_kind("backward") if not e.get("raised")]
    if changed and len(done) > 2 and all(e.get("stale") for e in done[1:]):
        return _gradients_left("nothing sets them to zero")
    return None


def _gradients_left(why: str) -> str:
    return (
        f"When backward begins, the gradients of the batches before still lie in the parameters ({why}), and the new "
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
        return _step_at_the_head(seen)
    some = any(_step_gradients(c) for c in seen.training)
    what = "of the batch before" if some else "which are still zero, so that nothing is learned"
    return (
        f"step comes before backward: the optimiser uses the gradients {what}. The order is zero_grad, backward, step."
    )


def _step_at_the_head(seen: Seen) -> str | None:
    """Say so if the loop begins with a step, before the network is called with the batch."""
    kinds = [e["e"] for e in seen.events if e["e"] in ("step", "call")]
    steps = seen.of_kind("step")
    last = seen.training[-1].order if seen.training else ""
    if not kinds or kinds[0] != "step" or any(e.get("closure") for e in steps) or "S" in last or "B" not in last:
        return None
    if len(steps) < 0.6 * len(seen.training):
        return None
    return (
        "step comes before backward, at the head of the loop: each step uses the gradients of the batch before (the "
        "first one has none), and those of the last batch are never used. The order is zero_grad, backward, step."
    )


def _backward_twice(seen: Seen) -> str | None:
    def twice(call: Call) -> bool:
        values = [e.get("value") for e in call.after if e["e"] == "backward"]
        return "BB" in call.order and any(a == b and a is not None for a, b in pairwise(values))

    if most(seen.training, twice):
        return "backward is called twice on the same loss, so that every gradient is added up twice. Once is enough."
    return None


def _step_twice(seen: Seen) -> str | None:
    def twice(call: Call) -> bool:
        steps = [(e.get("optimiser"), e["e"]) for e in call.after if e["e"] in ("step", "zero", "backward")]
        return any(a == b and a[1] == "step" for a, b in pairwise(steps))

    if most(seen.training, twice):
        return (
            "The optimiser takes two steps with the same gradients for every batch. One step belongs to each backward."
        )
    return None


def _one_step_an_epoch(seen: Seen) -> str | None:
    """Say so if the step stands behind the loop over the batches."""
    behind = inside = 0
    over = backward = False
    for event in seen.events:
        kind = event["e"]
        if kind in ("pass", "end"):
            over = kind == "end"
        elif kind == "backward":
            backward, over = True, False
        elif kind == "step":
            behind, inside = behind + (over and backward), inside + (not over)
    counts = [len([c for c in e.calls if "B" in c.order]) for e in seen.epochs if not e.cut]
    if (
        not behind
        or inside
        or not counts
        or min(counts) < LEAST_STEPS
        or any(e.get("closure") for e in seen.of_kind("step"))
    ):
        return None
    zeroed = sum("Z" in c.order for c in seen.training) > 0.5 * len(seen.training)
    what = "the gradients of the last batch" if zeroed else "the gradients of all batches, added up"
    return (
        f"The optimiser takes one step an epoch, behind the loop over the batches, with {what}. The sheet takes a step "
        f"for every batch: step belongs inside of the loop."
    )


def _no_backward(seen: Seen) -> str | None:
    if seen.of_kind("step") and not seen.of_kind("backward") and not any(_step_gradients(c) for c in seen.training):
        return "The optimiser steps, but backward is never called on the loss: without gradients nothing changes."
    return None


def _without_graph(seen: Seen) -> str | None:
    lost = [e for e in seen.of_kind("backward") if e.get("raised") and e.get("grad") is False]
    if not lost:
        return _graph_made_up(seen)
    calls = [c for c in seen.training if c.event.get("grad") is False]
    if len(calls) == len(seen.training):
        return (
            "The network runs without gradients while it is trained (torch.no_grad is open), so that backward raises."
        )
    return (
        "What backward is called on has lost its connection with the network (a detach, an item, or a new tensor "
        "made of "
        "its value), so that backward raises."
    )


def _graph_made_up(seen: Seen) -> str | None:
    """Say so if backward runs on a loss without a graph, which was told to need a gradient by itself."""
    reached = any(_step_gradients(c) for c in seen.training)
    if not reached and most(seen.training, lambda c: c.event.get("grad") is False and "B" in c.order):
        return (
            "The network runs without gradients while it is trained (torch.no_grad is open). backward raises nothing, "
            "since the loss itself was told to need a gradient (requires_grad), but it reaches no parameter, and the "
            "steps change nothing. Take the network's call out of no_grad."
        )
    return None


def _no_step(seen: Seen) -> str | None:
    if seen.steps_sometimes:
        return None  # every so many batches, of which the small part may have fewer
    still = seen.network.get("unchanged", [])
    done = [e for e in seen.of_kind("backward") if not e.get("raised")]
    if done and not seen.of_kind("step") and len(still) == len(seen.network.get("names", [])):
        return "backward computes gradients, but no optimiser takes a step: the weights stay as they were at the start."
    return None


def _anew(seen: Seen) -> str | None:
    trained = list(dict.fromkeys(c.event.get("model") for c in seen.training))
    networks = [n for n in seen.networks if n.get("number") in trained]
    epochs = [[c.event.get("model") for c in e.calls] for e in seen.epochs]
    if len(trained) < 2 or len({(n.get("kind"), n.get("parameters")) for n in networks}) > 1:
        return None
    if all(len(set(e)) == 1 for e in epochs) and len(epochs) == len(trained):
        if not _made_in_the_loop(networks) and (len(trained) < 3 or _are_compared(seen, trained)):
            return None
        return (
            f"A new network is made in every epoch ({len(trained)} were trained): what the epoch before had learned is "
            f"lost. Make the network, and its optimiser, once before the loop."
        )
    if len(trained) >= 3 and len(trained) == len(seen.training) and not _are_compared(seen, trained):
        return "A new network is made for every batch, so that nothing that was learned is kept."
    return None


def _made_in_the_loop(networks: list[dict[str, Any]]) -> bool:
    """Return whether each of some networks was made in another epoch, by the hand-in's own count of them."""
    epochs = [n.get("epoch") for n in networks]
    return None not in epochs and len(set(map(str, epochs))) == len(epochs)


def _are_compared(seen: Seen, trained: list[Any]) -> bool:
    """Return whether several networks look like an experiment: each is evaluated, seeded, or trained in its own way."""
    asked = {c.event.get("model") for c in seen.evaluation}
    ways = {(e.get("kind"), e.get("rate")) for e in seen.of_kind("step")}
    sizes = {max((c.size for c in e.calls), default=0) for e in seen.epochs}
    sets = {e.of for e in seen.epochs}
    seeds = len(seen.of_kind("seed")) >= len(trained)
    return len(ways) > 1 or len(sizes) > 1 or len(sets) > 1 or seeds or bool(asked & set(trained[:-1]))


def _other_parameters(seen: Seen) -> str | None:
    steps = [e for e in seen.of_kind("step") if e.get("missing") or e.get("holds")]
    if steps and all(not e.get("holds") for e in steps):
        return (
            "The optimiser holds none of the parameters of the network that is trained (those of another network, or "
            "of "
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


def _made_again(seen: Seen) -> str | None:
    """Say so if every step is of an optimiser of its own, which forgets what those before have kept."""
    steps = [e for e in seen.of_kind("step") if e.get("kind") != "SGD"]
    if len(steps) > 3 and len({e.get("optimiser") for e in steps}) == len(steps):
        return (
            f"A new optimiser is made for every batch. {steps[0].get('kind')} keeps averages of the gradients from one "
            f"step to the next, and these begin anew each time, so that its steps are far too large. Make it once, "
            f"before the loop."
        )
    return None


def _cut_off(seen: Seen) -> str | None:
    """Say so if the optimiser holds parameters that no gradient reaches."""
    names, still = seen.network.get("names", []), seen.network.get("unchanged", [])
    held = {str(n) for e in seen.of_kind("step") for n in e.get("missing") or []}
    used, frozen = seen.network.get("used", []), seen.network.get("frozen", [])
    lost = [n for n in still if n in used and n not in held and n not in frozen]
    of_one = {c.event.get("model") for c in seen.training} == {seen.number}
    if not of_one or not lost or len(still) == len(names) or _alike(seen):
        return None
    if not any(str(n).endswith("weight") for n in lost) and len(lost) < 2:
        return None
    return (
        f"No gradient reaches {', '.join(map(str, lost[:6]))}: the optimiser holds them, and they stay as they "
        f"were. On "
        f"the way to the loss the graph is cut (detach, .data, item, numpy or no_grad)."
    )


def _alike(seen: Seen) -> str | None:
    alike = [str(n) for n in seen.network.get("alike", [])]
    if len(alike) < 2 or seen.network.get("given"):
        return None
    return (
        f"The weights {', '.join(alike[:6])} all begin with one and the same number. Then all units of a layer "
        f"compute the "
        f"same and get the same gradient (with zeros none at all), and stay alike: weights begin at random."
    )


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


def _falling_rate(seen: Seen) -> str | None:
    """Say so if the rate is made smaller after nearly every batch, until nothing is left of it."""
    rates = [e["rate"] for e in seen.of_kind("step") if isinstance(e.get("rate"), int | float)]
    falls = sum(later <= HALF * rate < rate for rate, later in pairwise(rates))
    if len(rates) <= LEAST_STEPS or falls < 0.6 * (len(rates) - 1) or falls <= 1.5 * len(seen.epochs):
        return None
    if rates[-1] > GONE * rates[0]:
        return None
    return (
        f"The learning rate falls after every batch, from {rates[0]:g} to {rates[-1]:.2g} within {len(rates)} steps, "
        f"so that the network soon learns nothing any more. The sheet's rate stays as it is; a scheduler's step "
        f"belongs behind the loop over the batches."
    )


def _in_eval_mode(seen: Seen) -> str | None:
    late = [c for c in seen.training if c.event.get("training") is False]
    if seen.modal and len(late) >= 0.3 * max(1, len(seen.training)):
        return (
            f"{len(late)} of {len(seen.training)} training steps ran in evaluation mode, in which "
            f"{' and '.join(seen.modal)} does not work as it should while a network learns: after model.eval() comes "
            f"model.train() before the next epoch."
        )
    return None


def _kept(seen: Seen) -> str | None:
    over = any((e.get("over") or 0) > 1 for e in seen.of_kind("backward"))
    trained = {c.event.get("n") for c in seen.training}
    found = [e for e in seen.of_kind("kept") if e.get("call") in trained]
    if not found or over:
        return None
    where = "in a list" if any(e.get("how") == "list" for e in found) else "in a sum"
    return (
        f"The losses are kept {where} as tensors with everything that they were computed from, so that memory grows "
        f"with "
        f"every batch. Keep loss.item(), a number."
    )


STEPS = (
    SeenMistake(
        "no-zero-grad", "The gradients are never set to zero", _no_zero, "What lies in grad when backward begins?"
    ),
    SeenMistake(
        "zero-grad-before-step", "The gradients are set to zero before the step", _zero_before_step, "In which order?"
    ),
    SeenMistake("step-before-backward", "The step comes before backward", _step_first, "In which order?"),
    SeenMistake(
        "one-step-an-epoch", "One step an epoch", _one_step_an_epoch, "How often is a step taken in one epoch?"
    ),
    SeenMistake("backward-twice", "backward is called twice", _backward_twice, "How often is each loss followed back?"),
    SeenMistake("step-twice", "Two steps a batch", _step_twice, "How many steps does a batch take?"),
    SeenMistake("no-backward", "backward is missing", _no_backward, "Where do the gradients come from?"),
    SeenMistake(
        "trained-without-gradients", "No gradients in the training", _without_graph, "What is between network and loss?"
    ),
    SeenMistake("no-step", "No step is taken", _no_step, "What changes the weights?"),
    SeenMistake("network-made-anew", "The network is made anew", _anew, "What is made inside of the loop?"),
    SeenMistake(
        "optimiser-of-another-network",
        "The optimiser holds another network",
        _other_parameters,
        "Whose parameters are these?",
    ),
    SeenMistake(
        "optimiser-of-a-part",
        "The optimiser holds a part of the network",
        _some_parameters,
        "Which parameters are missing?",
    ),
    SeenMistake("frozen-layers", "Layers are frozen", _frozen, "Which weights change?"),
    SeenMistake(
        "optimiser-made-anew", "A new optimiser for every batch", _made_again, "What is made inside of the loop?"
    ),
    SeenMistake("weights-alike", "The weights begin alike", _alike, "What are the weights before the first step?"),
    SeenMistake("layers-cut-off", "No gradient reaches some layers", _cut_off, "Which weights change?"),
    SeenMistake("rate-of-zero", "The learning rate is zero", _no_rate, "How large are the steps?"),
    SeenMistake(
        "rate-falls-every-batch",
        "The learning rate falls after every batch",
        _falling_rate,
        "How large is the last step?",
    ),
    SeenMistake(
        "trained-in-evaluation-mode", "Trained in evaluation mode", _in_eval_mode, "In which mode is the second epoch?"
    ),
    SeenMistake("loss-kept-with-graph", "The loss is kept with its graph", _kept, "What is it that you add up?"),
)
