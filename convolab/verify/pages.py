"""The verdicts on a class as one page of HTML, which opens from the disk with nothing else."""

# ruff: noqa: E501 - markup

import html
from collections import Counter
from collections.abc import Sequence
from typing import TypeAlias

from convolab.verify.markup import function_html
from convolab.verify.report import Report
from convolab.verify.verdict import FunctionReport

# Every function of every hand-in.
Judged: TypeAlias = Sequence[tuple[Report, FunctionReport]]
STYLE = """
:root{color-scheme:light dark;--ink:#1c2430;--soft:#5b6675;--paper:#fbfaf7;--card:#fff;--line:#e2ded4;--bar:#3a6ea5}
@media(prefers-color-scheme:dark){:root{--ink:#e8e6e1;--soft:#a3abb6;--paper:#14181d;--card:#1c2229;--line:#323a44;--bar:#6fa3d8}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:60rem;margin:0 auto;padding:2rem 1.2rem 4rem}h1{font-size:1.7rem;line-height:1.2;margin:0 0 .2rem}
h2{font-size:1.15rem;margin:2.4rem 0 .8rem}p.lead{color:var(--soft);margin:.2rem 0 1.4rem}
.row{display:grid;grid-template-columns:minmax(9rem,17rem) 1fr 3rem;gap:.3rem .9rem;align-items:center;padding:.5rem 0;border-top:1px solid var(--line)}
.row small{grid-column:1/-1;color:var(--soft);overflow-wrap:anywhere}.bar{height:.8rem;border-radius:.4rem;background:var(--bar);min-width:.3rem}
.n{text-align:right;font-variant-numeric:tabular-nums}code{font:.88em ui-monospace,monospace}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:.6rem;background:var(--card)}
table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{text-align:left;padding:.45rem .7rem;border-top:1px solid var(--line);white-space:nowrap}
thead th{border-top:0;color:var(--soft);font-weight:600}td.passed{color:#1a7f4b}td.failed,td.error,td.timeout{color:#c0392b}
@media(prefers-color-scheme:dark){td.passed{color:#5cc48d}td.failed,td.error,td.timeout{color:#ff8f7f}}
details{border:1px solid var(--line);border-radius:.6rem;background:var(--card);padding:.6rem .9rem;margin:.6rem 0}
summary{cursor:pointer;font-weight:600;overflow-wrap:anywhere}
@media(max-width:34rem){.row{grid-template-columns:1fr 3rem}.row .holder{grid-column:1/-1;grid-row:2}.n{grid-column:2;grid-row:1}}
"""


def class_page(reports: list[Report], *, title: str = "Convolution: what went wrong") -> str:
    """Return a page with the most frequent mistakes, who has which, and one example of each."""
    found = [(r, f) for r in reports for f in r.functions]
    counts = Counter(f.diagnosis.code for _, f in found if f.diagnosis)
    who = {c: sorted({r.file for r, f in found if f.diagnosis and f.diagnosis.code == c}) for c in counts}
    right = sum(r.passed for r in reports)
    most = max(counts.values(), default=1)
    rows = "".join(_frequency(c, n, most, who[c], found) for c, n in counts.most_common())
    examples = "".join(_example(c, found) for c, _ in counts.most_common())
    return (
        "<!doctype html><html lang='en'><meta charset='utf-8'><meta name='viewport' content='width=device-width,initial-scale=1'>"
        f"<title>{html.escape(title)}</title><style>{STYLE}</style><main><h1>{html.escape(title)}</h1>"
        f"<p class='lead'>{right} of {len(reports)} hand-ins are right in everything they define; {len(found)} functions were judged.</p>"
        f"<h2>The most frequent mistakes</h2>{rows or '<p>None.</p>'}"
        f"<h2>Who has which</h2><div class='scroll'>{_table(reports)}</div>"
        f"<h2>One example of each</h2>{examples or '<p>None.</p>'}</main></html>\n"
    )


def _frequency(code: str, count: int, most: int, who: list[str], found: Judged) -> str:
    title = next(f.diagnosis.title for _, f in found if f.diagnosis and f.diagnosis.code == code)
    names = ", ".join(who[:12]) + (f" and {len(who) - 12} more" if len(who) > 12 else "")
    return (
        f"<div class='row'><span>{html.escape(title)}<br><code>{html.escape(code)}</code></span><div class='holder'>"
        f"<div class='bar' style='width:{100 * count / most:.0f}%'></div></div><span class='n'>{count}</span><small>{html.escape(names)}</small></div>"
    )


def _table(reports: list[Report]) -> str:
    columns = list(dict.fromkeys(f.target for r in reports for f in r.functions))
    head = "".join(f"<th><code>{html.escape(c)}</code></th>" for c in columns)
    lines = []
    for report in reports:
        cells = {f.target: f for f in report.functions}
        row = "".join(_verdict(cells.get(c)) for c in columns)
        lines.append(
            f"<tr><td>{html.escape(report.file)}</td>{row}<td>{html.escape(report.error)}</td><td class='n'>{report.points:g}</td></tr>"
        )
    return f"<table><thead><tr><th>hand-in</th>{head}<th></th><th>points</th></tr></thead><tbody>{''.join(lines)}</tbody></table>"


def _verdict(function: FunctionReport | None) -> str:
    if function is None:
        return "<td></td>"
    text = function.diagnosis.code if function.diagnosis else "✓"
    return f"<td class='{function.status}'>{html.escape(text)}</td>"


def _example(code: str, found: Judged) -> str:
    report, function = next((r, f) for r, f in found if f.diagnosis and f.diagnosis.code == code)
    return f"<details><summary>{html.escape(code)} · {html.escape(report.file)}</summary>{function_html(function, hints=True)}</details>"
