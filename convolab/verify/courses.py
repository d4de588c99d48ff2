"""What courses ask for: names, layouts and conventions of the functions that are handed in, one entry a course.

Source
------
The courses' public material, read in November 2026; `docs/check.md` names each.
"""

# ruff: noqa: E501 - tables

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from convolab.verify.asked import CORRELATION, DIVIDES, ODD, SQUARE, AskedConvention, Domain, both, fixed_kernel
from convolab.verify.forms import PLACES, Argument, Form, Step, forms
from convolab.verify.layouts import BATCH, PLANE, Layout
from convolab.verify.targets import TARGETS, JudgedFunction, Parameters

CHANNELS_LAST = Layout("NHWC", "HWIO", "NHWO")
COLOUR = Layout("HWN", "HW", "HWN")
COLOURS = ODD._replace(most=(3, 1, 1), least=(3, 1, 1))  # red, green and blue
LINE, LINES = Layout("W", "W", "W"), Layout("NCW", "OIW", "NOW")
TRUE_SAME = AskedConvention(flip=True, size="same")
# Makes forms for a name from what is known of the hand-in: (name, known, target, layouts).
Make = Callable[[str, dict[str, Parameters], JudgedFunction, Sequence[Layout]], list[Form]]


def _plain(name: str, known: dict[str, Parameters], target: JudgedFunction, layouts: Sequence[Layout]) -> list[Form]:
    return forms(name, known[name], target, known, layouts)


@dataclass(frozen=True)
class CoursePart:
    """One thing that a course's function computes.

    Attributes
    ----------
    target : str
    label : str
        What the verdict adds to the name, where a function computes several things.
    layouts : tuple of Layout
        The likeliest first.
    conventions : tuple of AskedConvention
        Those that the course accepts.
    domain : Domain
    make : callable
        How it is called.
    """

    target: str
    label: str = ""
    layouts: tuple[Layout, ...] = (BATCH,)
    conventions: tuple[AskedConvention, ...] = (CORRELATION,)
    domain: Domain = field(default_factory=Domain)
    make: Make = _plain


@dataclass(frozen=True)
class CourseFunction:
    """A function of a course: its name (a regular expression), its parameters' names, and what it computes."""

    name: str
    parameters: str
    parts: tuple[CoursePart, ...]

    def is_called(self, name: str) -> bool:
        return re.fullmatch(self.name, name) is not None

    def fits(self, said: Parameters) -> bool:
        """Return whether the parameters, or those of the forward method of a class, have the course's names."""
        names = [p["name"] for p in said["parameters"]]
        for method in said.get("methods", {}).values():
            names += [p["name"] for p in method["parameters"]]
        return set(self.parameters.split()) <= set(names)


@dataclass(frozen=True)
class Course:
    """A course by name, with what is handed in."""

    name: str
    title: str
    functions: tuple[CourseFunction, ...]

    def found_in(self, known: dict[str, Parameters]) -> list[tuple[str, CourseFunction]]:
        """Return the hand-in's functions that are the course's by name."""
        return [(name, f) for name in known for f in self.functions if f.is_called(name)]

    def likeness(self, known: dict[str, Parameters]) -> int:
        """Return how many functions are the course's by name and by parameters."""
        return sum(f.fits(known[name]) for name, f in self.found_in(known))


def gradients(layouts: tuple[Layout, ...], domain: Domain, make: Make = _plain) -> tuple[CoursePart, ...]:
    """Return the three gradients of a backward pass."""
    return tuple(
        CoursePart(target, label, layouts, domain=domain, make=make)
        for target, label in (("conv2d_input", "dx"), ("conv2d_weight", "dw"), ("conv2d_bias", "db"))
    )


def _window(name: str, known: dict[str, Parameters], target: JudgedFunction, layouts: Sequence[Layout]) -> list[Form]:
    """conv_single_step(a_slice_prev, W, b): one window and one filter, whose bias is (1, 1, 1)."""
    step = Step(name, (Argument("input"), Argument("weight"), Argument("bias", "", "11F")))
    return [Form(target, layouts[0], (step,), (0,))]


WINDOW = Domain("window", "windows", lambda g: g.input == g.kernel, lambda s: s._replace(input=s.kernel))


def _in_memory(*, reverse: bool) -> Make:
    """minitorch's functions on flat memory, which write into `out`."""

    def make(name: str, known: dict[str, Parameters], target: JudgedFunction, layouts: Sequence[Layout]) -> list[Form]:
        def array(role: str) -> list[Argument]:
            return [
                Argument(role, "", "flat"),
                *(Argument("ints", "", "", (role, what)) for what in ("shape", "strides")),
            ]

        out = [
            Argument("made", "", "", ("grad_output", "")),
            *array("grad_output")[1:],
            Argument("size", "", "", "grad_output"),
        ]
        order = (*out, *array("input"), *array("weight"), Argument("constant", "", "", reverse))
        return [Form(target, layouts[0], (Step(name, order),), (("out",),), flat=True)]

    return make


def _dlsys_function(
    name: str, known: dict[str, Parameters], target: JudgedFunction, layouts: Sequence[Layout]
) -> list[Form]:
    """conv(a, b, stride=1, padding=1): the names of the arrays say nothing."""
    call = Step(
        name,
        (Argument("input"), Argument("weight"), Argument("stride", "stride"), Argument("padding", "padding")),
        keep="result",
    )
    return [Form(target, layouts[0], (call,), (0,))]


def _dlsys(name: str, known: dict[str, Parameters], target: JudgedFunction, layouts: Sequence[Layout]) -> list[Form]:
    """class Conv(stride, padding) with compute(A, B), on the course's own array class."""
    made = Step(name, (Argument("stride"), Argument("padding")), keep="object")
    found = []
    for style in ("own", ""):
        call = Step(("object", "compute"), (Argument("input", "", style), Argument("weight", "", style)), keep="result")
        found.append(Form(target, layouts[0], (made, call), (0,)))
    return found


def _dlsys_gradient(
    name: str, known: dict[str, Parameters], target: JudgedFunction, layouts: Sequence[Layout]
) -> list[Form]:
    """gradient(out_grad, node), a pair for the node's two inputs."""
    if "gradient" not in known[name].get("methods", {}):
        return []
    made = Step(name, (Argument("stride"), Argument("padding")), keep="object")
    found = []
    for style in ("", "own"):
        node = Argument("node", "", "", (Argument("input", "", style), Argument("weight", "", style)))
        call = Step(("object", "gradient"), (Argument("grad_output", "", style), node), keep="back")
        found.append(Form(target, layouts[0], (made, call), (PLACES[target.operation],)))
    return found


def _named_line(name: str) -> tuple[AskedConvention, Domain, dict[str, int]]:
    """conv_KERNEL_STRIDE_DILATION_zp: what the name says."""
    kernel, stride, dilation = (int(n) for n in re.findall(r"\d+", name))
    return AskedConvention(size="centred"), fixed_kernel(1, kernel), {"stride": stride, "dilation": dilation}


PLANES_OR_COLOUR = (PLANE, COLOUR)
COURSES: dict[str, Course] = {
    c.name: c
    for c in (
        Course("cs231n", "Stanford CS231n, assignment 2, and Michigan EECS 498, assignment 3", (
            CourseFunction(r"conv_forward_(naive|im2col|strides|fast)", "x w b conv_param", (CoursePart("conv2d", domain=DIVIDES),)),
            CourseFunction(r"conv_backward_(naive|im2col|strides|fast)", "dout cache", gradients((BATCH,), DIVIDES)),
            CourseFunction(r"Conv", "x w b conv_param", (CoursePart("conv2d", "forward", domain=DIVIDES),
                           *(p for p in gradients((BATCH,), DIVIDES)))),
        )),
        Course("dls", "deeplearning.ai, Convolutional Neural Networks, week 1", (
            CourseFunction(r"conv_single_step", "a_slice_prev W b", (CoursePart("conv2d", layouts=(Layout("HWC", "HWI", ""),), domain=both(SQUARE, WINDOW), make=_window),)),
            CourseFunction(r"conv_forward", "A_prev W b hparameters", (CoursePart("conv2d", layouts=(CHANNELS_LAST,), domain=SQUARE),)),
            CourseFunction(r"conv_backward", "dZ cache", gradients((CHANNELS_LAST,), both(SQUARE, DIVIDES))),
        )),
        Course("minitorch", "minitorch, module 4", (
            CourseFunction(r"_?tensor_conv2d", "out input weight reverse", (
                CoursePart("conv2d", "", conventions=(AskedConvention(size="first"),), make=_in_memory(reverse=False)),
                CoursePart("conv2d", "reverse", conventions=(AskedConvention(flip=True, size="last"),), make=_in_memory(reverse=True)))),
            CourseFunction(r"_?tensor_conv1d", "out input weight reverse", (
                CoursePart("conv2d", "", (LINES,), (AskedConvention(size="first"),), make=_in_memory(reverse=False)),
                CoursePart("conv2d", "reverse", (LINES,), (AskedConvention(flip=True, size="last"),), make=_in_memory(reverse=True)))),
            CourseFunction(r"Conv2dFun", "ctx input weight", tuple(
                CoursePart(target, label, conventions=(AskedConvention(size="first"),))
                for target, label in (("conv2d", "forward"), ("conv2d_input", "dx"), ("conv2d_weight", "dw")))),
        )),
        Course("dlsys", "CMU 10-414, homework 4", (
            CourseFunction(r"conv", "a b stride padding", (CoursePart("conv2d", layouts=(CHANNELS_LAST,), domain=SQUARE, make=_dlsys_function),)),
            CourseFunction(r"Conv", "A B", (CoursePart("conv2d", "compute", (CHANNELS_LAST,), domain=SQUARE, make=_dlsys),
                           *gradients((CHANNELS_LAST,), both(SQUARE, DIVIDES), _dlsys_gradient)[:2])),
        )),
        Course("arena", "ARENA 0.2", (
            CourseFunction(r"conv1d_minimal_simple", "x weights", (CoursePart("conv2d", layouts=(LINE,)),)),
            CourseFunction(r"conv1d(_minimal)?", "x weights", (CoursePart("conv2d", layouts=(LINES,)),)),
            CourseFunction(r"conv2d(_minimal)?", "x weights", (CoursePart("conv2d"),)),
        )),
        Course("udl", "Understanding Deep Learning, notebooks 10.1 and 10.3", (
            CourseFunction(r"conv_\d_\d_\d_zp", "x_in omega", (CoursePart("conv2d", layouts=(LINE,)),)),
            CourseFunction(r"conv_numpy_[12]", "image weights", (CoursePart("conv2d", domain=Domain("one", "one image, channel and filter", most=(1, 1, 1))),)),
            CourseFunction(r"conv_numpy_3", "image weights", (CoursePart("conv2d", domain=Domain("batch=1", "one image", most=(1, 99, 99))),)),
            CourseFunction(r"conv_numpy_4", "image weights", (CoursePart("conv2d"),)),
        )),
        Course("d2l", "Dive into Deep Learning", (
            CourseFunction(r"corr2d", "X K", (CoursePart("conv2d", layouts=(PLANE,)),)),
            CourseFunction(r"corr2d_multi_in", "X K", (CoursePart("conv2d", layouts=(Layout("CHW", "IHW", "HW"),)),)),
            CourseFunction(r"corr2d_multi_in_out", "X K", (CoursePart("conv2d", layouts=(Layout("CHW", "OIHW", "OHW"),)),)),
            CourseFunction(r"corr2d_multi_in_out_1x1", "X K", (CoursePart("conv2d", layouts=(Layout("CHW", "OIHW", "OHW"),), domain=fixed_kernel(1, 1)),)),
        )),
        Course("dlfs", "Deep Learning from Scratch, and DeZero", (
            CourseFunction(r"Convolution", "W b stride pad x", (CoursePart("conv2d", "forward"), *gradients((BATCH,), DIVIDES))),
            CourseFunction(r"conv2d_simple", "x W b stride pad", (CoursePart("conv2d"),)),
        )),
        Course("cs131", "Stanford CS131, homework 1", (
            CourseFunction(r"conv_(nested|fast|faster)", "image kernel", (CoursePart("conv2d", layouts=(PLANE,), conventions=(TRUE_SAME,), domain=ODD),)),
        )),
        Course("cornell", "Cornell CS5670, project 1", (
            CourseFunction(r"cross_correlation_2d", "img kernel", (CoursePart("conv2d", layouts=(PLANE,), conventions=(AskedConvention(size="same"),), domain=ODD),
                           CoursePart("conv2d", "RGB", (COLOUR,), (AskedConvention(size="same"),), COLOURS))),
            CourseFunction(r"convolve_2d", "img kernel", (CoursePart("conv2d", layouts=(PLANE,), conventions=(TRUE_SAME,), domain=ODD),
                           CoursePart("conv2d", "RGB", (COLOUR,), (TRUE_SAME,), COLOURS))),
        )),
        Course("imfilter", "Georgia Tech CS6476 and Brown CSCI1430, project 1", (
            CourseFunction(r"my_imfilter|my_conv2d_numpy", "image", (CoursePart("conv2d", layouts=(COLOUR, Layout("NHW", "HW", "NHW"), PLANE),
                           conventions=tuple(AskedConvention(flip, "same", b) for flip in (False, True) for b in ("zeros", "reflect", "symmetric")), domain=ODD),)),
        )),
        Course("raschka", "Raschka, Machine Learning with PyTorch and Scikit-Learn, chapter 14", (
            CourseFunction(r"conv2d", "X W p s", (CoursePart("conv2d", layouts=(PLANE,), conventions=(AskedConvention(flip=True),)),)),
            CourseFunction(r"conv1d", "x w p s", (CoursePart("conv2d", layouts=(LINE,), conventions=(AskedConvention(flip=True),)),)),
        )),
    )
}  # fmt: skip


def courses_of(known: dict[str, Parameters]) -> list[Course]:
    """Return the courses whose functions the hand-in has by name and parameters, those with the most first; ties together."""
    counts = {course.name: course.likeness(known) for course in COURSES.values()}
    most = max(counts.values(), default=0)
    return [COURSES[name] for name, count in counts.items() if count == most and most]


def parts_of(
    course: Course, known: dict[str, Parameters]
) -> Iterator[tuple[str, str, CoursePart, list[Form], dict[str, int]]]:
    """Yield (name in the file, name in the report, part, forms, fixed options) of everything that a course judges."""
    for name, function in course.found_in(known):
        for part in function.parts:
            target, chosen = TARGETS[part.target], part
            options: dict[str, int] = {}
            if course.name == "udl" and name.endswith("_zp"):
                convention, domain, options = _named_line(name)
                chosen = CoursePart(part.target, part.label, part.layouts, (convention,), domain)
            made = part.make(name, known, target, part.layouts)
            yield name, f"{name} [{part.label}]" if part.label else name, chosen, made, options
