"""On what is the network trained, with how many threads, and in which precision?"""

import time
from collections.abc import Callable, Mapping

import torch

from convolab.errors import InputError, UsageError
from convolab.network.environment import cpu_features, usable_cores

DEVICES = ("auto", "cpu", "cuda", "mps")
PROBE_STEPS = 10


def choose_device(asked: str) -> str:
    """`cpu`, `cuda` or `mps`; auto takes the fastest that is there."""
    if asked not in DEVICES:
        raise UsageError(f"device: {asked!r} is unknown. Expected {', '.join(DEVICES)}")
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


def has_bf16(device: str) -> bool:
    """Whether the hardware multiplies bf16 itself; emulated, it is tens of times slower than f32."""
    if device == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    return device == "cpu" and not {"avx512_bf16", "amx_bf16"}.isdisjoint(cpu_features())


def choose_precision(steps: Mapping[str, Callable[[], object]], device: str) -> str:
    """`bf16` where the hardware has it and ten steps show that it wins by a tenth, else `f32`.

    Parameters
    ----------
    steps : mapping
        A function of no argument for each of the two, which computes as much as a training step does.
    device : str
    """
    if not has_bf16(device):
        return "f32"
    seconds: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(PROBE_STEPS + 1):
        for name, step in steps.items():
            start = time.perf_counter()
            step()
            if device == "cuda":
                torch.cuda.synchronize()
            seconds[name].append(time.perf_counter() - start)
    # The least of each: other programs can only add to a time.
    f32, bf16 = (min(seconds[name][1:]) for name in ("f32", "bf16"))
    return "bf16" if bf16 < 0.9 * f32 else "f32"


def autocast(precision: str, device: str) -> torch.autocast:
    """The context in which a forward pass is computed in the precision."""
    return torch.autocast(device, torch.bfloat16, enabled=precision == "bf16")
