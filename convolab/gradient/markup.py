"""How does a notebook show what was found about gradients? A verdict, a table and a picture."""

from html import escape

from convolab.drawing.markup import badge, block, paragraph, picture, table
from convolab.drawing.shapes import signed


def gradcheck_html(report) -> str:
    """Return a gradient check: the verdict, a row for each argument, what is wrong, and where."""
    verdict = badge("passed" if report.passed else "failed")
    rows = [
        (c.argument, " × ".join(map(str, c.analytic.shape)), f"{c.checked:,}", f"{int(c.wrong.sum()):,}",
         signed(c.max_abs), signed(c.max_rel, 2))
        for c in report.comparisons
    ]  # fmt: skip
    headings = ("argument", "shape", "checked", "wrong", "largest difference", "relative")
    found = table(f"Gradients beside finite differences, {report.how}", headings, rows, left=2) if rows else ""
    shown = picture(report.drawing(words=False)) if any(c.wrong.any() for c in report.comparisons) else ""
    said = [paragraph(f"{f.title}: {f.message}") for f in report.findings]
    said += [paragraph(f"note: {note}") for note in report.notes]
    return block(f'<p style="margin:.3rem 0">{verdict} <code>{escape(report.title)}</code></p>', found, *said, shown)


def ascent_html(found) -> str:
    """Return an ascent: what it found, and the images with the loss."""
    facts = table(f"Gradient ascent, {found.obeys}", ("", "found"), found.facts(), left=2)
    return block(facts, picture(found.drawing()))


def spectrum_html(found) -> str:
    """Return singular values, each with its residual."""
    pairs = zip(found.values[: found.shown], found.residuals[: found.shown], strict=True)
    caption = f"Singular values, by {found.method}" + (
        f"; {found.shown} of {len(found.values)}" * (len(found.values) > found.shown)
    )
    rows = [
        (str(n), f"{value:.10g}", f"{residual:.1e}".replace("-", "−")) for n, (value, residual) in enumerate(pairs, 1)
    ]
    return block(table(caption, ("", "σ", "residual"), rows), picture(found.drawing()))
