"""The table of mistakes is what programs do: each way of each mistake is held to a program that makes it."""

import functools
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from ways import programs

from convolab.definition import mistakes
from convolab.geometry import Geometry, array_shapes
from convolab.verify.plants import STYLES, plants
from convolab.verify.targets import TARGETS, JudgedFunction, option_values

# Small, for every product is a turn of a loop in Python. No two sizes agree that could be taken for each other, except in
# the square ones: some mistakes raise on all others.
PLANES = [((4, 6), (3, 2)), ((6, 4), (2, 3)), ((5, 5), (3, 3)), ((5, 4), (1, 3)), ((4, 4), (4, 4)), ((6, 5), (3, 3))]
VOLUMES = [
    ((4, 6), (3, 2), {"batch": 2, "in_channels": 2, "out_channels": 3}),
    ((6, 5), (2, 3), {"stride": 2, "in_channels": 3, "out_channels": 2}),
    ((5, 5), (3, 3), {"padding": 1, "out_channels": 2}),
    ((5, 6), (3, 3), {"padding": 1, "stride": 2, "batch": 3, "in_channels": 2}),
    ((6, 6), (2, 2), {"dilation": 2, "padding": 1, "batch": 2, "out_channels": 2}),
    ((5, 4), (2, 3), {"padding": 2, "stride": 3}),
]
GROUPED = ((4, 5), (3, 2), {"in_channels": 4, "out_channels": 4, "groups": 2})
ONE_LINE = ((3, 6), (3, 2), {"out_channels": 2})  # of outputs, which a slice may miss
# The table has some of their values: a factor, a constant or a curve of another value is recognised by other means.
OPEN = {"scaled", "not-linear", "constant-output"}
# NumPy raises where it adds several lines into a slice that is cut off to one; where it reads such a slice, the line
# counts for all.
UNMADE = {("input_gradient", "off-by-one", "slice")}


@functools.cache
def questions(target: JudgedFunction, style: str) -> list[tuple[Geometry, dict, np.ndarray]]:
    """What every program of a function is asked: a geometry, arrays, and the right answer."""
    rng, found = np.random.default_rng(0), []
    for n, geometry in enumerate(geometries(target, style)):
        shapes = array_shapes(geometry)
        arrays = {name: numbers(rng, shapes[name], n) for name in target.factors}
        if target.name == "conv2d" and n % 3 != 2:
            arrays["bias"] = numbers(rng, geometry.out_channels, n)
        if n == 3 and "input" in arrays and style != "torch":
            arrays["input"] = rng.integers(0, 256, shapes["input"]).astype(np.uint8)
        if n == 5 and "weight" in arrays:
            arrays["weight"][...] = 0
        expected = mistakes.Variation().evaluate(target.operation, geometry, arrays)[0]
        found.append((geometry, arrays, expected))
    return found


def geometries(target: JudgedFunction, style: str) -> list[Geometry]:
    if target.plane:
        return [Geometry(input, kernel) for input, kernel in PLANES]
    last = ONE_LINE if style == "vectorised" else GROUPED
    return [Geometry(input, kernel, **options) for input, kernel, options in (*VOLUMES, last)]


def numbers(rng, shape, n):
    """Whole numbers, or eighths, none of them 0."""
    return rng.integers(1, 10, shape) * rng.choice([-1, 1], shape) / (1 if n % 2 else 8)


def trials_of(style: str, target: JudgedFunction, source: str) -> Iterator[mistakes.Trial]:
    """What a program answers to each question."""
    names: dict = {}
    exec(STYLES[style].HEAD + source.replace("def NAME(", "def function("), names)
    for geometry, arrays, expected in questions(target, style):
        got, missing = answer(names["function"], style, target, geometry, arrays)
        yield mistakes.Trial(target.operation, geometry, arrays, got, 1e-9, missing, expected)


def answer(function, style, target, geometry, arrays):
    """The answer as (N, C, H, W), or None where it raises; with the elements for which it raises, one at a time."""
    given = {n: torch.from_numpy(a.copy()) if style == "torch" else a.copy() for n, a in arrays.items()}
    sizes = {"input_size": geometry.input_shape, "weight_size": geometry.weight_shape}
    arguments = [sizes[n] if n in sizes else given[n][0, 0] if target.plane else given[n] for n in target.arguments]
    options = {} if target.plane else option_values(geometry)
    if style == "vectorised":
        options.pop("groups", None)
    if "bias" in given:
        options["bias"] = given["bias"]
    if not target.by_position:
        got = result(function, *arguments, **options)
        return (got[None, None] if target.plane and got is not None else got), None
    elements = [result(function, i + 1, j + 1, *arguments) for i, j in np.ndindex(geometry.output)]
    missing = np.array([e is None or e.ndim > 0 for e in elements]).reshape(1, 1, *geometry.output)
    if missing.all():
        return None, None
    values = [0 if e is None or e.ndim else e for e in elements]
    return np.array(values, float).reshape(missing.shape), missing


def result(function, *arguments, **options):
    try:
        with np.errstate(all="ignore"):
            return np.asarray(function(*arguments, **options))
    except (IndexError, ValueError, RuntimeError):
        return None


CODES = [m.code for m in mistakes.CATALOGUE if not m.observed]


@functools.cache
def sources() -> dict[str, list[tuple[JudgedFunction, str, str, str]]]:
    """By its mistake, the function, text, style and edge rule of every program; of a plant the rule is not known."""
    found: dict = {code: [] for code in CODES}
    for style in STYLES:
        for plant in plants(style):
            if plant.code in found:
                found[plant.code].append((TARGETS[plant.target], plant.source, style, ""))
    for code, target, source, edge in programs():
        found[code].append((TARGETS[target], source, "loops", edge))
    return found


class Kept:
    """A way of making a mistake that is computed once for each question, however many programs are compared with it."""

    def __init__(self, way: mistakes.Variation):
        self.way, self.kept = way, {}

    def evaluate(self, operation, geometry, arrays):
        if id(arrays) not in self.kept:
            self.kept[id(arrays)] = self._result(operation, geometry, arrays)
        found = self.kept[id(arrays)]
        if isinstance(found, Exception):
            raise found
        return found

    def _result(self, *question):
        try:
            return self.way.evaluate(*question)
        except (IndexError, ValueError) as error:
            return error


def made(code: str) -> dict[tuple[JudgedFunction, str, str, str], list[int]]:
    """The ways of a mistake that reproduce every answer of each of its programs, by their numbers."""
    found, kept = {}, {o: [Kept(way) for way in mistakes.find(code).ways(o)] for o in mistakes.OPERATIONS}
    for target, source, style, edge in sources()[code]:
        trials = list(trials_of(style, target, source))
        ways = [] if all(t.right for t in trials) else kept[target.operation]
        found[target, source, style, edge] = [n for n, w in enumerate(ways) if all(t.reproduced_by(w) for t in trials)]
    return found


@pytest.mark.parametrize("code", CODES)
def test_every_way_of_a_mistake_is_what_a_program_does_and_every_program_has_its_way(code):
    programs_of_it = made(code)
    assert unmade(code, programs_of_it) == [], "Each needs a program: a plant of verify, or one in tests/ways.py"
    lost = [
        f"{style}, {target.name}, {edge}\n{source}"
        for (target, source, style, edge), numbers in programs_of_it.items()
        if not has_its_way(code, target.operation, edge, numbers)
    ]
    assert lost == [], "\n".join(lost)


def unmade(code: str, programs_of_it: dict) -> list[tuple]:
    """The ways that no program reproduces."""
    there = {(target.operation, n) for (target, *_), numbers in programs_of_it.items() for n in numbers}
    return [
        (operation, n, way.note, way.edge)
        for operation in mistakes.OPERATIONS
        for n, way in enumerate(mistakes.find(code).ways(operation))
        if (operation, n) not in there and (operation, code, way.edge) not in UNMADE
    ]


def has_its_way(code: str, operation: str, edge: str, numbers: list[int]) -> bool:
    """Whether one of these ways reads what lies outside as the program does; of a plant, whether there is one."""
    edges = {mistakes.find(code).ways(operation)[n].edge or "guard" for n in numbers}
    return edge in edges if edge else bool(edges) or code in OPEN
