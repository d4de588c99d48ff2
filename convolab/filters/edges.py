"""What are the edges of an image? x, y, magnitude and direction, alone or together, in one pass over memory."""

from collections import namedtuple
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from convolab.errors import ArgumentError, DtypeError
from convolab.filters import borders, masked, portable
from convolab.filters.kernels import make_filter
from convolab.filters.plan import Plan, checked_dtype, make_plan
from convolab.filters.planes import Plane, as_plane
from convolab.filters.run import normalized, result_shape, run
from convolab.filters.separable import Filter
from convolab.filters.shown import Shown
from convolab.filters.spacing import per_length


def edges(
    image,
    filter="sobel",
    *,
    show: str | tuple[str, ...] = "",
    mode: str = "valid",
    normalize: bool = False,
    channels: str = "grey",
    dtype=None,
    out=None,
    engine: str = "auto",
    algorithm: str = "auto",
    spacing=None,
    **parameters,
):
    """Return an image filtered, by default its edges: E = √(x² + y²), in the image's own scale.

    Parameters
    ----------
    image : array (H, W) or (H, W, 3), or the path or address of a picture
        Real numbers of any type. Three colours are weighted into grey, 0.299 R + 0.587 G + 0.114 B, in the same pass.
        A torch tensor gives tensors, a Dask array gives Dask arrays, and a masked array masked arrays, masked where a
        window touches what is masked.
    filter : str, path or array_like (kH, kW)
        A name of `convolab.filters.table.FILTERS`; one part of a gradient, such as `sobel-x`; or a kernel of at most
        511 × 511 weights: the numbers, `1,2;3,4`, `[[1, 2], [3, 4]]`, or the path of a `.npy`, a `.csv` or a `.txt`.
    show : str or tuple of str
        Of a gradient filter any of `x`, `y`, `magnitude` (the default) and `direction` (radians, atan2(y, x), 0 where
        nothing changes); of the others `response`.
    mode : str
        `valid` (the default), `zeros`, `reflect`, `symmetric`, `replicate`, `circular`; all but `valid` keep the size.
    normalize : bool
        Divide by the largest absolute value; an integer `dtype` is then filled to its maximum.
    channels : str
        `grey`, or `each` to filter every channel alone: (H, W, C) gives (H, W, C).
    dtype : optional
        Type of the results. Integers are rounded to the nearest and clipped, never wrapped. By default x and y are
        floating for floating and the smallest signed integer that holds every sum for integers; magnitude and
        direction are float32, or float64 where pixels have 32 bits or more.
    out : array or tuple of arrays, optional
        Where the results go.
    engine : str
        `halide`, `numpy`, or `auto`: Halide where it is installed. Both round after every operation and agree to the
        bit, except for a floating kernel of more than nine taps that does not separate.
    algorithm : str
        `direct` sums over the taps; `transform` takes transforms of tiles, whose errors are measured by the whole tile
        (docs/performance.md); `auto` takes them for large kernels and wide Gaussians where SciPy is installed and they
        cost less by a model.
    spacing : float or (float, float), optional
        Distance between pixels, (y, x) in any unit of length: a gradient then answers in brightness per that unit.
    parameters
        `sigma`, `size`, `wavelength`, `theta`, `gamma`, `phase`: those of the filter.

    Returns
    -------
    array, or a named tuple of arrays in the order of `show` where that is a tuple
        (H - kH + 1, W - kW + 1), or (H, W), or those with the channels behind.

    Raises
    ------
    ArgumentError
        For an image smaller than the kernel, and for a value of an option that is not taken.
    DtypeError
        For pixels that are no real numbers, and for results of a type that they cannot have.
    InputError
        For a file that holds no kernel.

    Convention
    ----------
    Cross-correlation, no flip; x answers positively where brightness rises to the right, y where it rises downwards.
    A NaN reaches the outputs whose window has a weight other than zero on it.

    Examples
    --------
    >>> import convolab as cl
    >>> cl.edges([[0, 0, 4, 4]] * 3, show=("x", "y"))
    Edges(x=array([[16., 16.]]), y=array([[0., 0.]]))
    """
    if isinstance(image, (str, Path)):
        from convolab.pictures import images

        image = images.read(str(image), grey=channels == "grey").pixels
    chosen = make_filter(filter, **parameters)
    chosen = chosen if spacing is None else per_length(chosen, spacing)
    together = not isinstance(show, str)
    names = chosen.names(show)
    borders.check_mode(mode)
    if is_dask(image):
        from convolab.filters import lazy

        results = lazy.edges(image, chosen, names, mode, normalize, channels, dtype, out, engine, algorithm)
    elif is_tensor(image):
        results = _of_tensor(image, chosen, names, mode, normalize, channels, dtype, out, engine, algorithm)
    elif np.ma.is_masked(image):
        results = _of_masked(image, chosen, names, mode, normalize, channels, dtype, out, engine, algorithm)
    else:
        results = _of_array(image, chosen, names, mode, normalize, channels, dtype, out, engine, algorithm)
    return _edges_type(names)(*results) if together else results[0]


@cache
def _edges_type(names: tuple[str, ...]) -> type:
    return type("Edges", (Shown, namedtuple("Edges", names)), {"__slots__": (), "__module__": __name__})


def is_dask(image) -> bool:
    return type(image).__module__.startswith("dask.array")


def is_tensor(image) -> bool:
    return type(image).__module__.startswith("torch") and hasattr(image, "detach")


def _of_tensor(image, chosen, names, mode, normalize, channels, dtype, out, engine, algorithm) -> list:
    """Return the components as torch tensors, without a gradient; on the CPU they share memory with the arrays."""
    import torch

    given = None if out is None else [_filled(t) for t in ((out,) if isinstance(out, torch.Tensor) else out)]
    pixels = array_of(image)
    results = _of_array(pixels, chosen, names, mode, normalize, channels, dtype, given, engine, algorithm)
    return [torch.from_numpy(result).to(image.device) for result in results]


def array_of(image) -> np.ndarray:
    """Return a tensor's pixels; bfloat16, which NumPy has not, as float32."""
    pixels = image.detach().cpu()
    return (pixels.float() if str(pixels.dtype) == "torch.bfloat16" else pixels).numpy()


def _filled(out) -> np.ndarray:
    """Return the memory of a tensor that a result goes into."""
    try:
        return out.detach().numpy()
    except (AttributeError, TypeError) as error:
        kind = f"{out.dtype} on {out.device}" if hasattr(out, "device") else type(out).__name__
        raise DtypeError(f"out: expected tensors on the CPU, of a type that results can have, got {kind}.") from error


def _of_masked(image, chosen, names, mode, normalize, channels, dtype, out, engine, algorithm) -> list:
    """Return the components as masked arrays, in which no masked value of the image has a part."""
    masked.refuse_out(out)

    def compute(pixels, wanted):
        return _of_array(pixels, chosen, names, mode, False, channels, wanted, None, engine, algorithm)

    return masked.edges(image, compute, names, chosen.shape, mode, normalize, dtype)


def _of_array(
    image, chosen: Filter, names, mode, normalize, channels, dtype, out, engine, algorithm
) -> list[np.ndarray]:
    plane = as_plane(image, channels)
    plan = make_plan(
        chosen, plane.pixels.dtype, names, out_dtype=None if normalize else dtype, grey=plane.grey, step=plane.step,
        algorithm=algorithm, size=borders.output_size(chosen, plane.size, mode),
    )  # fmt: skip
    given = _checked_outs(out, names, result_shape(plan, plane, mode))
    if normalize:
        results = run(plan, plane, mode, engine)
        return [_delivered(r, g) for r, g in zip(normalized(names, results, dtype), given, strict=True)]
    if given[0] is not None and dtype is None:
        plan = _retyped(plan, given)
    targets = [g if _usable(g, t, plane) else None for g, t in zip(given, plan.dtypes, strict=True)]
    results = run(plan, plane, mode, engine, targets)
    return [_delivered(r, g) for r, g in zip(results, given, strict=True)]


def _checked_outs(out, names: tuple[str, ...], shape: tuple[int, ...]) -> list:
    """Return the arrays of `out`, one a component, or None for each."""
    if out is None:
        return [None] * len(names)
    given = list(out) if isinstance(out, (tuple, list)) else [out]
    if len(given) != len(names):
        raise ArgumentError(f"out: expected {len(names)} arrays, for {', '.join(names)}, got {len(given)}.")
    for array in given:
        if not isinstance(array, np.ndarray):
            raise DtypeError(f"out: expected arrays, got {type(array).__name__}.")
        if array.shape != shape:
            raise ArgumentError(f"out: expected shape {shape}, got {array.shape}.")
        if not array.flags.writeable:
            raise ArgumentError("out: the array is read-only.")
    return given


def _retyped(plan: Plan, given: list[np.ndarray]) -> Plan:
    """Return the plan with the types of the arrays that the results go into."""
    return replace(plan, dtypes=tuple(checked_dtype(array.dtype).name for array in given))


def _usable(given, dtype: str, plane: Plane) -> bool:
    """Return whether a pass can write into the array itself: right type, dense rows, no memory of the image's."""
    return (
        given is not None
        and given.dtype == dtype
        and given.flags.c_contiguous
        and not np.may_share_memory(given, plane.pixels)
    )


def _delivered(result: np.ndarray, given: np.ndarray | None) -> np.ndarray:
    if given is None or given is result:
        return result
    portable.store(result, given)
    return given
