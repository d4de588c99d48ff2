"""The network at work: every outermost call of a module with parameters, what went in, what came out, in which mode."""

import contextlib
import functools
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch

from convolab.verify.exercise1.inside.bounds import UNKNOWN
from convolab.verify.exercise1.inside.images import ServedImages
from convolab.verify.exercise1.inside.log import Enough, Log
from convolab.verify.exercise1.inside.loose import LooseNetwork
from convolab.verify.exercise1.inside.patching import put

MOST_NETWORKS, MOST_NUMBERS = 20, 512
MOST_CALLS, MOST_IMAGES = 700, 6_000  # of one statement of the hand-in
FORWARD = 3  # images without gradients take the time of one with
# Layers that compute something else while a network is trained.
LAYERS = ("Conv", "Linear", "LazyConv", "LazyLinear")
MODAL = ("Dropout", "BatchNorm", "InstanceNorm")
ROUNDING = 1e-3
SCORES = (
    "linear",
    "matmul",
    "__matmul__",
    "mm",
    "addmm",
    "add",
    "__add__",
    "softmax",
    "log_softmax",
    "relu",
    "sigmoid",
)
MOST_LOOKED_AT, DARK_AND_BRIGHT = 64, (2, 98)  # images of a batch; percentiles of their pixels
EPOCH = re.compile(r"^(i_)?(epoch|ep)(_?(i|n|idx|index|num|number|nr))?$", re.IGNORECASE)


class Network:
    """One network that was called: what it held at first, to see what training changed.

    Attributes
    ----------
    module : torch.nn.Module
    number : int
        In the order of first calls.
    shape : list of int
        Of its first input.
    """

    def __init__(self, module: Any, number: int, shape: list[int]):
        self.module, self.number, self.shape = module, number, shape
        self.alike = [n for n, p in module.named_parameters() if not is_lazy(p) and _are_alike(p)]
        self.used: set[int] = set()  # parameters of layers that were called
        self._first = {name: p.detach().clone() for name, p in module.named_parameters() if not is_lazy(p)}

    def meet(self, name: str, weight: Any) -> None:
        """Keep what a weight holds that was not known before."""
        self._first[name] = weight.detach().clone()
        self.used.add(id(weight))
        self.alike += [name] if _are_alike(weight) else []

    def unchanged(self) -> list[str]:
        """Return the names of the parameters that hold what they held at first."""
        if getattr(self.module, "replaced", False):
            return []
        now = dict(self.module.named_parameters())
        return [n for n, p in self._first.items() if n in now and torch.equal(now[n].detach(), p)]

    def as_dict(self) -> dict[str, Any]:
        """Return what the checker is told of it."""
        parameters = dict(self.module.named_parameters())
        kinds, own = [type(m).__name__ for m in self.module.modules()], vars(self.module)
        return {
            "number": self.number,
            "kind": type(self.module).__name__,
            "parameters": sum(p.numel() for p in parameters.values() if not is_lazy(p)),
            "names": list(parameters)[:MOST_NUMBERS],
            "used": [n for n, p in parameters.items() if id(p) in self.used][:MOST_NUMBERS],
            "frozen": [n for n, p in parameters.items() if not p.requires_grad][:MOST_NUMBERS],
            "unchanged": self.unchanged()[:MOST_NUMBERS],
            "modal": sorted({k for k in kinds if k.startswith(MODAL)}),
            "shape": self.shape,
            "epoch": own.get("_epoch_here"),
            "alike": self.alike[:MOST_NUMBERS],
            "given": bool(own.get("_loaded_here")) or own.get("_made_here") != id(self.module),
        }


class Networks:
    """Every network that a hand-in calls, and each of the calls."""

    def __init__(self, log: Log, images: ServedImages):
        self.log, self.images = log, images
        self.inside = self.calls = self._calls = self._images = 0
        self.seen: list[Network] = []
        self.made: list[Any] = []
        self.batches: dict[int, list[int]] = {}
        self._wrapped: set[type] = set()
        self._loose: dict[int, tuple[Network, dict[str, Any]]] = {}
        self.makers: set[str] = set()  # functions of the hand-in that make modules

    def watch(self) -> None:
        """See every module that is made from now on."""
        original = torch.nn.Module.__init__

        @functools.wraps(original)
        def made(module: Any, *arguments: Any, **options: Any) -> None:
            original(module, *arguments, **options)
            epoch, makers = _where()
            module.__dict__.update(_made_here=id(module), _epoch_here=epoch)
            self.makers |= makers
            self._wrap(type(module))
            if type(module).__module__ == "__main__" or isinstance(module, torch.nn.Sequential):
                self.made = [*self.made[-MOST_NETWORKS:], module]

        put(torch.nn.Module, "__init__", made)
        loaded = torch.nn.Module.load_state_dict

        def load(module: Any, *arguments: Any, **options: Any) -> Any:
            module.__dict__["_loaded_here"] = True
            return loaded(module, *arguments, **options)

        put(torch.nn.Module, "load_state_dict", load)
        self._wrap(torch.nn.Sequential)

    def _wrap(self, kind: type) -> None:
        """Watch a class's calls, if it is no layer of torch's own."""
        own = kind is torch.nn.Sequential or not kind.__module__.startswith("torch.")
        if not own or kind in self._wrapped or "forward" not in vars(kind):
            return
        self._wrapped.add(kind)
        forward = vars(kind)["forward"]

        @functools.wraps(forward)
        def watched(module: Any, *arguments: Any, **options: Any) -> Any:
            return self._call(functools.partial(forward, module), module, arguments, options)

        put(kind, "forward", watched)

    def _call(self, forward: Callable[..., Any], module: Any, arguments: Any, options: Any) -> Any:
        if self.inside or self.log.paused or next(module.parameters(), None) is None:
            return forward(*arguments, **options)
        given = next((a for a in (*arguments, *options.values()) if isinstance(a, torch.Tensor)), None)
        self._spend(len(given) if given is not None and given.ndim else 1)
        self.calls += 1
        number = self.calls
        network = self.of(module, [] if given is None else list(given.shape))
        event = self.log.add("call", n=number, model=network.number, training=bool(module.training))
        if given is not None:
            event["floating"] = given.is_floating_point()
        self.inside += 1
        try:
            with _layers_watched(network, event):
                result = forward(*arguments, **options)
        except Exception:
            event["raised"] = True
            raise
        finally:
            self.inside -= 1
        if given is not None:
            self._note(event, given, result)
        return result

    def begin(self, given: Any) -> int | None:
        """Begin a call of the network without a module, if a batch is one of images; return the call's number."""
        with torch._C.DisableTorchFunction():
            numbers, _ = self.images.recognised(given)
        if sum(n != UNKNOWN for n in numbers) <= 0.5 * len(numbers):
            return None
        self._spend(len(given))
        self.calls += 1
        network = next((n for n in self.seen if isinstance(n.module, LooseNetwork)), None)
        network = network or self.of(LooseNetwork(), list(given.shape))
        event = self.log.add("call", n=self.calls, model=network.number, floating=given.is_floating_point())
        self._loose[self.calls] = (network, event)
        with torch._C.DisableTorchFunction():
            self._note_given(event, given)
        return self.calls

    def go_on(self, call: int | None, name: str, args: Any, kwargs: Any, result: Any) -> None:
        """Keep an operation of a call of the network without a module, if it is one."""
        network, event = self._loose.get(call or 0, (None, {}))
        if network is None or not isinstance(result, torch.Tensor) or call != self.calls:
            return
        with torch._C.DisableTorchFunction():
            for own, weight in network.module.meet(call, name, args, kwargs, result):
                network.meet(own, weight)
            if result.ndim == 2 and name in SCORES:
                labels = self.images.labels(self.batches.get(event["n"], []))
                event.update(out=list(result.shape), grad=bool(result.requires_grad))
                event.update(_of_scores(result.detach().float(), labels))

    def _spend(self, images: int) -> None:
        """Count a call; where there were too many, the statement that makes them ends."""
        self._calls += 1
        self._images += images if torch.is_grad_enabled() else images // FORWARD
        if self._calls > MOST_CALLS or self._images > MOST_IMAGES:
            self._calls = self._images = 0
            self.log.add("enough")
            raise Enough

    def of(self, module: Any, shape: list[int]) -> Network:
        """Return what is kept of a network, from its first call on."""
        for network in self.seen:
            if network.module is module:
                return network
        network = Network(module, len(self.seen), shape)
        if len(self.seen) < MOST_NETWORKS:
            self.seen.append(network)
        return network

    def _note_given(self, event: dict[str, Any], given: Any) -> None:
        """Keep which images a batch has, and how they are scaled."""
        numbers, how = self.images.recognised(given)
        self.batches[event["n"]] = numbers
        values = given.detach().float()
        event.update(
            size=len(given) if given.ndim else 1,
            low=float(values.min()) if values.numel() else 0.0,
            high=float(values.max()) if values.numel() else 0.0,
            spread=_spread(values),
            changed=how,
            ids=numbers[:MOST_NUMBERS],
            shape=list(given.shape),
        )

    def _note(self, event: dict[str, Any], given: Any, result: Any) -> None:
        scores = next((r for r in (result if isinstance(result, tuple | list) else [result])), None)
        if not isinstance(scores, torch.Tensor):
            return
        with torch._C.DisableTorchFunction():
            self._note_given(event, given)
            labels = self.images.labels(self.batches[event["n"]])
            event.update(
                out=list(scores.shape),
                grad=bool(scores.requires_grad),
                **_of_scores(scores.detach().float(), labels),
            )
            put(scores, "_seen", (event["n"], (), frozenset([event["n"]])))


def _spread(values: Any) -> float:
    """Return how far an image's dark and bright pixels lie apart, in the middle of a batch."""
    if values.ndim < 2 or not values.numel():
        return 0.0
    low, high = np.percentile(values[:MOST_LOOKED_AT].flatten(1).numpy(), DARK_AND_BRIGHT, axis=1)
    return float(np.median(high - low))


@contextlib.contextmanager
def _layers_watched(network: "Network", event: dict[str, Any]) -> Iterator[None]:
    """Keep which layers are called, and between which numbers the input of the first one lies."""

    def seen(layer: Any, given: Any) -> None:
        network.used |= {id(p) for p in layer.parameters(recurse=False)}
        if "first" not in event and given and isinstance(given[0], torch.Tensor) and given[0].numel():
            with torch._C.DisableTorchFunction():
                event["first"] = [float(given[0].detach().float().min()), float(given[0].detach().float().max())]

    layers = [m for m in network.module.modules() if type(m).__name__.startswith(LAYERS)]
    hooks = [layer.register_forward_pre_hook(seen) for layer in layers]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def is_lazy(parameter: Any) -> bool:
    """Return whether a parameter has no shape yet, since its layer was not called."""
    return isinstance(parameter, torch.nn.parameter.UninitializedParameter)


def _are_alike(parameter: Any) -> bool:
    """Return whether all weights of a parameter are one number."""
    with torch._C.DisableTorchFunction():
        return parameter.ndim > 1 and parameter.numel() > 1 and bool((parameter == parameter.flatten()[0]).all())


def _where() -> tuple[int | None, set[str]]:
    """Return which epoch the hand-in is in, by a name of its own that holds one, and the functions that it is in."""
    frame: Any = sys._getframe(2)
    epoch, functions = None, set()
    while frame is not None:
        if frame.f_globals.get("__name__") == "__main__":
            functions.add(frame.f_code.co_name)
            found = [v for n, v in frame.f_locals.items() if type(v) is int and EPOCH.search(n)]
            epoch = int(found[0]) if found and epoch is None else epoch
        frame = frame.f_back
    return epoch, functions


def _of_scores(scores: Any, labels: np.ndarray) -> dict[str, Any]:
    """Return what the rows of a result look like, and how many of them are highest at the image's label."""
    if scores.ndim != 2 or not scores.numel():
        return {"looks": "other", "hits": 0, "finite": bool(torch.isfinite(scores).all())}
    best = scores.argmax(1).numpy()
    hits = int((best == labels).sum()) if len(labels) == len(best) else 0
    return {
        "looks": _looks(scores),
        "hits": hits,
        "constant": bool((best == best[0]).all()),
        "finite": bool(torch.isfinite(scores).all()),
    }


def _looks(scores: Any) -> str:
    """Return `probabilities`, `log-probabilities`, `fractions`, `not-negative` or `scores`."""
    if (scores >= 0).all() and bool(((scores.sum(1) - 1).abs() < ROUNDING).all()):
        return "probabilities"
    if (scores <= 0).all() and bool(((scores.exp().sum(1) - 1).abs() < ROUNDING).all()):
        return "log-probabilities"
    if (scores >= 0).all():
        return "fractions" if bool((scores <= 1).all()) else "not-negative"
    return "scores"
