"""What optimisers and loaders do: their steps, what they hold, and the batches that are taken from a loader."""

import functools
from typing import Any

import torch
from torch.optim import Optimizer
from torch.optim.optimizer import register_optimizer_step_pre_hook
from torch.utils.data import DataLoader, RandomSampler

from convolab.verify.exercise1.inside.log import Log
from convolab.verify.exercise1.inside.network import Networks
from convolab.verify.exercise1.inside.operations import has_gradients
from convolab.verify.exercise1.inside.patching import put

FULL_PASSES, OF_ONE_SET = 2, 5  # over one loader, and over one set by several; later ones are cut short
SHORT_PASSES = 3  # that have two batches; later ones have one
LEAST_BATCHES = 3  # of a loader: a larger batch size is lowered, so that batches can be told from a whole pass
PROCESSES = ("prefetch_factor", "persistent_workers", "multiprocessing_context", "timeout", "worker_init_fn")


class Steps:
    """Watches every optimiser and every loader."""

    def __init__(self, log: Log, networks: Networks):
        self.log, self.networks = log, networks
        self._optimisers: list[Any] = []
        self._passes: dict[Any, int] = {}
        self._loaders: list[Any] = []

    def watch(self) -> None:
        """See optimisers and loaders that are made from now on."""
        self._watch_optimisers()
        self._watch_loaders()

    def _watch_optimisers(self) -> None:
        _leave_the_compiler_out()
        made = Optimizer.__init__

        @functools.wraps(made)
        def init(optimiser: Any, *arguments: Any, **options: Any) -> None:
            made(optimiser, *arguments, **options)
            self._optimisers.append(optimiser)
            self.log.add("optimiser", n=len(self._optimisers) - 1, kind=type(optimiser).__name__)

        put(Optimizer, "__init__", init)
        register_optimizer_step_pre_hook(self._step)
        for kind in (Optimizer, torch.nn.Module):
            put(kind, "zero_grad", self._watched_zero(kind.zero_grad))

    def _watched_zero(self, zero: Any) -> Any:
        @functools.wraps(zero)
        def watched(owner: Any, *arguments: Any, **options: Any) -> Any:
            self.log.add("zero", of=self._is_of_the_network(owner))
            return zero(owner, *arguments, **options)

        return watched

    def _is_of_the_network(self, owner: Any) -> bool:
        """Return whether an optimiser, or a module, has parameters of the network that was called last."""
        network = self._last_network()
        if network is None:
            return True
        groups = getattr(owner, "param_groups", None)
        held = [p for g in groups for p in g["params"]] if groups else list(owner.parameters())
        own = {id(p) for p in network.module.parameters()}
        return any(id(p) in own for p in held)

    def _last_network(self) -> Any:
        last = next((e["model"] for e in reversed(self.log.events) if e["e"] == "call"), None)
        return next((n for n in self.networks.seen if n.number == last), None)

    def _step(self, optimiser: Any, arguments: Any, options: Any) -> None:
        number = next((n for n, o in enumerate(self._optimisers) if o is optimiser), -1)
        held = {id(p) for group in optimiser.param_groups for p in group["params"]}
        network = self._last_network()
        named = [(n, p) for n, p in network.module.named_parameters() if p.requires_grad] if network else []
        self.log.add(
            "step",
            optimiser=number,
            kind=type(optimiser).__name__,
            rate=max(float(group.get("lr", 1.0)) for group in optimiser.param_groups),
            grads=has_gradients(p for group in optimiser.param_groups for p in group["params"]),
            missing=[n for n, p in named if id(p) not in held][:40],
            holds=sum(id(p) in held for _, p in named),
            closure=len(arguments) > 1 or "closure" in options,
        )

    def _watch_loaders(self) -> None:
        made = DataLoader.__init__

        @functools.wraps(made)
        def init(loader: Any, dataset: Any, batch_size: Any = 1, *arguments: Any, **options: Any) -> None:
            for name in PROCESSES:
                options.pop(name, None)
            options["num_workers"], options["pin_memory"] = 0, False
            names = ("shuffle", "sampler", "batch_sampler", "num_workers", "collate_fn", "pin_memory", "drop_last")
            options = {**dict(zip(names, arguments, strict=False)), **options, "num_workers": 0, "pin_memory": False}
            if options.get("batch_sampler") is None and isinstance(batch_size, int) and hasattr(dataset, "__len__"):
                batch_size = max(1, min(batch_size, -(-len(dataset) // LEAST_BATCHES)))
            made(loader, dataset, batch_size, **options)
            self._loaders.append(loader)

        put(DataLoader, "__init__", init)
        begin = DataLoader.__iter__

        @functools.wraps(begin)
        def iterate(loader: Any) -> Any:
            return _Pass(self, loader, begin(loader))

        put(DataLoader, "__iter__", iterate)

    def begin_pass(self, loader: Any) -> dict[str, Any]:
        """Return the event of a new pass over a loader."""
        number = next((n for n, one in enumerate(self._loaders) if one is loader), -1)
        shuffled = isinstance(getattr(loader, "sampler", None), RandomSampler)
        facts = {"served": 0, "of": len(loader), "done": False, "cut": False, "items": len(loader.dataset)}
        return self.log.add("pass", loader=number, shuffled=shuffled, **facts)

    def is_enough(self, event: dict[str, Any], loader: Any, began: int) -> bool:
        """Return whether a pass is to be cut short here: others over the same images, for the same end, were whole."""
        if event["served"] < (2 if self._passes.get("cut", 0) < SHORT_PASSES else 1):
            return False
        whole = [self._passes.get(key, 0) for key in self._keys(event, loader, began)]
        return whole[0] >= FULL_PASSES or whole[1] >= OF_ONE_SET

    def _keys(self, event: dict[str, Any], loader: Any, began: int) -> tuple[str, str]:
        """Return what passes are counted by: their loader, or their set, and whether the network is trained in them."""
        trains = any(e["e"] in ("backward", "step") for e in self.log.events[began:])
        return f"loader {event['loader']} {trains}", f"set {id(loader.dataset)} {trains}"

    def end_pass(self, event: dict[str, Any], loader: Any, began: int) -> None:
        """Keep that a pass came to its end."""
        event["done"] = True
        for key in (*self._keys(event, loader, began), "cut" if event["cut"] else "whole"):
            self._passes[key] = self._passes.get(key, 0) + 1
        self.log.add("end", loader=event["loader"])


def _leave_the_compiler_out() -> None:
    """Let torch not load its compiler, which takes seconds, for the first optimiser that is made."""
    for function in vars(Optimizer).values():
        wrapped = getattr(function, "__wrapped__", None)
        if wrapped is not None:
            # Written as an attribute in a class, the name would be another.
            setattr(wrapped, "__dynamo_disable", wrapped)


class _Pass:
    """One pass over a loader."""

    def __init__(self, steps: Steps, loader: Any, batches: Any):
        self._steps, self._loader, self._batches = steps, loader, batches
        self._event, self._began = steps.begin_pass(loader), len(steps.log.events)

    def __iter__(self) -> "_Pass":
        return self

    def __len__(self) -> int:
        return int(self._event["of"])

    def __next__(self) -> Any:
        self._event["cut"] = self._steps.is_enough(self._event, self._loader, self._began)
        try:
            if self._event["cut"]:
                raise StopIteration
            batch = next(self._batches)
        except StopIteration:
            self._steps.end_pass(self._event, self._loader, self._began)
            raise
        self._event["served"] += 1
        return batch
