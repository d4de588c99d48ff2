"""What a hand-in defines and does not call: its network made, its functions called by kind."""

import contextlib
import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

import torch

from convolab.verify.exercise1.inside.images import ServedImages
from convolab.verify.exercise1.inside.loose import LooseNetwork
from convolab.verify.exercise1.inside.network import Network, Networks, is_lazy
from convolab.verify.exercise1.inside.vision import MNIST, ToTensor

BATCH, RATE, EPOCHS = 64, 0.001, 2
TRAINS = re.compile(r"train|fit|epoch|learn", re.IGNORECASE)
EVALUATES = re.compile(r"eval|test|accura|valid|score", re.IGNORECASE)
BUILDS = re.compile(r"net|model|cnn|build|make|create|get|classif", re.IGNORECASE)
STARTS = re.compile(r"^(main|run|exercise_?1?|ex1|experiment|train_and_eval\w*|solve|demo)$", re.IGNORECASE)
# What a parameter is, by its name; the first pattern that fits is the one.
ROLES = (
    ("model", r"^(network|cnn|classifier|module|m)$|model$|^model_|net$|^net_"),
    ("test_loader", r"(test|val|valid|eval)\w*(load|dl$|iter|gen|batches)|^(test|val|eval)_?(dl|loader)$"),
    ("loader", r"load|_dl$|^dl$|dataiter|^iterator$|batches|^data$|generator"),
    ("test_set", r"(test|val)\w*(set|data|ds)$"),
    ("train_set", r"(set|_data|_ds)$|^ds$"),
    ("optimizer", r"^opt"),
    ("criterion", r"crit|loss"),
    ("device", r"^dev"),
    ("epoch", r"^(epoch|ep|e)$"),
    ("epochs", r"epoch"),
    ("rate", r"^(lr|learning_rate|rate|eta)$"),
    ("batch", r"batch_?size|^bs$"),
    ("test_images", r"^(x|images|inputs|img|imgs)_?(test|val|te)|^(test|val)_(x|images|inputs|imgs)"),
    ("test_labels", r"^(y|labels|targets|t)_?(test|val|te)|^(test|val)_(y|labels|targets)"),
    ("images", r"^(x|xs|images|inputs|imgs|data|features)(_?(train|tr))?$|^train_(x|images|inputs)"),
    ("labels", r"^(y|labels|targets|t|target|tgt|ys)(_?(train|tr))?$|^train_(y|labels|targets)"),
    ("classes", r"class|n_?out|out_(dim|features|size)|num_(digits|labels)"),
    ("channels", r"in_(ch|chan|channels)|^(channels|n_channels|num_channels)$"),
    ("hidden", r"hidden|units"),
    ("nothing", r"^(writer|scheduler|log|logger|verbose)"),
)


class Kinds:
    """Makes and calls what was defined but not used."""

    def __init__(self, content: dict[str, Any], images: ServedImages, networks: Networks):
        self.content, self.images, self.networks = content, images, networks
        self._owners: dict[str, Any] = {}

    def network(self) -> Network | None:
        """Return the hand-in's network: the one that was called most, else one that was made, else made now."""
        called: dict[int, int] = {}
        for event in self.networks.log.events:
            if event["e"] in ("call", "backward") and event.get("model") is not None:
                called[event["model"]] = called.get(event["model"], 0) + 1
        seen = [n for n in self.networks.seen if is_network(n.module)]
        if seen:
            return max(seen, key=lambda n: (called.get(n.number, 0), n.number))
        for module in (*self._of_content(), *self._made(), *self._built()):
            if is_network(module):
                return self.networks.of(module, [])
        return None

    def _of_content(self) -> Iterator[Any]:
        found = [v for v in list(self.content.values()) if isinstance(v, torch.nn.Module)]
        yield from sorted(found, key=_size, reverse=True)

    def _made(self) -> Iterator[Any]:
        yield from sorted(self.networks.made, key=_size, reverse=True)

    def _built(self) -> Iterator[Any]:
        """Yield networks of the classes and of the functions that can be called without an argument."""
        kinds = [v for v in self.content.values() if isinstance(v, type) and issubclass(v, torch.nn.Module)]
        functions = [f for n, f in self._functions() if BUILDS.search(n)]
        makers: list[Callable[..., Any]] = [*(k for k in kinds if k.__module__ == "__main__"), *functions]
        for make in makers:
            with contextlib.suppress(Exception, SystemExit):
                arguments = self._arguments(make, None)
                made = make(**arguments) if arguments is not None else None
                if isinstance(made, torch.nn.Module):
                    yield made

    def _functions(self) -> list[tuple[str, Callable[..., Any]]]:
        return [
            (name, f) for name, f in list(self.content.items())
            if inspect.isfunction(f) and f.__module__ == "__main__" and not name.startswith("_")
        ]  # fmt: skip

    def _methods(self, network: Network) -> list[tuple[str, Callable[..., Any]]]:
        """Return the methods of objects, as `Kind.method`: of those that the hand-in has made, else of one a class."""
        found: list[tuple[str, Callable[..., Any]]] = []
        for name, kind in list(self.content.items()):
            if not isinstance(kind, type) or kind.__module__ != "__main__":
                continue
            if name not in self._owners:
                self._owners[name] = self._owner(kind, network)
            owner = self._owners[name]
            methods = [(m, getattr(owner, m, None)) for m in vars(kind) if not m.startswith("_") and m != "forward"]
            found += [(f"{name}.{m}", f) for m, f in methods if owner is not None and inspect.ismethod(f)]
        return found

    def _owner(self, kind: type, network: Network) -> Any:
        made = [network.module, *list(self.content.values())]
        owner = next((v for v in made if type(v) is kind), None)
        with contextlib.suppress(Exception, SystemExit):
            arguments = None if owner is not None else self._arguments(kind, network)
            return kind(**arguments) if arguments is not None else owner
        return owner

    def start(self) -> None:
        """Call a function such as `main`, which nothing has called."""
        for name, function in self._functions():
            if STARTS.search(name) and self._arguments(function, None) == {}:
                self._call(name, function, {})

    def train(self, network: Network) -> None:
        """Call the functions that train, the outer ones first, until one has trained."""
        self._call_like(TRAINS, network, lambda: any(e["e"] == "backward" for e in self.networks.log.events))

    def evaluate(self, network: Network) -> None:
        """Call the functions that evaluate, until one has called the network."""
        before = self.networks.calls
        self._call_like(EVALUATES, network, lambda: self.networks.calls > before)

    def _call_like(self, pattern: re.Pattern[str], network: Network, is_done: Callable[[], bool]) -> None:
        every = [(n, f, n.rpartition(".")[2]) for n, f in (*self._functions(), *self._methods(network))]
        named = [(n, f) for n, f, own in every if pattern.search(own)]
        if pattern is EVALUATES:
            named = [(n, f) for n, f in named if not TRAINS.search(n.rpartition(".")[2])]
        else:
            named += [(n, f) for n, f, own in every if own == "run" and "." in n]
        used = {name for _, f in named for name in f.__code__.co_names}
        for name, function in sorted(named, key=lambda pair: pair[0].rpartition(".")[2] in used):
            if is_done():
                return
            arguments = self._arguments(function, network)
            if arguments is not None:
                self._call(name, function, arguments, evaluating=pattern is EVALUATES)

    def _call(self, name: str, function: Callable[..., Any], arguments: Any, *, evaluating: bool = False) -> None:
        said = ", ".join(arguments)
        self.networks.log.add("called", name=name, arguments=said, evaluating=evaluating)
        try:
            result = function(**arguments)
            self.networks.log.add("returned", name=name, values=numbers_in(result))
        except (Exception, SystemExit) as error:
            self.networks.log.add("failed", name=name, text=f"{type(error).__name__}: {error}"[:200])

    def _arguments(self, function: Callable[..., Any], network: Network | None) -> dict[str, Any] | None:
        """Return arguments by name; None if there is one that nobody can guess."""
        evaluating = bool(EVALUATES.search(getattr(function, "__name__", ""))) and not TRAINS.search(
            getattr(function, "__name__", "")
        )
        given: dict[str, Any] = {}
        try:
            parameters = inspect.signature(function).parameters.values()
        except (TypeError, ValueError):
            return None
        for p in parameters:
            if p.kind in (p.VAR_KEYWORD, p.VAR_POSITIONAL) or p.default is not p.empty:
                if "epochs" in p.name and p.default is not p.empty:
                    given[p.name] = EPOCHS
                continue
            role = next((role for role, pattern in ROLES if re.search(pattern, p.name, re.IGNORECASE)), "")
            made = self._made_for(role, network, evaluating=evaluating)
            if made is None and role != "nothing":
                return None
            given[p.name] = made
        return given

    def _made_for(self, role: str, network: Network | None, *, evaluating: bool) -> Any:
        if role in ("model", "optimizer"):
            if network is None:
                return None
            module = network.module
            return module if role == "model" else torch.optim.RMSprop(module.parameters(), lr=RATE)
        if evaluating and role in ("loader", "train_set", "images", "labels"):
            role = {"loader": "test_loader", "train_set": "test_set"}.get(role, f"test_{role}")
        makers: dict[str, Callable[[], Any]] = {
            "loader": lambda: self._loader(train=True),
            "test_loader": lambda: self._loader(train=False),
            "train_set": lambda: MNIST(train=True, transform=ToTensor()),
            "test_set": lambda: MNIST(train=False, transform=ToTensor()),
            "criterion": lambda: torch.nn.CrossEntropyLoss(),
            "device": lambda: torch.device("cpu"),
            "epoch": lambda: 1,
            "epochs": lambda: EPOCHS,
            "rate": lambda: RATE,
            "batch": lambda: BATCH,
            "classes": lambda: 10,
            "channels": lambda: 1,
            "hidden": lambda: 64,
            "images": lambda: torch.from_numpy(self.images.train_images).float()[:, None] / 255,
            "labels": lambda: torch.from_numpy(self.images.train_labels).long(),
            "test_images": lambda: torch.from_numpy(self.images.test_images).float()[:, None] / 255,
            "test_labels": lambda: torch.from_numpy(self.images.test_labels).long(),
        }
        return makers[role]() if role in makers else None

    def _loader(self, *, train: bool) -> Any:
        digits = MNIST(train=train, transform=ToTensor())
        return torch.utils.data.DataLoader(digits, BATCH, shuffle=train)


def is_network(module: Any) -> bool:
    """Return whether a module is a network: it has a dense layer, and a convolution or a second dense one."""
    if isinstance(module, LooseNetwork):
        return len(module.layers) > 1
    kinds = [type(m).__name__ for m in module.modules()]
    dense = sum(k in ("Linear", "LazyLinear") for k in kinds)
    return dense >= 1 and (dense >= 2 or any("Conv" in k for k in kinds))


def numbers_in(result: Any) -> list[float]:
    """Return the numbers that a function returned."""
    found: list[float] = []
    for one in result if isinstance(result, tuple | list) else (result,):
        with contextlib.suppress(Exception):
            found += numbers_in(one) if isinstance(one, tuple | list) else [float(one)]
    return found[:20]


def _size(module: Any) -> int:
    return sum(p.numel() for p in module.parameters() if not is_lazy(p))
