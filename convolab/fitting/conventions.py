"""Whose convention is it? The library functions that compute exactly what a fit says, for planes without options.

Each entry is the law of a library's function, as its documentation states it; a test fits the functions themselves.
"""

from convolab.fitting.fit import Fit
from convolab.fitting.laws import PADDINGS, SIZES, Law, Rule


def _named(choices: tuple[Rule, ...], name: str) -> Rule:
    return next(choice for choice in choices if choice.name == name)


BEFORE, AFTER = _named(PADDINGS, "(kernel − 1) // 2"), _named(PADDINGS, "kernel // 2")
FULL, KEPT, GROWN = (
    _named(PADDINGS, "kernel − 1"),
    _named(SIZES, "the input's size"),
    _named(SIZES, "input + kernel − 1"),
)


def _signal() -> dict[str, Law]:
    """SciPy's correlate2d and convolve2d, mode by mode and boundary by boundary."""
    found = {}
    for boundary, border in {"": "zeros", ", boundary='wrap'": "circular", ", boundary='symm'": "symmetric"}.items():
        for name, turned in (("correlate2d", False), ("convolve2d", True)):
            called = f"scipy.signal.{name}"
            if turned and not boundary:  # the other one's `valid` is what was asked for
                found[f"{called}(mode='valid')"] = Law(reversed=True)
            same = AFTER if turned else BEFORE
            found[f"{called}(mode='same'{boundary})"] = Law(padding=same, reversed=turned, size=KEPT, border=border)
            found[f"{called}(mode='full'{boundary})"] = Law(padding=FULL, reversed=turned, size=GROWN, border=border)
    return found


def _ndimage() -> dict[str, Law]:
    """SciPy's ndimage: its names for the borders are its own."""
    borders = {
        "reflect": "symmetric",
        "mirror": "reflect",
        "nearest": "replicate",
        "wrap": "circular",
        "constant": "zeros",
    }
    return {
        f"scipy.ndimage.{name}(mode='{mode}')": Law(padding=padding, reversed=turned, size=KEPT, border=border)
        for mode, border in borders.items()
        for name, turned, padding in (("correlate", False, AFTER), ("convolve", True, BEFORE))
    }


def _opencv() -> dict[str, Law]:
    borders = {"REFLECT_101": "reflect", "REFLECT": "symmetric", "REPLICATE": "replicate", "CONSTANT": "zeros"}
    return {
        f"cv2.filter2D(borderType=cv2.BORDER_{name})": Law(padding=AFTER, size=KEPT, border=border)
        for name, border in borders.items()
    }


CONVENTIONS: dict[str, Law] = {
    "torch.nn.functional.conv2d(padding='same')": Law(padding=BEFORE, size=KEPT),
    **_signal(),
    **_ndimage(),
    **_opencv(),
}


def convention(fit: Fit) -> str | None:
    """Return the library's function that computes exactly this, or None. Only forward functions of planes have one."""
    plain = (
        fit.operation == "forward"
        and not fit.exchanged
        and not fit.channels.cost
        and not fit.scale.cost
        and not fit.fill
    )
    if not plain or fit.rows != fit.columns or fit.is_what_was_asked:
        return None
    return next((name for name, law in CONVENTIONS.items() if law == fit.rows), None)
