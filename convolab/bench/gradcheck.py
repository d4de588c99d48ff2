"""Who notices a wrong gradient, and who says what is wrong? Our check beside PyTorch's and JAX's, on planted faults.

Every fault is a convolution's gradient with one of the known mistakes in it, or a function that breaks a rule before a
number is compared. All three checks are given the same function at the same point, with their own default settings.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

import convolab.convolution as operators
from convolab.definition import mistakes
from convolab.geometry import OPERATIONS, Geometry
from convolab.gradient.check import gradcheck

OPTIONS: dict[str, Any] = {"stride": (2, 3), "padding": (1, 2)}
NAMES = {name: operation.result for name, operation in OPERATIONS.items() if name != "forward"}


@dataclass(frozen=True)
class _Fault:
    """A function of (input, weight) and its gradients, one of them wrong.

    Attributes
    ----------
    name : str
    code : str
        What our check should say.
    forward : callable
        (x, w) → y
    gradients : callable
        (grad_output, x, w) → (grad_x, grad_w)
    """

    name: str
    code: str
    forward: Callable[..., Any]
    gradients: Callable[..., Any]


def point(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Where everything is checked: integers from −4 to 4."""
    rng = np.random.default_rng(seed)
    return rng.integers(-4, 5, (2, 2, 6, 8)).astype(float), rng.integers(-4, 5, (3, 2, 3, 2)).astype(float)


def conv(x, w):
    return operators.conv2d(x, w, engine="numpy", **OPTIONS)


def right(g, x, w):
    return (
        operators.conv2d_input(x.shape, w, g, engine="numpy", **OPTIONS),
        operators.conv2d_weight(x, w.shape, g, engine="numpy", **OPTIONS),
    )


def faults() -> Iterator[_Fault]:
    """The right gradient first, which must pass; then every mistake in either gradient; then broken rules."""
    yield _Fault("none", "", conv, right)
    for operation, argument in NAMES.items():
        for mistake in mistakes.applicable(operation):
            if not mistake.observed and _shows(mistake, operation):
                yield _Fault(f"{mistake.code}, {argument}", mistake.code, conv, _planted(mistake, operation))
    yield from _small()
    yield from _rules()


def _planted(mistake, operation: str) -> Callable[..., Any]:
    def gradients(g, x, w):
        good = list(right(g, x, w))
        geometry = Geometry(
            x.shape[2:], w.shape[2:], batch=len(x), in_channels=x.shape[1], out_channels=len(w), **OPTIONS
        )
        if operation == "input_gradient":
            good[0] = mistake.input_gradient(geometry, w, g)
        else:
            good[1] = mistake.weight_gradient(geometry, x, g)
        return tuple(np.asarray(a, dtype=float) for a in good)

    return gradients


def _shows(mistake, operation: str) -> bool:
    """Whether the mistake gives a gradient of the right shape that is wrong here."""
    x, w = point()
    g = np.random.default_rng(1).integers(1, 5, conv(x, w).shape).astype(float)
    try:
        found = _planted(mistake, operation)(g, x, w)
    except (IndexError, ValueError, TypeError):
        return False
    wrong = any(not np.array_equal(a, b) for a, b in zip(found, right(g, x, w), strict=True))
    return wrong and [a.shape for a in found] == [x.shape, w.shape]


def _changed(change: Callable[..., Any]) -> Callable[..., Any]:
    """Right gradients, that of the input changed."""
    return lambda g, x, w: (change(right(g, x, w)[0].copy()), right(g, x, w)[1])


def _one(gx, amount: float):
    gx[1, 0, 2, 3] += amount
    return gx


def _small() -> Iterator[_Fault]:
    """Errors that a tolerance may let through."""
    for amount in (1.0, 1e-2, 1e-6, 1e-9):
        yield _Fault(
            f"one element off by {amount:g}", "wrong-gradient", conv, _changed(lambda gx, a=amount: _one(gx, a))
        )
    yield _Fault("all too large by 1e-5", "scaled", conv, _changed(lambda gx: gx * (1 + 1e-5)))


def _rules() -> Iterator[_Fault]:
    """What must be said before numbers are compared."""
    yield _Fault("gradient of another shape", "gradient-shape", conv, _changed(lambda gx: gx[:1]))
    yield _Fault("gradient of another type", "wrong-dtype", conv, _changed(lambda gx: gx.astype(np.float32)))
    yield _Fault("NaN in the gradient", "not-finite", conv, _changed(lambda gx: _one(gx, np.nan)))
    yield _Fault("gradient not repeatable", "not-repeatable", conv, _changed(_shaken))
    yield _Fault("changes its input", "mutates-input", _doubling, lambda g, x, w: (g * 2, np.zeros_like(w)))
    relu = lambda g, x, w: (g * (x > 0), np.zeros_like(w))  # noqa: E731
    yield _Fault("ReLU at 0", "not-differentiable", lambda x, w: np.maximum(x, 0), relu)
    sign = lambda g, x, w: (g * np.sign(x), np.zeros_like(w))  # noqa: E731
    yield _Fault("|x| at 0", "not-differentiable", lambda x, w: np.abs(x), sign)


def _shaken(gx):
    return gx + np.random.default_rng().normal(size=gx.shape) * 1e-3


def _doubling(x, w):
    x *= 2
    return x.copy()


def ours(fault: _Fault) -> tuple[bool, str]:
    """Whether our check notices, and the code that it gives."""
    report = gradcheck(fault.forward, point(), fault.gradients)
    names = [c.name.code if c.name else "wrong-gradient" for c in report.comparisons if c.wrong.any()]
    others = [code for code in report.codes if code != "wrong-gradient"]
    places = [str(c.place) for c in report.comparisons if c.place]
    return not report.passed, "; ".join(dict.fromkeys(names + others + places)) if not report.passed else ""


def torchs(fault: _Fault) -> tuple[bool, str]:
    """The same of torch.autograd.gradcheck."""
    import torch

    class Planted(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x, w):
            ctx.save_for_backward(x, w)
            return torch.from_numpy(np.array(fault.forward(x.detach().numpy(), w.detach().numpy())))

        @staticmethod
        def backward(ctx, g):
            x, w = (t.detach().numpy() for t in ctx.saved_tensors)
            return tuple(torch.from_numpy(np.array(a)) for a in fault.gradients(g.numpy(), x, w))

    tensors = [torch.from_numpy(a).requires_grad_() for a in point()]
    return _complaint(lambda: torch.autograd.gradcheck(Planted.apply, tensors))


def _jaxs(fault: _Fault) -> tuple[bool, str]:
    """The same of jax.test_util.check_grads, backwards."""
    import jax
    from jax.test_util import check_grads

    jax.config.update("jax_enable_x64", True)

    @jax.custom_vjp
    def function(x, w):
        return _host(lambda x, w: fault.forward(np.array(x), np.array(w)), x, w)

    def backward(saved, g):
        found = fault.gradients(np.array(g), *map(np.array, saved))
        return tuple(jax.numpy.asarray(a) for a in found)

    function.defvjp(lambda x, w: (function(x, w), (x, w)), backward)
    arrays = [jax.numpy.asarray(a) for a in point()]
    return _complaint(lambda: check_grads(function, arrays, order=1, modes=["rev"]))


def _host(function: Callable[..., Any], x, w):
    """A NumPy function of concrete JAX arrays."""
    import jax

    return jax.numpy.asarray(function(np.asarray(x), np.asarray(w)))


def _complaint(check: Callable[..., Any]) -> tuple[bool, str]:
    try:
        check()
    except Exception as error:  # a check reports a wrong gradient by whatever it raises
        text = " ".join(str(error).split())
        return True, f"{type(error).__name__}: {text[:160]}"
    return False, ""


CHECKS = {"convolab": ours, "torch": torchs, "jax": _jaxs}


def measure(
    *, seeds: int = 1, only: str = "", peers: bool = True, report: Callable[[dict[str, Any]], None] = lambda row: None
) -> tuple[list[Any], dict[str, Any]]:
    """One row for each fault: who notices, and what is said; with `peers` PyTorch and JAX too, where installed.

    Returns
    -------
    (list of dict, dict)
        Rows `case`, `expected`, and for each check that is installed `<check>` (noticed?) and `<check>_says`; and how
        many faults each one noticed and ours named.
    """
    from importlib.util import find_spec

    checks = {name: check for name, check in CHECKS.items() if name == "convolab" or (peers and find_spec(name))}
    rows = []
    for fault in faults():
        if only not in fault.name:
            continue
        row: dict[str, Any] = {"case": fault.name, "expected": fault.code}
        for name, check in checks.items():
            row[name], row[f"{name}_says"] = check(fault)
        rows.append(row)
        report({"case": row["case"]} | {name: "noticed" if row[name] else "passed" for name in checks})
    planted = [row for row in rows if row["expected"]]
    named = sum(row["expected"] in row["convolab_says"] for row in planted)
    totals = {f"{name}_noticed": sum(row[name] for row in planted) for name in checks}
    return rows, {"planted": len(planted), "convolab_named": named, **totals}
