"""Whose convention is it? The library functions that compute exactly what a fit says, each as the law that it is.

Each law is what the library's documentation states, without options but for those in the name; a test fits the
functions themselves. The short names are those of `--convention`.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from convolab.errors import ArgumentError, unknown
from convolab.fitting.fit import Fit
from convolab.fitting.laws import Law, products
from convolab.fitting.leading import Leading
from convolab.fitting.rules import DILATIONS, PADDINGS, SIZES, STRIDES, Size, Wanted
from convolab.fitting.search import name_of
from convolab.geometry import output_size


class LibraryConvention(NamedTuple):
    """A library's function.

    Attributes
    ----------
    short : str
        Its name here.
    called : str
        The function as it is called.
    law : Law
        What it computes along every axis.
    options : bool
        Whether it takes a stride and a dilation.
    operation : {"forward", "input_gradient"}
    """

    short: str
    called: str
    law: Law
    options: bool = False
    operation: str = "forward"


def _size(name: str) -> Size:
    return next(size for size in SIZES if size.name == name)


BEFORE, AFTER, FULL = (name_of(PADDINGS, name) for name in ("(kernel − 1) // 2", "kernel // 2", "kernel − 1"))
KEPT, FOLLOWS = _size("the input's size"), _size("the size that follows")
MIDDLE = name_of(PADDINGS, "dilation · (kernel − 1) // 2")


def _torch() -> Iterator[LibraryConvention]:
    """Torch's `same`, JAX's and TensorFlow's, and the transposed convolution."""
    same = Law(padding=MIDDLE, size=KEPT)
    yield LibraryConvention("torch-same", "torch.nn.functional.conv2d(padding='same')", same, True)
    for mode in ("circular", "reflect", "replicate"):
        called = f"torch.nn.Conv2d(padding='same', padding_mode='{mode}')"
        yield LibraryConvention(f"torch-same-{mode}", called, Law(padding=MIDDLE, size=KEPT, border=mode), True)
    half, rounded = name_of(PADDINGS, "half of what 'SAME' needs"), _size("⌈input / stride⌉")
    for short, called in {"tf": "tf.nn.conv2d", "jax": "jax.lax.conv_general_dilated"}.items():
        yield LibraryConvention(f"{short}-same", f"{called}(padding='SAME')", Law(padding=half, size=rounded), True)
    called = "torch.nn.functional.conv_transpose2d"
    yield LibraryConvention("torch-transpose", called, Law(size=FOLLOWS), True, "input_gradient")


def _modes(short: str, called: str, turned: bool, same: Law) -> Iterator[LibraryConvention]:
    """Yield the modes that SciPy's and NumPy's functions share."""
    yield LibraryConvention(f"{short}-valid", f"{called}(mode='valid')", Law(reversed=turned))
    yield LibraryConvention(f"{short}-same", f"{called}(mode='same')", same)
    full = Law(padding=FULL, reversed=turned, size=FOLLOWS)
    yield LibraryConvention(f"{short}-full", f"{called}(mode='full')", full)


def _signal() -> Iterator[LibraryConvention]:
    """SciPy's correlate2d and convolve2d, mode by mode and boundary by boundary."""
    for name, turned, centre in (("correlate2d", False, BEFORE), ("convolve2d", True, AFTER)):
        short, called = f"scipy-{name}", f"scipy.signal.{name}"
        yield from _modes(short, called, turned, Law(padding=centre, reversed=turned, size=KEPT))
        for boundary, border in {"wrap": "circular", "symm": "symmetric"}.items():
            for mode, padding, size in (("same", centre, KEPT), ("full", FULL, FOLLOWS)):
                law = Law(padding=padding, reversed=turned, size=size, border=border)
                options = f"(mode='{mode}', boundary='{boundary}')"
                yield LibraryConvention(f"{short}-{mode}-{boundary}", called + options, law)


def _ndimage() -> Iterator[LibraryConvention]:
    """SciPy's ndimage: its names for the borders are its own."""
    borders = {
        "reflect": "symmetric",
        "mirror": "reflect",
        "nearest": "replicate",
        "wrap": "circular",
        "constant": "zeros",
    }
    for name, turned, centre in (("correlate", False, "kernel // 2"), ("convolve", True, "(kernel − 1) // 2")):
        for mode, border in borders.items():
            for origin, change in {0: "", -1: " − 1", 1: " + 1"}.items():
                change = change if not turned else {" − 1": " + 1", " + 1": " − 1"}.get(change, "")
                law = Law(padding=name_of(PADDINGS, centre + change), reversed=turned, size=KEPT, border=border)
                options = f"(mode='{mode}'" + (f", origin={origin})" if origin else ")")
                short = f"ndimage-{name}-{mode}" + {0: "", -1: "-origin-minus-1", 1: "-origin-1"}[origin]
                yield LibraryConvention(short, f"scipy.ndimage.{name}{options}", law)


def _opencv() -> Iterator[LibraryConvention]:
    borders = {"REFLECT_101": "reflect", "REFLECT": "symmetric", "REPLICATE": "replicate", "CONSTANT": "zeros"}
    for name, border in borders.items():
        called = f"cv2.filter2D(borderType=cv2.BORDER_{name})"
        yield LibraryConvention(f"opencv-{name.lower()}", called, Law(padding=AFTER, size=KEPT, border=border))


def _numpy() -> Iterator[LibraryConvention]:
    """NumPy's functions of one axis, for kernels that are no longer than the input."""
    for name, turned in (("correlate", False), ("convolve", True)):
        same = Law(padding=AFTER, reversed=turned, size=KEPT)
        yield from _modes(f"numpy-{name}", f"numpy.{name}", turned, same)


CONVENTIONS = {c.short: c for c in (*_torch(), *_signal(), *_ndimage(), *_opencv(), *_numpy())}
# Names for what a library does where nothing else is said.
SHORTER = {"ndimage": "ndimage-correlate-reflect", "opencv": "opencv-reflect_101"}
LINES = ("numpy-",)  # those of one axis


def asked_by(name: str) -> Fit:
    """Return what a convention asks for, as a fit: its `compute` gives the result.

    Raises
    ------
    ArgumentError
        For a name that no convention has.
    """
    found = CONVENTIONS.get(SHORTER.get(name, name))
    if found is None:
        known = ", ".join((*SHORTER, *CONVENTIONS))
        raise ArgumentError(f"convention: {unknown(name, [*SHORTER, *CONVENTIONS])} Expected one of {known}.")
    return Fit(found.operation, found.law, found.law)


def convention(fit: Fit, *, plane: bool = True) -> str | None:
    """Return the library's function that computes exactly this, as it is called; None where there is none.

    Parameters
    ----------
    plane : bool
        Whether the function takes bare planes, without stride, padding and dilation.
    """
    rows = fit.columns if fit.line else fit.rows
    only_laws = Fit(fit.operation, fit.rows, fit.columns, line=fit.line, silent=fit.silent) == fit
    if not only_laws or rows != fit.columns or fit.is_what_was_asked or fit.leading != Leading():
        return None
    mark = _mark(fit.columns, fit.operation, plane)
    fitting = [c for c in CONVENTIONS.values() if c.operation == fit.operation and _marked(c, plane) == mark]
    fitting = [c for c in fitting if c.short.startswith(LINES) == fit.line] or fitting
    return fitting[0].called if fitting else None


def _marked(c: LibraryConvention, plane: bool) -> bytes:
    if c.options:
        return _mark(c.law, c.operation, plane)
    none, follows = PADDINGS[1], FOLLOWS if c.law.size is SIZES[0] else c.law.size
    padding = none if c.law.padding is PADDINGS[0] else c.law.padding
    law = replace(c.law, stride=STRIDES[1], dilation=DILATIONS[1], padding=padding, size=follows)
    return _mark(law, c.operation, plane)


@cache
def _mark(law: Law, operation: str, plane: bool) -> bytes:
    """Return what tells laws apart: the products that they make for several sizes and options."""
    found, across = b"", Wanted(operation, 7, 2, 6, 1, 1, 0, 6)
    for input, kernel, stride, dilation, padding in SAMPLES[:4] if plane else SAMPLES:
        o = output_size(input, kernel, stride, dilation, padding, padding)
        result, firsts = (o, input) if operation == "forward" else (input, o)
        a = Wanted(operation, input, kernel, o, stride, dilation, padding, result, across)
        size = law.size_of(a)
        found += products(law, a, (size, kernel, firsts))[0].tobytes() + bytes([size])
    return found


# Of input, kernel, stride, dilation, padding.
SAMPLES = ((7, 3, 1, 1, 0), (8, 4, 1, 1, 0), (9, 2, 1, 1, 0), (9, 5, 1, 1, 0), (8, 3, 2, 1, 1), (11, 4, 3, 2, 2))
