"""A hand-in is run and watched: stand-ins before, events meanwhile, and what is told to the checker afterwards."""

import builtins
import contextlib
import os
import random
import signal
import sys
import time
import types
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from convolab.verify.exercise1.inside import files, quiet, vision
from convolab.verify.exercise1.inside.images import ServedImages
from convolab.verify.exercise1.inside.kinds import Kinds, numbers_in
from convolab.verify.exercise1.inside.layers import traced
from convolab.verify.exercise1.inside.log import Enough, Log
from convolab.verify.exercise1.inside.loose import LooseNetwork
from convolab.verify.exercise1.inside.network import Network, Networks
from convolab.verify.exercise1.inside.operations import Operations
from convolab.verify.exercise1.inside.patching import put
from convolab.verify.exercise1.inside.sizes import SizesOfTheSet
from convolab.verify.exercise1.inside.steps import Steps

NAME = "__main__"
DEVICES = ("cuda", "mps")
MOST_VALUES = 60


class Watch:
    """Everything around one hand-in's run.

    Parameters
    ----------
    arrays : list of array
        The small part of MNIST (see `ServedImages`).
    folder : str
        Where files may be written.
    """

    def __init__(self, arrays: list[np.ndarray], folder: str):
        self.log, self.images = Log(), ServedImages(arrays)
        self.networks = Networks(self.log, self.images)
        self._operations = Operations(self.log, self.networks)
        files.install(self.images, folder)
        vision.install(self.images)
        quiet.install()

    def begin(self) -> None:
        """Watch from now on; what is drawn at random is the same in every run."""
        torch.manual_seed(0)
        np.random.seed(0)
        random.seed(0)
        sys.argv = ["hand_in.py"]
        self.networks.watch()
        Steps(self.log, self.networks).watch()
        _stay_on_the_processor()
        self._ends = _end_without_dying()
        put(torch, "compile", _uncompiled)
        put(time, "sleep", lambda seconds: None)
        put(torch, "manual_seed", self._seeded(torch.manual_seed))
        printed = builtins.print

        def print_and_keep(*values: Any, **options: Any) -> None:
            self.log.print(*values)
            printed(*values, **options)

        builtins.print = print_and_keep
        self._operations.__enter__()  # type: ignore[no-untyped-call]

    def end(self, module: types.ModuleType) -> dict[str, Any]:
        """Call what the hand-in has defined and not called, and return what is told to the checker."""
        kinds = Kinds(module.__dict__, self.images, self.networks)
        network: Network | None = None
        values = _values(module)  # before anything else is called
        with contextlib.suppress(Enough):
            if not self._has("backward"):
                kinds.start()
            network = kinds.network()
            if network is not None and not self._has("backward") and not self._has("step"):
                kinds.train(network)
            if network is not None and not self._has_evaluation():
                kinds.evaluate(network)
            network = kinds.network()
        self._operations.__exit__(None, None, None)  # type: ignore[no-untyped-call]
        self._ends()
        self.log.paused = 1
        if network is None:
            return {}
        return {
            "layers": self._layers(network),
            "network": network.number,
            "networks": [n.as_dict() for n in self.networks.seen],
            "events": self.log.events,
            "values": values,
            "makers": sorted(self.networks.makers)[:MOST_VALUES],
            "sizes": [len(self.images.train_images), len(self.images.test_images)],
        }

    @staticmethod
    def _layers(network: Network) -> dict[str, Any]:
        """Return the layers of a network: of a module its operations, of any other those of the first call."""
        if isinstance(network.module, LooseNetwork):
            return {"input": network.shape, "layers": network.module.layers, "error": ""}
        return traced(network.module, network.shape)

    def _seeded(self, seed: Any) -> Any:
        def seeded(*arguments: Any, **options: Any) -> Any:
            self.log.add("seed")
            return seed(*arguments, **options)

        return seeded

    def _has(self, kind: str) -> bool:
        return any(e["e"] == kind for e in self.log.events)

    def _has_evaluation(self) -> bool:
        """Return whether the network was called and no backward pass or step followed, on more than a batch."""
        last, images = None, 0
        for event in self.log.events:
            if event["e"] == "call":
                images += last or 0
                last = event.get("size", 0) if any(n >= 0 for n in event.get("ids", ())) else 0
            elif event["e"] in ("backward", "step"):
                last = 0
        return images + (last or 0) > 64


def _values(module: types.ModuleType) -> dict[str, list[float]]:
    """Return the numbers that the hand-in's own names hold at its end."""
    found = {}
    for name, value in list(module.__dict__.items()):
        if name.startswith("_") or isinstance(value, bool | types.ModuleType | type):
            continue
        if isinstance(value, float | int | np.floating | list | tuple) or (
            isinstance(value, torch.Tensor) and value.numel() == 1
        ):
            numbers = numbers_in(value)
            if numbers:
                found[name[:40]] = numbers
    return dict(list(found.items())[:MOST_VALUES])


def _stay_on_the_processor() -> None:
    """Let a hand-in that asks for a graphics card without looking whether there is one run here too."""
    for kind in (torch.nn.Module, torch.Tensor):
        put(kind, "cuda", lambda self, *arguments, **options: self)
        put(kind, "to", _here(kind.to))


def _end_without_dying() -> Callable[[], None]:
    """Let a hand-in that ends its own process end like any other: what was seen of it is still to be told.

    Returns
    -------
    callable
        It lets the process be ended again.
    """
    kill, own = os.kill, os.getpid()
    places = [(os, "_exit"), (os, "abort"), (signal, "raise_signal"), (builtins, "exit"), (builtins, "quit")]
    before = [(owner, name, getattr(owner, name)) for owner, name in (*places, (os, "kill")) if hasattr(owner, name)]

    def end(*arguments: Any) -> None:
        raise SystemExit(0)

    def kill_others(pid: int, number: int) -> None:
        end() if pid == own and number else kill(pid, number)

    def again() -> None:
        for owner, name, value in before:
            put(owner, name, value)

    for owner, name in places:
        put(owner, name, end)
    put(os, "kill", kill_others)
    return again


def _uncompiled(model: Any = None, *arguments: Any, **options: Any) -> Any:
    """Give back what is to be compiled as it is."""
    return model if model is not None else _uncompiled


def _here(to: Any) -> Any:
    def moved(self: Any, *arguments: Any, **options: Any) -> Any:
        arguments = tuple("cpu" if _is_elsewhere(a) else a for a in arguments)
        options = {k: "cpu" if _is_elsewhere(v) else v for k, v in options.items()}
        return to(self, *arguments, **options)

    return moved


def _is_elsewhere(device: Any) -> bool:
    if isinstance(device, torch.device):
        return device.type in DEVICES
    return isinstance(device, str) and device.startswith(DEVICES)


def run(load: Any, arrays: list[np.ndarray], folder: str) -> dict[str, Any]:
    """Load a hand-in under watch.

    Parameters
    ----------
    load : callable(name, prepared)
        It runs the file as a module of that name, its tree prepared before, and returns what it has and the module.

    Returns
    -------
    dict
        What `load` said, and under `observed` what was seen.
    """
    watch = Watch(arrays, folder)
    watch.begin()
    sizes = SizesOfTheSet(watch.images)
    said, module = load(name=NAME, prepared=sizes.visit, is_program=True)
    said["observed"] = watch.end(module) if module is not None else {}
    if said["observed"]:
        said["observed"]["steps_sometimes"] = sizes.steps_sometimes
    return {**said, "torch": "torch" in sys.modules}
