"""What happens to a network's results: losses, the largest score, comparisons with labels, backward passes."""

import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch.overrides import TorchFunctionMode

from convolab.verify.exercise1.inside.log import Log
from convolab.verify.exercise1.inside.loose import BEGINS, begins
from convolab.verify.exercise1.inside.network import Networks

LOSSES = (
    "cross_entropy nll_loss mse_loss l1_loss smooth_l1_loss huber_loss binary_cross_entropy "
    "binary_cross_entropy_with_logits multi_margin_loss kl_div"
).split()
# Operations that leave the numbers as they are.
SAME = (
    "__get__ detach to float double cpu cuda clone contiguous view reshape squeeze unsqueeze flatten type "
    "requires_grad_ "
    "__getitem__ numpy item"
).split()
CHOICES = ("argmax", "max", "topk", "sort", "argsort")
SUMS = ("add", "add_", "__add__", "__radd__", "__iadd__", "sum", "stack")
MOST_PATH, MOST_LOSSES = 8, 20
NOTHING: tuple[None, tuple[str, ...], frozenset[int]] = (None, (), frozenset())


class SeenArray(np.ndarray):
    """A network's result as an array, of which is seen along which axis its largest number is looked for."""

    _seen: Any = None
    _log: Any = None

    def __array_finalize__(self, source: Any) -> None:
        self._seen, self._log = getattr(source, "_seen", None), getattr(source, "_log", None)

    def argmax(self, axis: Any = None, *rest: Any, **options: Any) -> Any:
        if self._log is not None and self._seen is not None and self.ndim > 1:
            self._log.add("choice", call=self._seen[0], dim=axis, axes=self.ndim, shape=list(self.shape))
        return np.asarray(self).argmax(axis, *rest, **options)


class Operations(TorchFunctionMode):
    """Every operation on tensors outside of a network's own."""

    def __init__(self, log: Log, networks: Networks):
        super().__init__()
        self.log, self.networks = log, networks
        self._losses: list[tuple[int, Any]] = []

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        if self.networks.inside or self.log.paused:
            return func(*args, **kwargs)
        name = getattr(func, "__name__", "")
        if name == "backward":
            return self._backward(func, args, kwargs)
        source = _first_seen((*args, *kwargs.values()))
        if source is None and begins(name, args, kwargs):
            number = self.networks.begin(args[0] if args else kwargs.get("input"))
            source = (number, (), frozenset([number])) if number is not None else None
        if source is None:
            return func(*args, **kwargs)
        if name in CHOICES:
            self._choice(name, args, kwargs, source)
        try:
            result = func(*args, **kwargs)
        except Exception as error:
            if name in LOSSES:
                self._raised(name, args, kwargs, source, error)
            raise
        if name in LOSSES:
            return self._loss(name, args, kwargs, source, result)
        if name in ("__eq__", "eq", "equal"):
            self._compared(args, source)
        self.networks.go_on(source[0], name, args, kwargs, result)
        return self._passed_on(name, args, source, result)

    def _loss(self, name: str, args: Any, kwargs: Any, source: Any, result: Any) -> Any:
        target = args[1] if len(args) > 1 else kwargs.get("target")
        number, path, _ = source
        event = self.log.add("loss", name=name, call=number, through=list(path), grad=bool(result.requires_grad))
        event["labels"] = self.networks.images.relation(target, self.networks.batches.get(number, []))
        event["reduction"] = str(kwargs.get("reduction", "mean"))[:8]
        if result.numel() == 1:
            event["value"] = float(result.detach())
        if result.requires_grad:
            if self._are_kept(number):
                self.log.add("kept", how="list", call=number)
            self._losses = [*self._losses[-MOST_LOSSES:], (number, weakref.ref(result))]
        result._seen = (number, (*path, name), frozenset([number]))
        return result

    def _are_kept(self, number: int) -> bool:
        """Return whether losses are alive that no variable holds: those of two calls before the last one."""
        earlier = list(dict.fromkeys(n for n, _ in self._losses if n != number))[-3:-1]
        alive = {n for n, loss in self._losses if loss() is not None}
        return len(earlier) == 2 and alive.issuperset(earlier)

    def _raised(self, name: str, args: Any, kwargs: Any, source: Any, error: Exception) -> None:
        """Keep a loss that raised, with how its labels belong to the images."""
        number, path, _ = source
        target = args[1] if len(args) > 1 else kwargs.get("target")
        labels = self.networks.images.relation(target, self.networks.batches.get(number, []))
        text = f"{type(error).__name__}: {error}"[:200]
        self.log.add("loss", name=name, call=number, through=list(path), labels=labels, raised=text)

    def _choice(self, name: str, args: Any, kwargs: Any, source: Any) -> None:
        """Keep along which axis the largest score is looked for."""
        given = args[0] if args else kwargs.get("input")
        dim = args[1] if len(args) > 1 else kwargs.get("dim", kwargs.get("axis"))
        if name == "topk":
            dim = args[2] if len(args) > 2 else kwargs.get("dim", -1)
        if name in ("max", "sort") and dim is None:
            return
        if isinstance(given, torch.Tensor) and given.ndim > 1 and isinstance(dim, int | None):
            self.log.add("choice", call=source[0], dim=dim, axes=given.ndim, shape=list(given.shape))

    def _compared(self, args: Any, source: Any) -> None:
        """Keep how the labels that results are compared with belong to the images."""
        other = next((a for a in args if _seen(a) is None), None)
        if isinstance(other, torch.Tensor):
            relation = self.networks.images.relation(other, self.networks.batches.get(source[0], []))
            shapes = [list(a.shape) for a in args if isinstance(a, torch.Tensor)]
            self.log.add("compared", call=source[0], labels=relation, shapes=shapes)

    def _backward(self, func: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        seen = _seen(args[0]) or NOTHING
        stale, of = False, None
        if seen[0] is not None:
            of = next((e["model"] for e in reversed(self.log.events) if e["e"] == "call" and e["n"] == seen[0]), None)
        for network in self.networks.seen:
            if of in (None, network.number):
                stale |= has_gradients(network.module.parameters())
        event = self.log.add("backward", call=seen[0], over=len(seen[2]), stale=stale)
        event["grad"] = bool(args[0].requires_grad)
        if args[0].numel() == 1:
            event["value"] = float(args[0].detach())
        try:
            return func(*args, **kwargs)
        except Exception:
            event["raised"] = True
            raise

    def _passed_on(self, name: str, args: Any, source: Any, result: Any) -> Any:
        """Mark what comes of a network's result as coming from it."""
        number, path, calls = source
        if name in SUMS:
            every = [s for a in args for b in (a if isinstance(a, tuple | list) else [a]) if (s := _seen(b))]
            calls = frozenset().union(*(s[2] for s in every))
            if len(calls) > 2 and isinstance(result, torch.Tensor) and result.requires_grad and _of_loss(path):
                self.log.add("kept", how="sum", call=max(calls))
            number = max((s[0] for s in every), default=number)
        longer = path if name in SAME else () if name in BEGINS else (*path[-MOST_PATH:], name)
        if name == "numpy" and isinstance(result, np.ndarray):
            result = result.view(SeenArray)
            result._log = self.log
        for one in result if isinstance(result, tuple) else (result,):
            if isinstance(one, torch.Tensor | SeenArray):
                one._seen = (number, longer, calls)  # type: ignore[union-attr]
        return result


def _of_loss(path: tuple[str, ...]) -> bool:
    return any(name in LOSSES for name in path) or "mean" in path


def _seen(thing: Any) -> Any:
    return getattr(thing, "_seen", None) if isinstance(thing, torch.Tensor) else None


def _first_seen(things: Any) -> Any:
    for thing in things:
        for one in thing if isinstance(thing, tuple | list) else (thing,):
            found = _seen(one)
            if found is not None:
                return found
    return None


def has_gradients(parameters: Any) -> bool:
    """Return whether a gradient other than zero lies in any of the parameters."""
    with torch._C.DisableTorchFunction():
        return any(p.grad is not None and bool(p.grad.count_nonzero()) for p in parameters)
