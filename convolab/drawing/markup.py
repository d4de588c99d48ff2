"""How does a notebook show a result? As a table with its caption, and a picture with its words, in any theme.

Everything is styled in place, because a page's style sheet would reach the rest of the notebook; letters have the
notebook's own colour, and a picture is an image of its own, which follows light and dark by itself.
"""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape

from convolab.drawing.drawing import Drawing
from convolab.drawing.shapes import with_minus
from convolab.palette import VERDICTS

_LINE = "1px solid rgba(128,128,128,.35)"
_CELL = f"padding:.2rem .7rem;border:0;border-bottom:{_LINE};background:none;color:inherit"


def block(*parts: str) -> str:
    """Return parts under one another."""
    style = "font:14px/1.45 system-ui,sans-serif;color:inherit;max-width:60rem;overflow-x:auto"
    return f'<div style="{style}">{"".join(parts)}</div>'


def paragraph(text: str) -> str:
    return f'<p style="margin:.3rem 0">{escape(with_minus(text))}</p>'


def table(caption: str, headings: Sequence[str], rows: Iterable[Sequence[object]], *, left: int = 1) -> str:
    """Return a table; the first cell of a row is its heading, and all but the first `left` columns are numbers.

    Parameters
    ----------
    caption : str
    headings : sequence of str
    rows : iterable of sequences
        Numbers have true minus signs already, or are whole.
    left : int
        So many columns are words, on the left.
    """
    head = "".join(_cell("th", text, n < left, 'scope="col" ') for n, text in enumerate(headings))
    body = "".join(f"<tr>{_row(row, left)}</tr>" for row in rows)
    title = f'<caption style="caption-side:top;text-align:left;padding:.3rem .7rem;color:inherit">{escape(caption)}'
    style = "border-collapse:collapse;margin:.3rem 0;width:auto;font-variant-numeric:tabular-nums;color:inherit"
    return f'<table style="{style}">{title}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _row(row: Sequence[object], left: int) -> str:
    first, *others = row
    cells = [_cell("th", first, True, 'scope="row" ')]
    return "".join([*cells, *(_cell("td", value, n < left) for n, value in enumerate(others, start=1))])


def _cell(kind: str, content: object, is_left: bool, more: str = "") -> str:
    style = f"{_CELL};text-align:{'left' if is_left else 'right'}" + (";font-weight:600" if kind == "th" else "")
    return f'<{kind} {more}style="{style}">{escape(str(content))}</{kind}>'


def picture(drawing: Drawing) -> str:
    """Return a drawing as an image that says in words what it shows."""
    address = f"data:image/svg+xml;base64,{b64encode(drawing.svg().encode()).decode()}"
    style = "max-width:100%;height:auto;margin:.4rem 0"
    return f'<img alt="{escape(drawing.label)}" width="{drawing.width:.0f}" style="{style}" src="{address}">'


def badge(status: str, text: str = "") -> str:
    """Return a verdict in white on its colour, legible on a page of any colour."""
    style = f"background:{VERDICTS[status]};color:#fff;border-radius:.3rem;padding:.05rem .45rem;font-weight:600"
    return f'<span style="{style}">{escape(text or status)}</span>'
