"""A stress run: random geometries × types × memory layouts against an exact oracle, each batch in a process of its own.

`python tests/stress.py --cases 500` (or `make stress`) prints a table and exits 1 if one number is wrong. Numbers are
small integers, so every sum is exact in every type and equal means equal. `--checks` compiles Halide's pipelines with
its own checks of bounds and strides. Every batch is repeated by the command that is printed where it fails.
"""

import argparse
import json
import random
import subprocess
import sys
from collections import Counter
from math import prod

import numpy as np
from cases import INTEGER_ENGINES

import convolab as cl
from convolab.errors import ArgumentError
from convolab.geometry import Geometry

DTYPES = ("float32", "float32", "float64", "float64", "float16", "int8", "uint8", "int16", "int32", "int64")
SIZES = (1, 1, 1, 2, 3, 5, 8, 17, 33)
OPERATIONS = ("forward", "input_gradient", "weight_gradient")
ENGINES = ("halide", *INTEGER_ENGINES)  # the fast engine twice as often


# Memory layouts: each gives the same numbers, differently laid out.


def _inside(array, grow, where):
    """The numbers as a part of a larger array of nines."""
    larger = np.full([grow(size) for size in array.shape], 9, array.dtype)
    view = larger[tuple(where(size) for size in array.shape)]
    view[...] = array
    return view


def _permuted(array, order):
    return np.array(array.transpose(order), order="C").transpose(np.argsort(order))


def _read_only(array):
    array = array.copy()
    array.flags.writeable = False
    return array


LAYOUTS = {
    "dense": lambda a, r: a,
    "Fortran order": lambda a, r: np.asfortranarray(a),
    "channels last": lambda a, r: _permuted(a, (0, *range(2, a.ndim), 1)),
    "any order of axes": lambda a, r: _permuted(a, r.sample(range(a.ndim), a.ndim)),
    "reversed": lambda a, r: np.flip(np.flip(a, axes := tuple(d for d in range(a.ndim) if r.random() < 0.5)).copy(), axes),
    "every second": lambda a, r: _inside(a, lambda n: 2 * n, lambda n: slice(None, None, 2)),
    "part of a larger one": lambda a, r: _inside(a, lambda n: n + 3, lambda n: slice(1, n + 1)),
    "last column of a larger one": lambda a, r: _inside(a, lambda n: n + 2, lambda n: slice(2, None)),
    "one number for all": lambda a, r: np.broadcast_to(a.ravel()[:1].reshape([1] * a.ndim), a.shape),
    "one row for all": lambda a, r: np.broadcast_to(a[..., :1, :], a.shape),
    "unaligned": lambda a, r: np.frombuffer(b"x" + a.tobytes(), a.dtype, offset=1).reshape(a.shape),
    "other byte order": lambda a, r: a.astype(a.dtype.newbyteorder(">")),
    "read-only": lambda a, r: _read_only(a),
}  # fmt: skip


def random_case(seed: int) -> dict:
    """Everything about one case, from its seed alone."""
    r = random.Random(seed)
    while True:
        dims = r.choice((1, 2, 2, 2, 3))
        input = [r.choice(SIZES) for _ in range(dims)]
        if dims == 3:
            input = [min(n, 9) for n in input]
        kernel = [r.choice((1, 2, 3, 3, 5)) for _ in range(dims)]
        groups = r.choice((1, 1, 1, 2, 3))
        options = {
            "stride": [r.choice((1, 1, 1, 2, 3)) for _ in range(dims)],
            "dilation": [r.choice((1, 1, 1, 2)) for _ in range(dims)],
            "padding": [(r.choice((0, 0, 1, 2, 4)), r.choice((0, 0, 1, 2))) for _ in range(dims)],
            "groups": groups,
        }
        if dims > 1 and r.random() < 0.5:
            make_series(r, input, kernel, options)
        if r.random() < 0.2:
            options["padding_mode"] = r.choice(("reflect", "replicate", "circular"))
        channels = [groups * r.choice((1, 1, 2, 3, 8, 17)) for _ in range(2)]
        try:
            geometry = Geometry(
                input,
                kernel,
                batch=r.choice((1, 1, 2, 4)),
                in_channels=channels[0],
                out_channels=channels[1],
                **options,
            )
        except ArgumentError:
            continue
        if geometry.mult_adds < 3_000_000:
            break
    layouts = [r.choice(list(LAYOUTS)) for _ in range(3)]
    tensors = r.random() < 0.35
    return {
        "seed": seed, "geometry": geometry, "options": options, "dtype": r.choice(DTYPES), "layouts": layouts,
        "tensors": tensors, "engine": r.choice(ENGINES),
    }  # fmt: skip


def make_series(r: random.Random, input: list[int], kernel: list[int], options: dict) -> None:
    """A series, long along one axis, as an image one pixel wide along another, and its output too."""
    long, flat = r.sample(range(len(input)), 2)
    input[long], options["stride"][long] = r.choice((16, 33, 64)), 1
    input[flat], kernel[flat], options["padding"][flat] = 1, 1, (0, 0)


def numbers(case: dict) -> list[np.ndarray]:
    """Input, weight and output gradient, each in its layout."""
    g, rng, r = case["geometry"], np.random.default_rng(case["seed"]), random.Random(case["seed"])
    dtype = np.dtype(case["dtype"])
    low, high = (0, 4) if dtype.kind == "u" else (-1, 2) if dtype == np.float16 else (-3, 4)
    shapes = (g.input_shape, g.weight_shape, g.output_shape)
    arrays = [rng.integers(low, high, shape).astype(dtype) for shape in shapes]
    return [LAYOUTS[name](array, r) for name, array in zip(case["layouts"], arrays, strict=True)]


def oracle(g: Geometry, input, weight, grad) -> list[np.ndarray]:
    """The three sums in int64, tap by tap of the relation, for all outer indices at a time."""
    x = input.astype(np.int64).reshape(g.batch, g.groups, -1, prod(g.input))
    w = weight.astype(np.int64).reshape(g.groups, g.out_channels // g.groups, -1, prod(g.kernel))
    y = grad.astype(np.int64).reshape(g.batch, g.groups, -1, prod(g.output))
    sums = np.zeros_like(y), np.zeros_like(x), np.zeros_like(w)
    for o, k, i in zip(*g.tap_arrays(), strict=True):
        sums[0][..., o] += np.einsum("ngc,gdc->ngd", x[..., i], w[..., k])
        sums[1][..., i] += np.einsum("ngd,gdc->ngc", y[..., o], w[..., k])
        sums[2][..., k] += np.einsum("ngd,ngc->gdc", y[..., o], x[..., i])
    return [s.reshape(shape) for s, shape in zip(sums, (g.output_shape, g.input_shape, g.weight_shape), strict=True)]


def computed(case: dict, arrays: list[np.ndarray]) -> list[np.ndarray]:
    """What the public operator gives: arrays, tensors, or tensors under autograd."""
    g, options = case["geometry"], {**case["options"], "engine": case["engine"]}
    name = f"conv{len(g.axes)}d"
    if case["tensors"]:
        return computed_on_tensors(case, name, arrays, options)
    input, weight, grad = arrays
    return [
        getattr(cl, name)(input, weight, **options),
        getattr(cl, f"{name}_input")(g.input_shape, weight, grad, **options),
        getattr(cl, f"{name}_weight")(input, g.weight_shape, grad, **options),
    ]


def computed_on_tensors(case: dict, name: str, arrays, options) -> list[np.ndarray]:
    import torch

    tensors = [torch.from_numpy(a if takes(a) else np.array(a, a.dtype.newbyteorder("="), order="C")) for a in arrays]
    input, weight, grad = tensors
    if input.dtype == torch.float16:
        options = {**options, "engine": "auto"}
    if input.is_floating_point():
        input.requires_grad_(), weight.requires_grad_()
        output = getattr(cl, name)(input, weight, **options)
        return [t.detach().numpy() for t in (output, *torch.autograd.grad(output, (input, weight), grad))]
    g = case["geometry"]
    results = (
        getattr(cl, name)(input, weight, **options),
        getattr(cl, f"{name}_input")(g.input_shape, weight, grad, **options),
        getattr(cl, f"{name}_weight")(input, g.weight_shape, grad, **options),
    )
    return [t.numpy() for t in results]


def takes(array: np.ndarray) -> bool:
    """Whether PyTorch takes the array as it lies, to be written to (it never is)."""
    whole = all(s >= 0 and s % array.itemsize == 0 for s in array.strides)
    return whole and array.dtype.isnative and array.flags.aligned and array.flags.writeable


def wrong(case: dict) -> list[str]:
    """The operations whose result is not the oracle's, or that raised."""
    arrays = numbers(case)
    expected = oracle(case["geometry"], *arrays)
    before = [np.array(a) for a in arrays]
    try:
        results = computed(case, arrays)
    except Exception as error:
        return [f"raised {type(error).__name__}: {error}"]
    found = [
        operation
        for operation, ours, exact in zip(OPERATIONS, results, expected, strict=True)
        if ours.shape != exact.shape or not np.array_equal(ours, exact.astype(ours.dtype))
    ]
    return found + ["arguments changed"] * any(not np.array_equal(a, b) for a, b in zip(arrays, before, strict=True))


def run_batch(first: int, count: int, checks: bool) -> list[dict]:
    """One process's work: a row for every case."""
    if checks:
        import halide

        from convolab.engine.halide import pipelines

        pipelines.target = halide.get_jit_target_from_environment
    rows = []
    for seed in range(first, first + count):
        case = random_case(seed)
        rows.append({**case, "geometry": str(case["geometry"].axes), "wrong": wrong(case)})
    return rows


def spawn_batch(first: int, count: int, checks: bool) -> list[dict]:
    """The rows of a batch, computed by a process of its own; of one that died, a row that says how."""
    command = [sys.executable, __file__, "--batch", f"{first}:{count}", *(["--checks"] if checks else [])]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode:
        last = (run.stderr.strip() or "no message").splitlines()[-1]
        return [
            {"seed": first, "wrong": [f"the process ended with {run.returncode}: {last}"], "dtype": "?", "engine": "?"}
        ]
    return json.loads(run.stdout)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0, help="of the first case")
    parser.add_argument("--size", type=int, default=25, help="cases in a batch")
    parser.add_argument("--checks", action="store_true", help="Halide's own checks on")
    parser.add_argument("--batch", help="FIRST:COUNT, in this process, as JSON")
    options = parser.parse_args(arguments)
    if options.batch:
        print(json.dumps(run_batch(*map(int, options.batch.split(":")), options.checks)))
        return 0
    rows = []
    for first in range(options.seed, options.seed + options.cases, options.size):
        count = min(options.size, options.seed + options.cases - first)
        rows += spawn_batch(first, count, options.checks)
        print(f"{len(rows)} of {options.cases} cases, {sum(bool(r['wrong']) for r in rows)} wrong", file=sys.stderr)
    cases, failed = (
        Counter((r["engine"], r["dtype"]) for r in rows if not only or r["wrong"]) for only in (False, True)
    )
    print("| engine | type | cases | wrong |\n| --- | --- | --- | --- |")
    for kind in sorted(cases):
        print(f"| {' | '.join(kind)} | {cases[kind]} | {failed[kind]} |")
    for row in (r for r in rows if r["wrong"]):
        print(f"wrong: {row['wrong']}; again: python tests/stress.py --batch {row['seed']}:1\n  {row}")
    print(f"{sum(failed.values())} wrong of {len(rows)}")
    return 1 if sum(failed.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
