"""What `convolab explain --cost` says: the algorithm that a call takes, why, and what each is estimated to cost."""

from typing import Any

import numpy as np

from convolab.errors import UsageError


def costs_of_filter(filter: str, parameters: dict[str, Any], input: tuple[int, ...], dtype: str) -> dict[str, Any]:
    """Return the plan of a filter on a plane of this size, which keeps it."""
    from convolab.filters.kernels import make_filter
    from convolab.filters.plan import checked_dtype, explained

    if len(input) != 2:
        raise UsageError(f"input: a filter takes a plane. Expected HEIGHTxWIDTH, got {'x'.join(map(str, input))}")
    return explained(make_filter(filter, **parameters), checked_dtype(dtype), (input[0], input[1]))


def costs_of_operator(
    quantity: str, input: tuple[int, ...], kernel: tuple[int, ...], channels: tuple[int, ...], batch: int,
    groups: int, dtype: str, options: dict[str, Any],
) -> dict[str, Any]:  # fmt: skip
    """Return the plan of a convolution's output, or of one of its gradients."""
    from convolab.engine.transformed import explained
    from convolab.geometry import convolution_geometry

    operations = {"output": "forward", "input": "input_gradient", "weight": "weight_gradient"}
    if dtype not in ("float32", "float64"):
        raise UsageError(f"dtype: the operator's costs are known for float32 and float64, got {dtype!r}")
    ins, outs = channels if len(channels) == 2 else (channels[0], channels[0])
    axes = max(len(input), len(kernel))
    input, kernel = (sizes * axes if len(sizes) == 1 else sizes for sizes in (input, kernel))
    shapes = (batch, ins, *input), (outs, max(ins // groups, 1), *kernel)
    options = {name: value[0] if len(value) == 1 else value for name, value in options.items()}
    geometry = convolution_geometry("explain", *shapes, groups=groups, **options)
    return explained(operations[quantity], geometry, np.dtype(dtype))


def told(plan: dict[str, Any]) -> str:
    """Return a plan in words, a line for each algorithm whose cost is estimated."""
    lines = [f"{plan['algorithm']}: {plan['why']}"]
    for name in ("direct", "transform"):
        if f"{name}_ms" in plan:
            tile = f", in tiles of {' × '.join(map(str, plan['tile']))}" if name == "transform" else ""
            lines.append(f"{name:9}  {plan[f'{name}_ms']:.4g} ms of one core{tile}")
    return "\n".join(lines)
