"""How do several processes train one network? Each takes its share of every batch, and gradients are averaged.

`torchrun --nproc-per-node 2 -m convolab train` starts them. In a process that is alone, every function here returns
what it was given.
"""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

T = TypeVar("T")


@dataclass(frozen=True)
class Processes:
    """This process's rank among `count`, and its rank among those of this machine."""

    rank: int = 0
    count: int = 1
    local: int = 0
    local_count: int = 1

    @property
    def is_writer(self) -> bool:
        """Whether this is the one process that writes files and reports."""
        return self.rank == 0


def from_environment() -> Processes:
    """Read from the environment what torchrun set there; without it, one process."""
    names = ("RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE")
    if not all(name in os.environ for name in names):
        return Processes()
    return Processes(*(int(os.environ[name]) for name in names))


@contextmanager
def team(processes: Processes, device: str, threads: int) -> Iterator[None]:
    """Set the number of threads and connect the processes, by NCCL between GPUs and by gloo otherwise, for a while."""
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    if device == "cuda":
        torch.cuda.set_device(processes.local)
    if processes.count > 1:
        torch.distributed.init_process_group("nccl" if device == "cuda" else "gloo")
    try:
        yield
        if processes.count > 1:
            # Wait until all ranks have finished communicating, and until nothing is left that holds the connection.
            gc.collect()
            torch.distributed.barrier()
    finally:
        torch.set_num_threads(before)
        if processes.count > 1:
            torch.distributed.destroy_process_group()


def share(network: nn.Module, processes: Processes, device: str) -> nn.Module:
    """The network whose backward pass averages the gradients of all processes."""
    if processes.count == 1:
        return network
    from torch.nn.parallel import DistributedDataParallel

    return DistributedDataParallel(network, device_ids=[processes.local] if device == "cuda" else None)


def total(values: Tensor, processes: Processes) -> Tensor:
    """Add a tensor up over all processes, in place, and return it."""
    if processes.count > 1:
        torch.distributed.all_reduce(values)
    return values


def agree(value: T | None, processes: Processes) -> T:
    """Return the first process's value in all of them; what the others give is ignored."""
    box: list[Any] = [value]
    if processes.count > 1:
        torch.distributed.broadcast_object_list(box, src=0)
    return box[0]
