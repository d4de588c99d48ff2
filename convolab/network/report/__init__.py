"""What happened in a run? One page, report.html, shows it; it is one file that needs no other and no network."""

from html import escape
from pathlib import Path

from convolab import __version__
from convolab.files import write_whole
from convolab.network.data.dataset import Dataset
from convolab.network.model.runs import REPORT
from convolab.network.report.about import layers, repeat
from convolab.network.report.run import Run, read_run
from convolab.network.report.sections import confusions, curves, filters, hero, mistakes

STYLE = Path(__file__).with_name("style.css")


def write_report(folder: str | Path, *, data: Dataset | None = None, logits=None) -> Path:
    """Write a finished run's report.html.

    Parameters
    ----------
    folder : str or Path
        Of the run.
    data : Dataset, optional
        The run's own; loaded again if not given.
    logits : Tensor (N, classes), optional
        Of the test images; computed again if not given.

    Returns
    -------
    Path
        Of the page.

    Raises
    ------
    InputError
        If the folder does not hold a finished run.
    """
    return write_whole(Path(folder) / REPORT, page(read_run(Path(folder), data, logits)))


def page(run: Run) -> str:
    """The whole page."""
    title = f"{Path(run.config.dataset).name} · {run.config.model} · seed {run.config.seed}"
    sections = [hero(run), curves(run)]
    if run.tested:
        sections += [confusions(run), mistakes(run)]
    sections += [filters(run), layers(run), repeat(run)]
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{STYLE.read_text()}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(sections)
        + f"\n<footer>Written by convolab {escape(__version__)}. This page is one file and needs no network.</footer>\n"
        "</main>\n</body>\n</html>\n"
    )
