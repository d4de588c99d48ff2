"""How do several processes train one network? Each takes its share of every batch, and gradients are averaged.

`torchrun --nproc-per-node 2 -m convolab train` starts them; alone, everything here does nothing.
"""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Processes:
    """This process's number among `count`; `local` counts on this machine."""

    rank: int = 0
    count: int = 1
    local: int = 0
    local_count: int = 1

    @property
    def is_writer(self) -> bool:
        """One process alone writes files and speaks."""
        return self.rank == 0


def from_environment() -> Processes:
    """What torchrun says, or one process alone."""
    names = ("RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE")
    if not all(name in os.environ for name in names):
        return Processes()
    return Processes(*(int(os.environ[name]) for name in names))


@contextmanager
def team(processes: Processes, device: str, threads: int) -> Iterator[None]:
    """Work with so many threads, connected with the other processes: by NCCL between GPUs, by gloo otherwise."""
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    if device == "cuda":
        torch.cuda.set_device(processes.local)
    if processes.count > 1:
        torch.distributed.init_process_group("nccl" if device == "cuda" else "gloo")
    try:
        yield
        if processes.count > 1:
            # None leaves while another still speaks to it, or while something is left that holds the connection.
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
    """The sum of a tensor over all processes."""
    if processes.count > 1:
        torch.distributed.all_reduce(values)
    return values


def agree(value: object, processes: Processes):
    """What the first process says, in all of them."""
    if processes.count == 1:
        return value
    box = [value]
    torch.distributed.broadcast_object_list(box, src=0)
    return box[0]
