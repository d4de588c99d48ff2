"""How the pages of a class look, in light and in dark."""

# ruff: noqa: E501 - markup

import html

STYLE = """
:root{color-scheme:light dark;--ink:#1c2430;--soft:#5b6675;--paper:#fbfaf7;--card:#fff;--line:#e2ded4;--bar:#3a6ea5;--good:#1a7f4b;--bad:#b03427}
@media(prefers-color-scheme:dark){:root{--ink:#e8e6e1;--soft:#a3abb6;--paper:#14181d;--card:#1c2229;--line:#323a44;--bar:#6fa3d8;--good:#5cc48d;--bad:#ff8f7f}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:76rem;margin:0 auto;padding:2rem 1.2rem 4rem}h1{font-size:1.7rem;line-height:1.2;margin:0 0 .2rem;overflow-wrap:anywhere}
h2{font-size:1.15rem;margin:2.4rem 0 .8rem}p.lead{color:var(--soft);margin:.2rem 0 1.4rem;max-width:44rem}
code{font:.88em ui-monospace,monospace}.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.row{display:grid;grid-template-columns:minmax(9rem,20rem) 1fr 2.5rem;gap:.2rem 1rem;align-items:center;padding:.55rem 0;border-top:1px solid var(--line)}
.row>*{min-width:0;overflow-wrap:anywhere}.row code,.row small{color:var(--soft)}.row small{grid-column:1/-1}.holder{border-radius:.4rem;background:var(--line)}.bar{height:.8rem;border-radius:.4rem;background:var(--bar);min-width:.3rem}
.card{border:1px solid var(--line);border-radius:.6rem;background:var(--card)}
table.class{border-collapse:collapse;width:100%;font-size:.88rem;line-height:1.35}.class th,.class td{text-align:left;vertical-align:top;padding:.5rem .6rem;border-top:1px solid var(--line);overflow-wrap:anywhere}
.class thead th{border-top:0;color:var(--soft);font-weight:600}.class th:first-child{min-width:7rem}
.class td small{display:block;color:var(--soft)}.class .n{overflow-wrap:normal}.passed{color:var(--good)}.failed,.error,.timeout,.left-out{color:var(--bad)}
details{padding:.6rem .9rem;margin:.6rem 0}summary{cursor:pointer;font-weight:600;overflow-wrap:anywhere}p{overflow-wrap:anywhere}
@media(max-width:52rem){.row{grid-template-columns:minmax(0,1fr) 2.5rem}.row .holder{grid-column:1/-1;grid-row:2}.row .n{grid-column:2;grid-row:1}
.class thead{display:none}.class,.class tbody,.class tr,.class td{display:block}.class tr{border-top:1px solid var(--line);padding:.6rem .8rem}.class tr:first-child{border-top:0}
.class td{border:0;padding:.12rem 0}.class td.n{text-align:left}.class td[data-of]::before{content:attr(data-of) " ";color:var(--soft);font:.88em ui-monospace,monospace}.class td:empty{display:none}}
"""


def page(title: str, body: str) -> str:
    """Return a page that is one file and asks for nothing."""
    name = html.escape(title)
    return (
        "<!doctype html><html lang='en'><meta charset='utf-8'><meta name='viewport' content='width=device-width,initial-scale=1'>"
        f"<title>{name}</title><style>{STYLE}</style><main><h1>{name}</h1>{body}</main></html>\n"
    )


def breakable(name: str) -> str:
    """Return a name as markup that may be broken behind its underscores."""
    return html.escape(name).replace("_", "_<wbr>")
