"""What a hand-in has: its functions and classes with their parameters, and what happened while it was loaded."""

import __future__

import ast
import contextlib
import inspect
import linecache
import sys
import textwrap
import types
from collections.abc import Callable
from typing import Any

MOST_NAMES, MOST_NOTES, DOC_LENGTH, TEXT_LENGTH = 200, 20, 2000, 80
PLAIN = (int, float, str, bool, type(None))
FUTURE = sum(getattr(__future__, name).compiler_flag for name in ("annotations",))


def load(
    path: str,
    wanted: list[str],
    calling: Any,
    name: str = "hand_in",
    prepared: Callable[[Any], Any] = lambda tree: tree,
    is_program: bool = False,
) -> dict[str, Any]:
    """Run a file statement by statement, and say what it has; a statement that raises costs itself alone.

    `name` is what the file calls itself, and `prepared` may change its tree before it runs. Of a file that is run as a
    program, `exit()` is the end, and nothing to note.
    """
    calling.HAND_IN["path"] = path
    module = types.ModuleType(name)
    module.__file__ = path
    sys.modules["hand_in"] = calling.HAND_IN["module"] = module
    linecache.checkcache(path)
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - few imports here
            source = file.read()
        tree = prepared(ast.parse(source, path))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return {"error": _syntax(error, calling)}
    notes = _run(tree, path, module, calling, is_program=is_program)
    found = {name: describe(f) for name, f in _named(module, wanted).items()}
    return {
        "functions": found,
        "torch": "torch" in sys.modules,
        "notes": notes[:MOST_NOTES],
        "doc": _text(module.__doc__),
    }


def _syntax(error: BaseException, calling: Any) -> dict[str, Any]:
    said: dict[str, Any] = calling.complaint(error)
    line = getattr(error, "lineno", None)
    return (
        {**said, "line": f"line {line}: {(getattr(error, 'text', '') or '').strip()}"}
        if line and not said["line"]
        else said
    )


def _run(
    tree: ast.Module, path: str, module: types.ModuleType, calling: Any, *, is_program: bool
) -> list[dict[str, Any]]:
    """Run the statements of a module in turn; return what those that raised said."""
    notes = []
    future = any(isinstance(s, ast.ImportFrom) and s.module == "__future__" for s in tree.body)
    if ast.get_docstring(tree) is not None:
        module.__doc__ = ast.get_docstring(tree)
    for statement in tree.body:
        try:
            one = compile(ast.Module([statement], []), path, "exec", FUTURE if future else 0, dont_inherit=True)
            exec(one, module.__dict__)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            if is_program and isinstance(error, SystemExit):
                break
            notes.append(calling.complaint(error))
            if isinstance(error, ImportError):
                _stand_in(statement, module)
    _Missing.loading = False
    return notes


class _Missing:
    """What stands for a thing that could not be imported: a base class, an annotation, a decorator.

    While the file is loaded, it gives decorated functions back as they are, so that a compiled function is judged as
    plain Python. Later on whatever uses it raises.
    """

    loading = True

    def __new__(cls, *arguments: Any, **options: Any) -> Any:
        if cls is not _Missing:
            return object.__new__(cls)
        if arguments and isinstance(arguments[0], types.FunctionType):
            return arguments[0]
        if not _Missing.loading:
            raise ImportError("it uses something that could not be imported here")
        return object.__new__(cls)

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        return _Missing(*arguments, **options)

    def __class_getitem__(cls, item: Any) -> Any:
        return cls

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or not _Missing.loading:
            raise AttributeError(f"{name} of something that could not be imported here")
        return _Missing


def _stand_in(statement: ast.stmt, module: types.ModuleType) -> None:
    """Give the names of an import that failed something to stand for them; `prange` is a range."""
    if not isinstance(statement, ast.Import | ast.ImportFrom):
        return
    for alias in statement.names:
        name = alias.asname or alias.name.split(".")[0]
        kind = _Missing() if isinstance(statement, ast.Import) else _Missing
        module.__dict__[name] = range if alias.name == "prange" else module.__dict__.get(name, kind)


def _named(module: types.ModuleType, wanted: list[str]) -> dict[str, Any]:
    """Return what is wanted by name, and whatever else the file itself defines that can be called."""
    found = {}
    for name in [*wanted, *list(module.__dict__)[: 10 * MOST_NAMES]]:
        with contextlib.suppress(Exception):  # a module may answer as it likes
            thing = getattr(module, name, None)
            own = name in wanted or getattr(thing, "__module__", "") == module.__name__
            if callable(thing) and own and not name.startswith("__"):
                found[name] = thing
    return dict(list(found.items())[:MOST_NAMES])


def describe(function: Any) -> dict[str, Any]:
    """Return what is known of a function or a class before it is called: its parameters, its text, its methods."""
    if isinstance(function, type):
        return {"class": True, **_described(function), "methods": _methods(function), "bases": _bases(function)}
    return _described(function)


def _described(function: Any) -> dict[str, Any]:
    try:
        parameters = list(inspect.signature(function).parameters.values())
        tensors = any("Tensor" in str(p.annotation) for p in parameters)
    except Exception:  # of a callable that cannot be looked at, or answers as it likes
        parameters, tensors = None, False
    if parameters is None:
        return {"parameters": [], "unknown": True, "open": True, "tensors": False, "doc": ""}
    axes, parts = _axes(function), _parts(function)
    return {
        "parameters": [
            {**_parameter(p), "axes": axes.get(p.name, []), **parts.get(p.name, {})}
            for p in parameters
            if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)
        ],
        "open": any(p.kind == p.VAR_KEYWORD for p in parameters),
        "tensors": tensors,
        "returns": _returned(function),
        "doc": _text(getattr(function, "__doc__", "")) or _comments(function),
    }


def _comments(function: Any) -> str:
    """Return the comments between a function's header and its first statement, which stand for a docstring."""
    with contextlib.suppress(Exception):  # there may be no source
        source = textwrap.dedent(inspect.getsource(getattr(function, "py_func", function)))
        (node,) = ast.parse(source).body
        first = node.body[0].lineno  # type: ignore[attr-defined]
        lines = [line.strip() for line in source.splitlines()[node.lineno : first - 1]]
        return _text(" ".join(line.lstrip("# ") for line in lines if line.startswith("#")))
    return ""


def _axes(function: Any) -> dict[str, list[str]]:
    """Return what a function calls the sizes of its arguments, where it unpacks a shape: `kh, kw = kernel.shape`."""
    found: dict[str, list[str]] = {}
    with contextlib.suppress(Exception):  # there may be no source
        source = textwrap.dedent(inspect.getsource(getattr(function, "py_func", function)))
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
                array = _whose_shape(node.value)
                names = [e.id for e in node.targets[0].elts if isinstance(e, ast.Name)]
                if array and len(names) == len(node.targets[0].elts):
                    found.setdefault(array, [n[:TEXT_LENGTH] for n in names])
    return found


def _parts(function: Any) -> dict[str, dict[str, list[str]]]:
    """Return what a function takes out of its arguments: `unpacked` into names in order, or by `keys`."""
    found: dict[str, dict[str, list[str]]] = {}
    with contextlib.suppress(Exception):  # there may be no source
        source = textwrap.dedent(inspect.getsource(getattr(function, "py_func", function)))
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple | ast.List):
                names = [e.id for e in node.targets[0].elts if isinstance(e, ast.Name)]
                if isinstance(node.value, ast.Name) and len(names) == len(node.targets[0].elts):
                    found.setdefault(node.value.id, {})["unpacked"] = [n[:TEXT_LENGTH] for n in names]
            if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
                key = getattr(node.slice, "value", None)
                keys = found.setdefault(node.value.id, {}).setdefault("keys", [])
                if isinstance(key, str) and key not in keys:
                    keys.append(key[:TEXT_LENGTH])
    return found


def _returned(function: Any) -> list[str]:
    """Return the names in the tuple that a function returns at its end; none for anything else."""
    with contextlib.suppress(Exception):  # there may be no source
        source = textwrap.dedent(inspect.getsource(getattr(function, "py_func", function)))
        last = ast.parse(source).body[0].body[-1]  # type: ignore[attr-defined]
        if isinstance(last, ast.Return) and isinstance(last.value, ast.Tuple):
            return [_called(e)[:TEXT_LENGTH] for e in last.value.elts]
    return []


def _called(value: ast.expr) -> str:
    """Return a name, or an attribute's."""
    return value.id if isinstance(value, ast.Name) else value.attr if isinstance(value, ast.Attribute) else ""


def _whose_shape(value: ast.expr) -> str:
    """Return the name in `name.shape`, `name.size()` and `np.shape(name)`; an empty text for anything else."""
    inner: ast.expr = value
    if isinstance(value, ast.Attribute) and value.attr == "shape":
        inner = value.value
    elif isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        inner = value.args[0] if value.func.attr == "shape" and value.args else value.func.value
    return inner.id if isinstance(inner, ast.Name) and inner is not value else ""


def _parameter(p: inspect.Parameter) -> dict[str, Any]:
    kinds: dict[Any, str] = {p.POSITIONAL_ONLY: "position", p.KEYWORD_ONLY: "keyword"}
    said = {
        "name": p.name,
        "kind": kinds.get(p.kind, "either"),
        "annotation": "" if p.annotation is p.empty else str(p.annotation)[:TEXT_LENGTH],
    }
    if p.default is not p.empty:
        said["default"] = _plain(p.default)
    return said


def _plain(value: Any) -> Any:
    """Return a default as JSON has it; its type's name in a dict where it is nothing plain."""
    if isinstance(value, PLAIN):
        return value[:TEXT_LENGTH] if isinstance(value, str) else value
    if isinstance(value, tuple | list) and all(isinstance(v, PLAIN) for v in value):
        return list(value)[:9]
    if isinstance(value, dict) and all(isinstance(k, str) and isinstance(v, PLAIN) for k, v in value.items()):
        return {"dict": dict(list(value.items())[:9])}
    return {"type": type(value).__name__[:TEXT_LENGTH]}


def _methods(kind: type) -> dict[str, Any]:
    """Return the methods that a class has of its own, without `self`; a static one says so."""
    found = {}
    for name in dict.fromkeys(n for k in kind.__mro__ if k.__module__ == kind.__module__ for n in vars(k)):
        with contextlib.suppress(Exception):
            raw = inspect.getattr_static(kind, name)
            if callable(getattr(kind, name)) and (not name.startswith("__") or name in ("__call__", "__init__")):
                static = isinstance(raw, staticmethod | classmethod)
                said = _described(getattr(kind, name))
                if not static:
                    said["parameters"] = said["parameters"][1:]
                found[name] = {**said, "static": static}
    return dict(list(found.items())[:MOST_NAMES])


def _bases(kind: type) -> list[str]:
    return [f"{k.__module__}.{k.__qualname__}"[:TEXT_LENGTH] for k in kind.__mro__[1:-1]]


def _text(value: Any) -> str:
    return value[:DOC_LENGTH] if isinstance(value, str) else ""
