"""On which device is the network trained, and with how many threads?"""

import torch

from convolab.environment import cpu_features, cpu_name, usable_cores
from convolab.errors import InputError, UsageError, unknown
from convolab.network.training.precision import DEVICES, Processor


def choose_device(asked: str) -> str:
    """`cpu`, `cuda` or `mps`; auto takes the fastest that is there."""
    if asked not in DEVICES:
        raise UsageError(f"device: {unknown(asked, DEVICES)} Expected {', '.join(DEVICES)}")
    there = [name for name, found in available().items() if found]
    if asked == "auto":
        return there[0]
    if asked not in there:
        raise InputError(f"device: {asked!r} is not there. This machine and this torch have {', '.join(there)}")
    return asked


def available() -> dict[str, bool]:
    """Which devices are there, the fastest first."""
    return {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}


def choose_engine(asked: str) -> str:
    if asked not in ("auto", "torch"):
        raise UsageError(f"engine: {asked!r} cannot train a network. Expected auto or torch")
    return "torch"


def choose_threads(asked: int | None, processes: int) -> int:
    """Threads of each process: those asked for, or the cores divided among the processes."""
    if asked is not None and not 1 <= asked <= 1024:
        raise UsageError(f"threads: {asked} is out of range. Expected 1 to 1024")
    return asked or max(1, usable_cores() // processes)


def processor(device: str) -> Processor:
    """What steps on this device are computed on."""
    name = torch.cuda.get_device_name() if device == "cuda" else cpu_name()
    return Processor(device, name, tuple(cpu_features()), str(torch.__version__))


def autocast(precision: str, device: str) -> torch.autocast:
    """The context in which a forward pass is computed in the precision."""
    return torch.autocast(device, torch.bfloat16, enabled=precision == "bf16")
