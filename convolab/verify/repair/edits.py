"""An edit: what is put into which places of a syntax tree, and how it is taken out again."""

import ast
from dataclasses import dataclass, field
from typing import Any

TICK = "__convolab_tick__"  # the name of what counts the rounds of loops in a program that is tried


@dataclass(frozen=True)
class Slot:
    """Where a node stands: in a field of its owner, at a number where that is a list."""

    owner: ast.AST
    name: str
    number: int | None = None

    def put(self, value: Any) -> Any:
        """Put something there; return what was there."""
        if self.number is None:
            before = getattr(self.owner, self.name)
            setattr(self.owner, self.name, value)
            return before
        listed = getattr(self.owner, self.name)
        before, listed[self.number] = listed[self.number], value
        return before


@dataclass(frozen=True)
class Edit:
    """One small change.

    Attributes
    ----------
    kind : str
        The rule that proposes it.
    cost : int
        How unlikely it is; the cheapest that is right is shown.
    node : AST
        The node that it replaces, or the statement that it moves.
    puts : tuple of (Slot, Any)
        What goes where.
    said : str
        What becomes of a statement: `deleted`, `before` (a loop or a condition), …; empty for an expression.
    beside : AST, optional
        The statement that `said` speaks of.
    above : tuple of AST
        What an expression stands in, the nearest first.
    """

    kind: str
    cost: int
    node: Any
    puts: tuple[tuple[Slot, Any], ...]
    said: str = ""
    beside: Any = None
    above: tuple[Any, ...] = ()
    undone: list[tuple[Slot, Any]] = field(default_factory=list, compare=False, repr=False)

    @property
    def line(self) -> int:
        """The line on which it begins, counted from 1."""
        return int(getattr(self.node, "lineno", 0))

    def make(self) -> None:
        """Change the tree."""
        for place, value in self.puts:
            self.undone.append((place, place.put(value)))

    def undo(self) -> None:
        """Change it back."""
        while self.undone:
            place, value = self.undone.pop()
            place.put(value)


def is_tick(node: Any) -> bool:
    """Return whether a node was put in to count rounds, and is not the program's own."""
    call = node.value if isinstance(node, ast.Expr) else node
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == TICK


def fresh(node: Any) -> Any:
    """Return a copy of a tree that has no place in a file yet."""
    if isinstance(node, list):
        return [fresh(n) for n in node]
    if not isinstance(node, ast.AST):
        return node
    return type(node)(**{name: fresh(value) for name, value in ast.iter_fields(node)})
