"""What happens in one forward pass of any module? Every call, what it gives out, what it costs, and what it has seen.

The pass is made on a copy, so that buffers, lazy parameters and whatever else a forward changes stay as they are; where
there can be no copy, on the module itself, whose buffers are put back.
Costs are torch's own formulas of the operations that run. A row is every call of a module without parts, and of one
with parts that has parameters of its own or computes something itself; whatever is left is a row too, so that rows add
up to the whole.
"""

import copy
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

from convolab.errors import ArgumentError

# Modules that are one row, whatever they are made of: their parts are not called as modules are.
WHOLE = (nn.MultiheadAttention,)
Field = tuple[int, int] | None


class Trace:
    """The calls of a module on one input.

    Parameters
    ----------
    network : Module
        It is left as it was.
    inputs : list of Tensor
        Of a batch of one.
    """

    def __init__(self, network: nn.Module, inputs: Sequence[Tensor]):
        self.rows: list[dict[str, Any]] = []
        with _undisturbed(), _probe(network) as self.network:
            self.inputs = _taken(self.network, inputs)
            self._trace_costs()
            self.fields = self._trace_fields()

    def _trace_costs(self) -> None:
        counter, seen = _MultiplyCounter(), set[int]()
        open_calls: list[tuple[int, int]] = []  # of every call that has begun: the cost, and the rows, before it
        last: list[Any] = [None]

        def before() -> None:
            open_calls.append((counter.mult_adds, len(self.rows)))

        def after(call: int, name: str, module: nn.Module, output: Any) -> None:
            cost, first = open_calls.pop()
            own = counter.mult_adds - cost - sum(row["mult_adds"] for row in self.rows[first:])
            whole = _is_whole(module)
            new = [p for p in module.parameters(recurse=whole) if id(p) not in seen]
            if not whole and not new and not own:
                return
            seen.update(map(id, new))
            given = next(_tensors(output), None)
            shape = tuple(given.shape[1:]) if given is not None else ()
            again = given is not None and given is last[0]  # it passes on what its last part gave out
            last[0] = given
            self._add(name, type(module), new, shape, own, call=call, outputs=0 if again else _count(output))

        with counter, _unfused():
            _watch(self.network, self.inputs, before, after)
        for name, module in self.network.named_modules():
            if left := [p for p in module.parameters(recurse=False) if id(p) not in seen]:
                seen.update(map(id, left))
                self._add(name or "network", type(module), left, (), 0, call=-1, outputs=0, more=" (not called)")

    def _add(self, name, kind, parameters, shape, mult_adds, *, call, outputs, more="") -> None:
        numbers = sum(p.numel() for p in parameters)
        row = {"name": name, "type": kind.__name__.removeprefix("Parametrized") + more, "output_shape": shape}
        self.rows.append(row | {"parameters": numbers, "mult_adds": mult_adds, "call": call, "outputs": outputs})

    def _trace_fields(self) -> list[Field]:
        """The receptive field of every row: how many rows and columns of the image one value can see.

        A line of the image is made NaN, and wherever an output is NaN it has seen that line. None where the input is no
        image, or where the network does not let NaN through.
        """
        (image, *others) = self.inputs
        none: list[Field] = [None] * len(self.rows)
        if others or image.ndim != 4 or not image.is_floating_point() or image.is_meta:
            return none
        try:
            seen = [self._trace_nan(image, axis) for axis in (2, 3)]
        except Exception:  # a forward may refuse NaN in any way
            return none
        found: list[Field] = []
        for row in self.rows:
            lines = [of.get(row["call"]) for of in seen]
            found.append(None if None in lines else (lines[0], lines[1]))  # type: ignore[arg-type]
        return found

    def _trace_nan(self, image: Tensor, axis: int) -> dict[int, int]:
        """For every row's call, the lines along an axis that a value of its output can see, at most."""
        count = image.shape[axis]
        images = image.repeat(count, 1, 1, 1)
        for line in range(count):
            images[line].select(axis - 1, line).fill_(torch.nan)
        wanted = {row["call"] for row in self.rows}
        found: dict[int, int] = {}

        def after(call: int, name: str, module: nn.Module, output: Any) -> None:
            given = next(_tensors(output), None)
            if call in wanted and given is not None and given.ndim and len(given) == count:
                found[call] = _extent(given.isnan().flatten(1))

        _watch(self.network, [images], lambda: None, after)
        return found


@contextmanager
def _probe(network: nn.Module) -> Iterator[nn.Module]:
    """A copy in evaluation mode; or what cannot be copied itself, whose modes and buffers are put back."""
    copied = _copied(network)
    if copied is not None:
        yield copied.eval()
        return
    modes = [(module, module.training) for module in network.modules()]
    buffers = [(buffer, buffer.clone()) for buffer in network.buffers()]
    try:
        yield network.eval()
    finally:
        with torch.no_grad():
            for buffer, before in buffers:
                buffer.copy_(before)
        for module, mode in modes:
            module.training = mode


def _copied(network: nn.Module) -> nn.Module | None:
    """A copy; None of a module with an attribute that refuses: an open file, `torch.nn.utils.weight_norm`'s weight."""
    try:
        return copy.deepcopy(network)
    except Exception:
        return None


def _is_whole(module: nn.Module) -> bool:
    return not any(True for _ in module.children()) or isinstance(module, WHOLE) or hasattr(module, "parametrizations")


def _taken(network: nn.Module, inputs: Sequence[Tensor]) -> list[Tensor]:
    """The inputs in the type and on the device that the network takes; indices where it looks them up in a table."""
    known = (p for p in network.parameters() if not nn.parameter.is_lazy(p))
    like = next(known, torch.zeros(0))
    floating = like.dtype if like.is_floating_point() else torch.float32
    moved = [x.to(like.device) for x in inputs]
    tries = [[x.to(floating) if x.is_floating_point() else x for x in moved]]
    tries.append([x.long() if x.is_floating_point() else x for x in moved])
    for number, given in enumerate(tries):
        try:
            with torch.no_grad():
                network(*given)
            return given
        except Exception as error:
            indices = "indices" in str(error) or "Long" in str(error)
            if number or not indices:
                shapes = ", ".join(str(tuple(x.shape[1:])) for x in inputs)
                raise ArgumentError(f"input_shape: the network does not take {shapes} ({_line(error)})") from error
    raise AssertionError


def _line(error: Exception) -> str:
    lines = str(error).splitlines()
    return lines[0] if lines else type(error).__name__


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Leave torch's random state as it was, and let no attention be one operation that calls none of its parts."""
    devices = range(torch.cuda.device_count()) if torch.cuda.is_available() else []
    fast = torch.backends.mha.get_fastpath_enabled()
    with torch.random.fork_rng(devices=devices):
        torch.backends.mha.set_fastpath_enabled(False)
        try:
            yield
        finally:
            torch.backends.mha.set_fastpath_enabled(fast)


@contextmanager
def _unfused() -> Iterator[None]:
    """Without the operations that torch has no formulas for: oneDNN's for a whole LSTM, flash attention's."""
    fused, flash = torch.backends.mkldnn.set_flags(False, None, None), torch.backends.cuda.flash_sdp_enabled()
    torch.backends.cuda.enable_flash_sdp(False)
    try:
        yield
    finally:
        torch.backends.mkldnn.set_flags(fused[0], None, None)
        torch.backends.cuda.enable_flash_sdp(flash)


def _tensors(output: Any) -> Iterator[Tensor]:
    """The tensors in what a module gives out: one, or a tuple, a list or a dict of them, inside each other."""
    if isinstance(output, Tensor):
        yield output
    elif isinstance(output, dict):
        for value in output.values():
            yield from _tensors(value)
    elif isinstance(output, (tuple, list)):
        for value in output:
            yield from _tensors(value)
    elif hasattr(output, "__dataclass_fields__"):
        yield from _tensors(vars(output))


def _count(output: Any) -> int:
    """Values of one image in what a module gives out."""
    return sum(torch.Size(given.shape[1:]).numel() for given in _tensors(output))


def _extent(seen: Tensor) -> int:
    """From the first line to the last that some value has seen, for the value that sees the most."""
    lines = torch.arange(1, len(seen) + 1, device=seen.device)[:, None]
    last = (seen * lines).amax(0)
    first = torch.where(seen, lines, len(seen) + 1).amin(0)
    return max(0, int((last - first + 1).max()))


def _watch(
    network: nn.Module,
    inputs: Sequence[Tensor],
    before: Callable[[], object],
    after: Callable[[int, str, nn.Module, Any], object],
) -> None:
    """One forward pass, telling of the beginning and the end of every call, which are numbered as they end."""
    calls = [0]

    def ended(name: str, module: nn.Module, output: Any) -> None:
        after(calls[0], name or "network", module, output)
        calls[0] += 1

    hooks = []
    inside: set[nn.Module] = set()
    for name, module in network.named_modules():
        if module in inside or isinstance(module, torch.jit.ScriptModule):
            continue
        if _is_whole(module):
            inside.update(part for part in module.modules() if part is not module)
        hooks.append(module.register_forward_pre_hook(lambda module, inputs: before() and None))
        hooks.append(
            module.register_forward_hook(
                lambda module, inputs, output, name=name: ended(name, module, output), always_call=False
            )
        )
    try:
        with torch.no_grad():
            network(*inputs)
    finally:
        for hook in hooks:
            with suppress(Exception):
                hook.remove()


class _MultiplyCounter(TorchDispatchMode):
    """Adds up what torch's own formulas say that each operation costs, while it is entered.

    torch.utils.flop_counter.FlopCounterMode does the same, but its first use loads torch's compiler, which takes longer
    than the whole summary.
    """

    def __init__(self) -> None:
        super().__init__()
        self.flops = 0
        self.formulas = flop_registry | {torch.ops.aten._trilinear: _trilinear_flops}

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Nothing is compiled here, so that the compiler need not be loaded to be told to keep out."""
        return False

    @property
    def mult_adds(self) -> int:
        """Multiplications that are added up: two operations each."""
        return self.flops // 2

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        with self:
            parts = func.decompose(*args, **kwargs)
        if parts is not NotImplemented:
            return parts
        output = func(*args, **kwargs)
        if cost := self.formulas.get(func.overloadpacket):
            self.flops += cost(*args, **kwargs, out_val=output)
        return output


def _trilinear_flops(first, weight, second, *_, out_val: Tensor, **__) -> int:
    """Operations of a bilinear layer, which torch has no formula for: x·W, then the product with y, an output each."""
    outputs, lengths = out_val.numel(), weight.shape[-2:]
    return 2 * outputs * (lengths[0] * lengths[1] + lengths[1])
