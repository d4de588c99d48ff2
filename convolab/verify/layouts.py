"""In which order somebody's arrays have their axes, and how they become (N, C, H, W) and back.

A letter names an axis: N image, C input channel, H row, W column of an input; O filter, I channel of a filter of a
weight; N, O, H, W of an output. A letter that is missing is an axis of one element. Where a plane's kernel is used on
every channel alike, the channels are images: N. Where each channel has a kernel of its own, a filter has no axis I: it
is missing, or `1` stands for it; with `M` each channel has several. In a weight with the axes C and m each channel has
MULTIPLIER filters, and they lie apart from the channels.
"""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from convolab.geometry import Geometry
from convolab.verify.roles import assigned

ONE = "1M"  # letters of an axis of one element
MULTIPLIER = 2  # filters a channel, where they have an axis of their own


def _real(letters: str) -> str:
    return "".join(letter for letter in letters if letter not in ONE)


CANONICAL = {"input": "NCHW", "weight": "OIHW", "grad_output": "NOHW"}


class Layout(NamedTuple):
    """The axes of the three arrays."""

    input: str
    weight: str
    grad_output: str

    def sent(self, role: str, array: np.ndarray) -> np.ndarray:
        """Return a canonical array in this layout."""
        if self._is_multiplied(role):
            split = array[:, 0].reshape(-1, MULTIPLIER, *array.shape[2:])
            return split.transpose(["CmHW".index(letter) for letter in self.weight])
        letters, own = CANONICAL[role], _real(getattr(self, role))
        kept = array[tuple(slice(None) if letter in own else 0 for letter in letters)]
        present = [letter for letter in letters if letter in own]
        turned = kept.transpose([present.index(letter) for letter in own])
        return np.expand_dims(turned, [n for n, letter in enumerate(getattr(self, role)) if letter in ONE])

    def taken(self, role: str, array: np.ndarray) -> np.ndarray:
        """Return an array of this layout as a canonical one; as it is if it has another number of axes."""
        letters, own = CANONICAL[role], _real(getattr(self, role))
        if not own and array.size == 1:
            return array.reshape(1, 1, 1, 1)
        if array.ndim != len(getattr(self, role)):
            return array
        ones = tuple(n for n, letter in enumerate(getattr(self, role)) if letter in ONE)
        if any(array.shape[n] != 1 for n in ones):
            return array
        array = array.squeeze(ones)
        present = [letter for letter in letters if letter in own]
        turned = array.transpose([own.index(letter) for letter in present])
        return turned[tuple(slice(None) if letter in own else None for letter in letters)]

    def _is_multiplied(self, role: str) -> bool:
        return role == "weight" and "m" in self.weight

    def shape(self, role: str, shape: tuple[int, ...]) -> tuple[int, ...]:
        """Return a canonical shape in this layout."""
        if self._is_multiplied(role):
            sizes = {"C": shape[0] // MULTIPLIER, "m": MULTIPLIER, "H": shape[2], "W": shape[3]}
            return tuple(sizes[letter] for letter in self.weight)
        own = getattr(self, role)
        return tuple(1 if letter in ONE else shape[CANONICAL[role].index(letter)] for letter in own)

    def memory(self, role: str) -> tuple[int, ...]:
        """Return the order in which the axes of a canonical array lie in an array of this layout; none is missing."""
        letters, own = CANONICAL[role], _real(getattr(self, role))
        own = own.replace("Cm", "O") if self._is_multiplied(role) else own
        missing = [n for n, letter in enumerate(letters) if letter not in own]
        return (*missing, *(letters.index(letter) for letter in own))

    def admits(self, g: Geometry) -> bool:
        """Return whether every axis that the layout lacks has one element."""
        return all(
            size == 1
            for role, shape in (("input", g.input_shape), ("weight", g.weight_shape), ("grad_output", g.output_shape))
            for letter, size in zip(CANONICAL[role], shape, strict=True)
            if letter not in getattr(self, role)
        )

    @property
    def is_depthwise(self) -> bool:
        """Whether each channel has kernels of its own."""
        of_channels = "O" in self.weight or "m" in self.weight
        return "C" in self.input and of_channels and "O" in self.grad_output and "I" not in self.weight

    @property
    def is_plane(self) -> bool:
        """Whether all three arrays are bare planes."""
        return self == PLANE

    @property
    def is_picture(self) -> bool:
        """Whether its input is one picture, grey or in colours."""
        return "H" in self.input and ("N" not in self.input or self.input.endswith("N"))

    @property
    def is_line(self) -> bool:
        """Whether it has one axis in place of rows and columns."""
        return "H" not in self.input

    def limits(self, batch: int, inputs: int, outputs: int) -> tuple[int, int, int]:
        """Return counts of images, channels and filters with 1 for those that the layout has no axis for."""
        return (
            batch if "N" in self.input else 1,
            inputs if "C" in self.input and "I" in self.weight else 1,
            outputs if "O" in self.weight and "O" in self.grad_output else 1,
        )


PLANE = Layout("HW", "HW", "HW")
BATCH = Layout("NCHW", "OIHW", "NOHW")
# Every layout that is tried, the likelier first.
LAYOUTS = (
    BATCH,
    Layout("NHWC", "HWIO", "NHWO"),
    PLANE,
    Layout("CHW", "OIHW", "OHW"),
    Layout("HWC", "HWIO", "HWO"),
    Layout("HWN", "HW", "HWN"),
    Layout("CHW", "IHW", "HW"),
    Layout("HWC", "HWI", "HW"),
    Layout("HWC", "OHWI", "HWO"),
    Layout("HW", "OHW", "HWO"),
    Layout("HW", "OHW", "OHW"),
    Layout("NHWC", "OHWI", "NHWO"),
    Layout("NHWC", "OIHW", "NHWO"),
    Layout("NHWC", "HWIO", "NOHW"),
    Layout("NCHW", "HWIO", "NOHW"),
    Layout("NHW", "HW", "NHW"),
    Layout("NHW", "OHW", "NOHW"),
    Layout("NHW", "OHW", "NHWO"),
    Layout("NHW", "OHW", "ONHW"),
    Layout("HWC", "OIHW", "HWO"),
    Layout("NCHW", "IHW", "NHW"),
    Layout("NHWC", "HWI", "NHW"),
    Layout("NHWC", "HWI", "NHWO"),
    Layout("NCHW", "CmHW", "NOHW"),
    Layout("NHWC", "HWCm", "NHWO"),
    Layout("NCHW", "OMHW", "NOHW"),
    Layout("NCHW", "O1HW", "NOHW"),
    Layout("CHW", "OHW", "OHW"),
    Layout("NCHW", "OHW", "NOHW"),
    Layout("HWC", "HWO", "HWO"),
    Layout("NHWC", "HWO", "NHWO"),
    Layout("W", "W", "W"),
    Layout("NCW", "OIW", "NOW"),
    Layout("CW", "OIW", "OW"),
    Layout("NW", "W", "NW"),
    Layout("NWC", "WIO", "NWO"),
)  # fmt: skip

# What the size of an axis is called, in lower case without underscores.
AXES = {
    "N": "n b m bs batch batchsize nbatch nimg images numimages samples",
    "C": "c cin ci ic d ch chan channels nc ncprev inchannels inch inc cprev inputchannels depth inp",
    "I": "cg cpg c cin ci ic d ch chan channels nc ncprev inchannels inch inc cprev inputchannels depth inp k",
    "m": "m mult multiplier dm chm q depthmultiplier channelmultiplier",
    "O": "f o cout co oc nf numfilters nfilters numf filters outchannels outch outc noutputs k nc fn ncnew",
    "H": "h hin ih height rows imgh inh nh nhprev hprev hx xh kh hh fh kheight filterh kernelh hf hk kr r kx ky f k",
    "W": "w win iw width cols columns imgw inw nw nwprev wprev wx xw kw ww fw kwidth filterw kernelw wf wk kc s kx f k",
}
_LETTERS = {letter: frozenset(names.split()) for letter, names in AXES.items()}


def by_names(layouts: Sequence[Layout], parameters: Sequence[dict[str, Any]]) -> list[Layout]:
    """Return the layouts, first those that agree with the names a function gives to the sizes of its arguments.

    Where it names those of both arrays, only these.
    """
    roles = assigned(parameters, ("input", "weight"))
    named = {
        role: p["axes"] for role, p in zip(roles, parameters, strict=True) if role in ("input", "weight") and p["axes"]
    }
    if not any(len(names) > 2 for names in named.values()):
        return [*layouts]
    agreeing = [
        la
        for la in layouts
        if all(_agrees(getattr(la, role), names, depthwise=la.is_depthwise) for role, names in named.items())
    ]
    if len(named) == 2 and agreeing:
        return agreeing
    return [*agreeing, *(la for la in layouts if la not in agreeing)]


def _agrees(letters: str, names: Sequence[str], *, depthwise: bool = False) -> bool:
    """Return whether every axis may be called so; what is called `_` may be anything."""
    plain = [re.sub(r"[\d_]", "", name).lower() for name in names]
    return len(letters) == len(plain) and all(
        not n or a in ONE or n in _LETTERS[a] or (depthwise and a == "O" and n in _LETTERS["C"])
        for a, n in zip(letters, plain, strict=True)
    )
