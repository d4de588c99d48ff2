"""What an edit changes, as the program's own text before and afterwards."""

import ast
import contextlib
from typing import Any

from convolab.verify.repair.edits import Edit, fresh, is_tick

WIDE = 44  # letters of an expression that is shown around what changes
LONGEST = 160


def told_together(edits: tuple[Edit, ...], source: bytes) -> list[dict[str, Any]]:
    """Return what several edits change: those that are shown in one expression as one."""
    lines = source.splitlines(keepends=True)
    groups: dict[int, list[Edit]] = {}
    for edit in edits:
        groups.setdefault(id(edit) if edit.said else id(_shown(edit, lines)), []).append(edit)
    return [_told_as_one(some, lines) if len(some) > 1 else told(some[0], source) for some in groups.values()]


def _told_as_one(edits: list[Edit], lines: list[bytes]) -> dict[str, Any]:
    """Return what several edits change in one expression."""
    shown = _shown(edits[0], lines)
    for edit in edits:
        edit.make()
    try:
        after = _bare(ast.unparse(_clean(shown)), shown, _segment(shown, lines))
    finally:
        for edit in reversed(edits):
            edit.undo()
    return {"line": shown.lineno, "reads": _short(_segment(shown, lines)), "with": _short(after)}


def told(edit: Edit, source: bytes) -> dict[str, Any]:
    """Return an edit's line, what stands there, and what would stand there; or what becomes of the statement."""
    lines = source.splitlines(keepends=True)
    if edit.said:
        beside = edit.beside.lineno if edit.beside is not None else 0
        block, reads = type(edit.beside).__name__, _short(_first_line(edit.node, lines))
        return {"line": edit.line, "reads": reads, "said": edit.said, "beside": beside, "block": block}
    shown = _shown(edit, lines)
    before = _segment(shown, lines)
    edit.make()
    try:
        new = edit.puts[0][1]
        after = (
            _bare(written(new, before), new, before) if shown is edit.node else _after(shown, edit, new, before, lines)
        )
    finally:
        edit.undo()
    return {
        "line": getattr(shown, "lineno", edit.line),
        "reads": _short(before),
        "with": _short(after),
        "kind": edit.kind,
    }


def _shown(edit: Edit, lines: list[bytes]) -> Any:
    """Return the largest expression around an edit that is short enough to be shown."""
    shown = edit.node
    for above in (a for a in edit.above if not isinstance(a, ast.keyword)):
        if not isinstance(above, ast.expr) or isinstance(above, ast.Starred) or len(_segment(above, lines)) > WIDE:
            break
        shown = above
    return shown


def _after(shown: Any, edit: Edit, new: Any, before: str, lines: list[bytes]) -> str:
    """Return an expression's text with the edit in it, in the program's own spelling where that means the same."""
    start, end = _offset(edit.node, lines, shown), _offset(edit.node, lines, shown, at_end=True)
    raw = _raw(shown, lines)
    wanted = ast.dump(_clean(shown))
    said = written(new, before)
    bare = [said[1:-1]] if isinstance(new, ast.Tuple) and raw[start : start + 1] != b"(" else []
    for text in (*bare, said, f"({said})"):
        whole = " ".join((raw[:start] + text.encode() + raw[end:]).decode(errors="replace").split())
        with contextlib.suppress(SyntaxError, ValueError):
            if ast.dump(ast.parse(f"({whole})", mode="eval").body) == wanted:
                return whole
    return ast.unparse(_clean(shown))


def _bare(text: str, node: Any, before: str) -> str:
    """Return a text without the brackets around a tuple, where the program's own has none."""
    return text[1:-1] if isinstance(node, ast.Tuple) and not before.startswith("(") and text.startswith("(") else text


def written(node: Any, like: str) -> str:
    """Return a node's text, with the quotation marks that stand in another text, and without brackets around tests."""
    node = _clean(node)
    if isinstance(node, ast.BoolOp):
        parts = [
            f"({written(v, like)})" if isinstance(v, ast.BoolOp | ast.IfExp) else written(v, like) for v in node.values
        ]
        return f" {'and' if isinstance(node.op, ast.And) else 'or'} ".join(parts)
    if (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and '"' in like
        and not {'"', "\\"} & set(node.value)
    ):
        return f'"{node.value}"'
    return ast.unparse(node)


class _Cleaner(ast.NodeTransformer):
    def visit_comprehension(self, node: ast.comprehension) -> Any:
        kept = [i for i in node.ifs if not is_tick(i)]
        return self.generic_visit(ast.comprehension(node.target, node.iter, kept, node.is_async))


def _clean(node: Any) -> Any:
    """Return a copy of an expression without what counts rounds."""
    return _Cleaner().visit(fresh(node))


def _place(lines: list[bytes], line: int, column: int) -> int:
    return sum(len(text) for text in lines[: line - 1]) + column


def _offset(node: Any, lines: list[bytes], shown: Any, *, at_end: bool = False) -> int:
    """Return how many bytes behind the beginning of what is shown a node begins or ends."""
    at = (node.end_lineno, node.end_col_offset) if at_end else (node.lineno, node.col_offset)
    return _place(lines, *at) - _place(lines, shown.lineno, shown.col_offset)


def _raw(node: Any, lines: list[bytes]) -> bytes:
    whole = b"".join(lines)
    return whole[_place(lines, node.lineno, node.col_offset) : _place(lines, node.end_lineno, node.end_col_offset)]


def _segment(node: Any, lines: list[bytes]) -> str:
    """Return a node's own text on one line."""
    return " ".join(_raw(node, lines).decode(errors="replace").split())


def _first_line(node: Any, lines: list[bytes]) -> str:
    return (
        lines[node.lineno - 1].decode(errors="replace").strip()
        if isinstance(node, ast.For | ast.While | ast.If | ast.With)
        else _segment(node, lines)
    )


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
