"""What happens inside a function of tensors? In which types it computes, and what it would compute in float64."""

from collections.abc import Callable, Sequence

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten, tree_map

from convolab.gradient.precision import BFLOAT16, FLOAT16, FLOAT32, FLOAT64, Kind, coarsest

OF = {torch.float64: FLOAT64, torch.float32: FLOAT32, torch.float16: FLOAT16, torch.bfloat16: BFLOAT16}


def kinds_met(call: Callable[[], object], tensors: Sequence[torch.Tensor]) -> Kind:
    """Return the coarsest type that numbers pass through in a call: the tensors' own, or one lost inside."""
    with _Losses() as losses:
        call()
    return coarsest([*(OF[t.dtype] for t in tensors if t.dtype in OF), *losses.met])


class _Losses(TorchDispatchMode):
    """Watches for operations that take a number and give, or store, it in a coarser type."""

    def __init__(self):
        super().__init__()
        self.met: set[Kind] = set()

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        taken = _kinds((args, kwargs))
        result = func(*args, **(kwargs or {}))
        finest = max((kind.bits for kind in taken), default=0)
        self.met.update(kind for kind in _kinds(result) if kind.bits < finest)
        return result


def _kinds(tree) -> list[Kind]:
    leaves = tree_flatten(tree)[0]
    return [OF[leaf.dtype] for leaf in leaves if isinstance(leaf, torch.Tensor) and leaf.dtype in OF]


class InFloat64(TorchDispatchMode):
    """Everything that is computed within is computed in float64, whatever type was asked for."""

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        kwargs = tree_map(_finest_type, kwargs or {})
        args = tree_map(_finest_type, args)
        if func._schema.is_mutable:  # what is written to must stay itself
            return func(*args, **kwargs)
        return tree_map(_widened, func(*tree_map(_widened, args), **tree_map(_widened, kwargs)))


def _finest_type(value):
    return torch.float64 if isinstance(value, torch.dtype) and value in OF else value


def _widened(value):
    if isinstance(value, torch.Tensor) and value.dtype in OF and value.dtype != torch.float64:
        return value.to(torch.float64)
    return value
