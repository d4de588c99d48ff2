"""What may stand in a call's place: another function, another word or type, other letters; a turn more or less."""

# ruff: noqa: E501 - tables

import ast
from collections.abc import Callable, Iterator
from itertools import pairwise, permutations

from convolab.verify.repair.rules import Meant, Spot, named

# Functions that are taken for one another.
ALIKE = [
    g.split()
    for g in (
        "floor ceil round", "max min", "maximum minimum", "convolve correlate", "convolve2d correlate2d", "zeros ones empty",
        "zeros_like ones_like empty_like", "sum mean prod", "hstack vstack", "repeat tile", "flip fliplr flipud", "dot multiply",
        "matmul multiply", "add subtract", "real abs", "argmax max", "append extend", "outer inner", "fft2 ifft2", "fft ifft",
        "conv2d conv_transpose2d", "fold unfold", "concatenate stack",
    )
]  # fmt: skip
# Words of which one is meant.
WORDS = [
    ["constant", "edge", "reflect", "symmetric", "wrap"],
    ["zeros", "replicate", "reflect", "circular"],
    ["valid", "same", "full"],
    ["C", "F"],
]
WHOLE = frozenset("int int8 int16 int32 int64 uint8 uint16 uint32 uint64 long short int_ integer intp".split())
TURNS = "[::-1];[:, ::-1];[::-1, ::-1];[..., ::-1];[..., ::-1, :];[..., ::-1, ::-1];.T;.swapaxes(-1, -2);.swapaxes(0, 1)".split(
    ";"
)
TENSOR_TURNS = (
    ".flip(-1);.flip(-2);.flip(-2, -1);.flip(0);.flip(1);.flip(0, 1);.transpose(-1, -2);.transpose(0, 1)".split(";")
)
RESHAPES = frozenset("reshape view".split())
AXES_ADDED = {
    **dict.fromkeys(("sum", "mean", "max", "min"), ("axis", ("0", "1", "-1", "(0, 1)", "(1, 2)", "(-2, -1)", "(2, 3)", "(0, 2, 3)"))),
    **dict.fromkeys(("fft2", "ifft2", "rfft2", "irfft2", "fftn", "ifftn"), ("axes", ("(0, 1)", "(1, 2)"))),
    **dict.fromkeys(("flip",), ("axis", ("0", "1", "(0, 1)", "(-2, -1)", "-1"))),
    **dict.fromkeys(("concatenate", "stack", "cumsum", "roll", "repeat"), ("axis", ("0", "1", "2", "3", "-1"))),
}  # fmt: skip
LETTERS = "->"
TYPED = frozenset("zeros ones empty full zeros_like ones_like empty_like full_like array asarray".split())


def called(node: ast.Call) -> str:
    """Return the last part of what is called: `np.zeros` is `zeros`."""
    return (
        node.func.attr
        if isinstance(node.func, ast.Attribute)
        else node.func.id
        if isinstance(node.func, ast.Name)
        else ""
    )


def of_function(spot: Spot) -> Meant:
    """Another function of like kind, with the same arguments."""
    node = spot.node
    if not isinstance(node, ast.Call):
        return
    name = called(node)
    for group in ALIKE:
        for other in group if name in group else ():
            if other != name:
                new = (
                    ast.Attribute(node.func.value, other, ast.Load())
                    if isinstance(node.func, ast.Attribute)
                    else ast.Name(other, ast.Load())
                )
                yield 1, ast.Call(new, node.args, node.keywords)
    yield from _one_by_one(node, name)


def _one_by_one(node: ast.Call, name: str) -> Meant:
    """The whole set again and again, where each is repeated by itself; and the other way round."""
    axis = next((k.value for k in node.keywords if k.arg in ("dim", "axis")), None)
    if not (isinstance(axis, ast.Constant) and axis.value in (0, 1) and isinstance(node.func, ast.Attribute)):
        return
    for axes in (4, 3, 2):
        if name == "repeat_interleave" and len(node.args) == 1:
            counts: list[ast.expr] = [node.args[0] if n == axis.value else ast.Constant(1) for n in range(axes)]
            yield 2, ast.Call(ast.Attribute(node.func.value, "repeat", ast.Load()), counts, [])
        if name == "repeat" and len(node.args) == 2:
            some = ast.Tuple([node.args[1] if n == axis.value else ast.Constant(1) for n in range(axes)], ast.Load())
            yield 2, ast.Call(ast.Attribute(node.func.value, "tile", ast.Load()), [node.args[0], some], [])


def of_arguments(spot: Spot) -> Meant:
    """A call without its last argument, without a keyword, or with the axes or the type that it lacks."""
    node = spot.node
    if not isinstance(node, ast.Call):
        return
    for n, keyword in enumerate(node.keywords):
        if keyword.arg is not None:
            yield 2, ast.Call(node.func, node.args, node.keywords[:n] + node.keywords[n + 1 :])
    if len(node.args) > 1:
        yield 3, ast.Call(node.func, node.args[:-1], node.keywords)
    name, given = called(node), {k.arg for k in node.keywords}
    word, values = AXES_ADDED.get(name, ("", ()))
    if word and not given & {"axis", "axes", "dim", "dims"}:
        yield from ((3, ast.Call(node.func, node.args, [*node.keywords, ast.keyword(word, named(v))])) for v in values)
    if name in TYPED and "dtype" not in given and not spot.torch:
        yield 2, ast.Call(node.func, node.args, [*node.keywords, ast.keyword("dtype", named("float"))])
    if name in ("range", "prange"):
        yield from _ranges(spot, node)


def _ranges(spot: Spot, node: ast.Call) -> Meant:
    """A range that begins elsewhere, or takes other steps."""
    if len(node.args) == 1:
        yield 2, ast.Call(node.func, [ast.Constant(1), node.args[0]], [])
        yield from ((2, ast.Call(node.func, [ast.Constant(0), node.args[0], named(o)], [])) for o in spot.scope.options)
    elif len(node.args) == 2:
        yield 1, ast.Call(node.func, [ast.Constant(0), node.args[1]], [])
        yield from ((2, ast.Call(node.func, [*node.args, named(o)], [])) for o in spot.scope.options)


def of_word(spot: Spot) -> Meant:
    """Another word of those that are given as text; other letters in what einsum is told."""
    node = spot.node
    if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        return
    for group in WORDS:
        yield from ((1, ast.Constant(word)) for word in (group if node.value in group else ()) if word != node.value)
    if LETTERS in node.value and len(node.value) < 60:
        yield from ((1 + (node.value.count(" ") > 9), ast.Constant(text)) for text in _lettered(node.value))


def _lettered(text: str) -> Iterator[str]:
    """Yield a text for einsum with one letter in place of another, or two exchanged."""
    at = [n for n, c in enumerate(text) if c.isalpha()]
    letters = list(dict.fromkeys(text[n] for n in at))
    seen = {text}
    for a, b in pairwise(at):
        if b == a + 1 and (new := text[:a] + text[b] + text[a] + text[b + 1 :]) not in seen:
            seen.add(new)
            yield new
    for n in at:
        for letter in letters:
            if (new := text[:n] + letter + text[n + 1 :]) not in seen:
                seen.add(new)
                yield new


def of_type(spot: Spot) -> Meant:
    """A floating type in place of a whole-numbered one."""
    node, parent = spot.node, spot.parent
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    keyword = any(isinstance(a, ast.keyword) and a.arg == "dtype" for a in spot.above[:2])
    given = isinstance(parent, ast.Call) and called(parent) in ("astype", *TYPED) and node is not parent.func
    if name in WHOLE and (keyword or given):
        yield 1, named("torch.float32" if spot.torch else "float")


def of_wrapping(spot: Spot) -> Meant:
    """What is called with something, or taken out of it, in place of the call: without a flip, a cast, a transposition."""
    node = spot.node
    if isinstance(node, ast.Call) and called(node) not in ("range", "prange", "len", "enumerate", "zip"):
        if isinstance(node.func, ast.Attribute) and not _is_module(node.func.value):
            yield 2, node.func.value
        if node.args and not isinstance(node.args[0], ast.Starred | ast.Constant):
            yield 2, node.args[0]
    elif isinstance(node, ast.Subscript) and not spot.is_store:
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if any(isinstance(i, ast.Slice) for i in inner):
            yield 2, node.value
    elif isinstance(node, ast.Attribute) and node.attr in ("T", "mT", "real"):
        yield 2, node.value


def _is_module(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in (
        "np",
        "numpy",
        "torch",
        "F",
        "math",
        "jnp",
        "jax",
        "scipy",
        "signal",
        "ndimage",
        "nb",
        "lax",
    )


def of_turn(spot: Spot) -> Meant:
    """An array that is turned, or whose axes are exchanged, before it is used."""
    node, parent, scope = spot.node, spot.parent, spot.scope
    if not isinstance(node, ast.Name) or spot.is_store or isinstance(parent, ast.keyword):
        return
    if isinstance(parent, ast.Attribute) and parent.attr in ("shape", "ndim", "size", "dtype"):
        return
    if node.id not in scope.arrays and node.id not in scope.parameters:
        return
    if node.id in scope.options or (isinstance(parent, ast.Call) and node is parent.func):
        return
    indexed = isinstance(parent, ast.Subscript) and node is parent.value
    for turn in TENSOR_TURNS if spot.torch else TURNS:
        yield (4 if indexed else 3), named(f"{node.id}{turn}")


def of_axes_moved(spot: Spot) -> Meant:
    """Axes that are exchanged before a reshaping, or at the end."""
    node, parent = spot.node, spot.parent
    reshaped = (
        isinstance(parent, ast.Attribute) and parent.attr in RESHAPES and node is parent.value
        and len(spot.above) > 1 and isinstance(spot.above[1], ast.Call)
    )  # fmt: skip
    if not isinstance(node, ast.expr) or not (
        reshaped or (isinstance(parent, ast.Return) and not isinstance(node, ast.Tuple))
    ):
        return
    method = "permute" if spot.torch else "transpose"
    for count in (4, 3, 2):
        for order in permutations(range(count)):
            if list(order) != sorted(order):
                yield 3, ast.Call(ast.Attribute(node, method, ast.Load()), [ast.Constant(n) for n in order], [])


def of_reshaping(spot: Spot) -> Meant:
    """A reshaping into the order in which the elements lie, whose axes are exchanged afterwards."""
    node = spot.node
    if not (isinstance(node, ast.Call) and called(node) in RESHAPES and isinstance(node.func, ast.Attribute)):
        return
    in_tuple = len(node.args) == 1 and isinstance(node.args[0], ast.Tuple)
    sizes: list[ast.expr] = (
        list(node.args[0].elts) if in_tuple and isinstance(node.args[0], ast.Tuple) else list(node.args)
    )
    if not 1 < len(sizes) < 7:
        return

    def shaped(some: list[ast.expr]) -> ast.expr:
        return ast.Call(node.func, [ast.Tuple(some, ast.Load())] if in_tuple else some, [])

    last = len(sizes) - 1
    for a in range(last):
        swapped = [*sizes[:a], sizes[a + 1], sizes[a], *sizes[a + 2 :]]
        yield (
            2,
            ast.Call(
                ast.Attribute(shaped(swapped), "swapaxes", ast.Load()), [ast.Constant(a), ast.Constant(a + 1)], []
            ),
        )
    if last > 1:
        moved, back = [sizes[0], *sizes[2:], sizes[1]], [0, last, *range(1, last)]
        yield (
            2,
            ast.Call(
                ast.Attribute(shaped(moved), "permute" if spot.torch else "transpose", ast.Load()),
                [ast.Constant(n) for n in back],
                [],
            ),
        )


def of_copy(spot: Spot) -> Meant:
    """A copy in place of the same array under a second name."""
    node, parent = spot.node, spot.parent
    if isinstance(node, ast.Name) and isinstance(parent, ast.Assign) and node is parent.value:
        yield 2, named(f"{node.id}.{'clone' if spot.torch else 'copy'}()")


CALLS: dict[str, Callable[[Spot], Meant]] = {
    "function": of_function, "argument": of_arguments, "word": of_word, "type": of_type, "wrapping": of_wrapping, "turn": of_turn,
    "moved axes": of_axes_moved, "reshaping": of_reshaping, "copy": of_copy,
}  # fmt: skip
