"""One function's verdict as HTML, styled in place so that any notebook shows it alike."""

# ruff: noqa: E501 - markup

import html
from typing import Any

from convolab.drawing.markup import badge
from convolab.palette import VERDICTS
from convolab.verify.pictures import grids
from convolab.verify.verdict import FunctionReport
from convolab.verify.words import smallest_lines


def function_html(report: FunctionReport, *, hints: bool = False) -> str:
    """Return one function's verdict, styled in place so that any notebook shows it alike."""
    d, escape = report.diagnosis, html.escape
    colour = VERDICTS[report.status]
    head = (
        f"<p style='margin:.6rem 0 .2rem'>{badge(report.status)} "
        f"<code>{escape(report.name)}</code>{f' · <code>{escape(d.code)}</code>' if d else ''}</p>"
    )
    if d is None:
        return head + "".join(f"<p style='margin:.1rem 0'>{escape(n)}</p>" for n in report.notes)
    body = f"<p style='margin:.1rem 0'><b>{escape(d.title)}.</b> {escape(d.message)}</p>"
    body += "".join(f"<p style='margin:.1rem 0'>{escape(line)}</p>" for line in d.explanation_lines())
    body += f"<p style='margin:.1rem 0'>{code_html(d.change.sentence)}</p>" if d.change else ""
    if hints and d.hint:
        body += f"<p style='margin:.1rem 0'>Hint: {escape(d.hint)}</p>"
    text = "\n".join(line[2:] for line in smallest_lines(d.evidence.get("smallest"))[1:])
    body += f"<pre style='margin:.5rem 0;overflow-x:auto;font-size:.85rem'>{escape(text)}</pre>" if text else ""
    body += "".join(_picture_html(p) for p in grids(d.evidence))
    return f"<div style='border-left:4px solid {colour};padding-left:.8rem;margin:.8rem 0'>{head}{body}</div>"


def code_html(sentence: str) -> str:
    """Return a sentence with what stands between backquotes as code."""
    parts = [html.escape(part) for part in sentence.split("`")]
    return "".join(f"<code>{part}</code>" if n % 2 else part for n, part in enumerate(parts))


def _picture_html(picture: dict[str, Any]) -> str:
    """Return both grids as tables side by side; places where they differ have a frame."""
    tables = []
    for key, title in (("reads", "it reads"), ("should", "it should read")):
        other = picture["should" if key == "reads" else "reads"]
        rows = "".join(
            "<tr>" + "".join(_cell(c, c != other[y][x]) for x, c in enumerate(row)) + "</tr>"
            for y, row in enumerate(picture[key])
        )
        tables.append(
            f"<table style='border-collapse:collapse;width:auto;margin:.3rem 1.4rem .3rem 0'><caption style='caption-side:top;text-align:left;color:inherit'>{title}</caption>{rows}</table>"
        )
    caption = f"{html.escape(picture['title'])} ({html.escape(picture['legend'])})"
    return f"<p style='margin:.3rem 0;font-size:.85rem'>{caption}</p><div style='display:flex;flex-wrap:wrap'>{''.join(tables)}</div>"


def _cell(text: str, different: bool) -> str:
    frame = f"2px solid {VERDICTS['failed']}" if different else "1px solid rgba(128,128,128,.4)"
    back = "rgba(58,110,165,.25)" if text else "transparent"
    return f"<td style='width:1.7rem;height:1.7rem;padding:0;text-align:center;font:13px ui-monospace,monospace;border:{frame};background:{back}'>{html.escape(text)}</td>"
