"""A program whose statements can be run again with a few edits, and whose loops are counted: none goes on for ever."""

import __future__

import ast
import contextlib
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from convolab.verify.repair.candidates import candidates
from convolab.verify.repair.edits import TICK, Edit

COMPILED = re.compile(r"\b(n|cuda_)?jit\b|\bvectorize\b|\bguvectorize\b|\bstencil\b|torch\.compile")
LOOPS = (ast.For, ast.While, ast.FunctionDef)
TORCH = re.compile(r"\btorch\b")


class TooManyRounds(BaseException):
    """A loop goes on longer than any right one."""


class EditedProgram:
    """The functions and classes of a file, as Python, without compilers; with edits.

    Parameters
    ----------
    module : module
        What the file has defined.
    path : str
    """

    def __init__(self, module: Any, path: str) -> None:
        self._module, self._path = module, path
        with open(path, "rb") as file:  # noqa: PTH123 - few imports here
            self.source = file.read()
        tree = ast.parse(self.source, path)
        future = any(isinstance(s, ast.ImportFrom) and s.module == "__future__" for s in tree.body)
        self._flags = __future__.annotations.compiler_flag if future else 0
        defined = {s.name for s in tree.body if isinstance(s, ast.FunctionDef | ast.ClassDef)}
        self.statements = [s for s in tree.body if _is_run_again(s, defined)]
        self.torch = bool(TORCH.search(self.source.decode(errors="replace")))
        for statement in self.statements:
            _without_compilers(statement)
            _count_rounds(statement)
        self._codes = [self._compiled(s) for s in self.statements]
        self.lines: set[int] = set()
        self.changes: list[tuple[Edit, ...]] = []
        self.rounds = 0

    def list_changes(self) -> None:
        """Propose the changes of what has run."""
        self.changes = candidates(self.statements, self.lines, torch=self.torch)

    def _compiled(self, statement: ast.stmt) -> Any:
        return compile(ast.Module([statement], []), self._path, "exec", self._flags, dont_inherit=True)

    @contextlib.contextmanager
    def changed(self, numbers: Sequence[int], most: int) -> Iterator[None]:
        """Run the file's functions with some changes meanwhile; a loop that goes on for more than `most` rounds raises.

        Raises
        ------
        Exception
            Whatever the program raises where its functions are defined.
        """
        space = self._module.__dict__
        before = dict(space)
        edits = [edit for number in numbers for edit in self.changes[number]]
        made: list[Edit] = []
        try:
            for edit in edits:
                made.append(edit)
                edit.make()
            touched = {
                n for n, s in enumerate(self.statements) for e in edits if s.lineno <= e.line <= (s.end_lineno or 0)
            }
            codes = [self._compiled(s) if n in touched else self._codes[n] for n, s in enumerate(self.statements)]
        finally:
            for edit in reversed(made):
                edit.undo()
        try:
            space[TICK] = self._counter(most)
            for code in codes:
                exec(code, space)
            yield
        finally:
            space.clear()
            space.update(before)

    def _counter(self, most: int) -> Callable[[], bool]:
        """Return what is called once a round."""
        self.rounds = 0

        def count() -> bool:
            self.rounds += 1
            if self.rounds > most:
                raise TooManyRounds("its loops do not end")
            return True

        return count

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        """Note the lines that run meanwhile."""

        def line(frame: Any, event: str, argument: Any) -> Any:
            self.lines.add(frame.f_lineno)
            return line

        def called(frame: Any, event: str, argument: Any) -> Any:
            return line(frame, event, argument) if frame.f_code.co_filename == self._path else None

        before = sys.gettrace()
        sys.settrace(called)
        try:
            yield
        finally:
            sys.settrace(before)


def _is_run_again(statement: ast.stmt, defined: set[str]) -> bool:
    """Return whether a statement of a module only defines something: functions, constants, other names for them."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return True
    if not isinstance(statement, ast.Assign) or not all(isinstance(t, ast.Name | ast.Tuple) for t in statement.targets):
        return False
    value = statement.value
    if isinstance(value, ast.Lambda):
        return True
    if isinstance(value, ast.Call):
        return bool(COMPILED.search(ast.unparse(value.func))) and len(value.args) == 1
    root: Any = value
    while isinstance(root, ast.Attribute):
        root = root.value
    if isinstance(root, ast.Name):
        return root.id in defined
    return all(
        isinstance(
            n,
            ast.Constant
            | ast.Tuple
            | ast.List
            | ast.Dict
            | ast.UnaryOp
            | ast.BinOp
            | ast.operator
            | ast.unaryop
            | ast.Load,
        )
        for n in ast.walk(value)
    )


def _without_compilers(statement: ast.stmt) -> None:
    """Take away what would compile a function, which is changed too often for that."""
    for node in ast.walk(statement):
        if isinstance(node, ast.FunctionDef):
            node.decorator_list = [d for d in node.decorator_list if not COMPILED.search(ast.unparse(d))]
    if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call):
        statement.value = statement.value.args[0]


def _count_rounds(statement: ast.stmt) -> None:
    """Count each call and each round of a loop, in comprehensions too."""
    for node in list(ast.walk(statement)):
        if isinstance(node, LOOPS):
            first = int(isinstance(node, ast.FunctionDef) and ast.get_docstring(node, clean=False) is not None)
            node.body.insert(first, ast.copy_location(ast.Expr(_tick(node.body[0])), node.body[0]))
        elif isinstance(node, ast.comprehension):
            node.ifs.insert(0, _tick(node.target))


def _tick(like: Any) -> ast.expr:
    return ast.fix_missing_locations(ast.copy_location(ast.Call(ast.Name(TICK, ast.Load()), [], []), like))
