"""What is written for a browser is opened in one: the figures, the report of a run, the page of a class.

`make browser` runs these. They need Playwright (`pip install playwright`) and a Chromium that it can start.
"""

from pathlib import Path

import pytest
from chromium import browser as browser
from chromium import opened, watched
from easy_images import easy_folder

from convolab.network import train as training
from convolab.network.model import runs
from convolab.network.report import write_report
from convolab.verify.classroom.hand_ins import handed_in
from convolab.verify.classroom.judging import judge_class
from convolab.verify.classroom.page import class_page
from convolab.verify.plants import CORRECT

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parent.parent
FIGURES = sorted((ROOT / "docs").glob("*.svg"))
RIGHT = CORRECT["loops: apply_convolution"][1]
FLIPPED = RIGHT.replace("kernel[k, l]", "kernel[KH - 1 - k, KW - 1 - l]")
# Whether an element of a page is drawn, and lies within the page's width.
DRAWN = """element => {
    const box = element.getBoundingClientRect(), page = document.documentElement;
    return box.width > 0 && box.height > 0 && box.right <= page.clientWidth + 1;
}"""


@pytest.fixture(params=[1200, 390], ids=["desktop", "phone"])
def open_page(browser, request):
    """A function that opens a file; at the end the page must have complained of nothing and asked for nothing else."""
    with watched(browser, request.param) as page:
        yield lambda path: opened(page, path)


@pytest.mark.parametrize("figure", FIGURES, ids=lambda path: path.name)
def test_a_figure_is_drawn_and_its_words_lie_inside_it(figure, open_page):
    page = open_page(figure)
    assert page.evaluate("document.documentElement.tagName") == "svg"
    outside = page.evaluate(
        """() => {
            const frame = document.documentElement.viewBox.baseVal;
            return [...document.querySelectorAll("text")].filter(text => {
                const box = text.getBBox(), here = text.getCTM(), whole = document.documentElement.getCTM();
                const moved = whole.inverse().multiply(here);
                const left = box.x * moved.a + moved.e, right = (box.x + box.width) * moved.a + moved.e;
                return frame.width && (left < frame.x - 1 || right > frame.x + frame.width + 1);
            }).map(text => text.textContent);
        }"""
    )
    assert outside == []


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    result = training.train(easy_folder(folder / "bars"), epochs=1, batch_size=64, threads=1, runs=folder / "runs")
    write_report(result["run"])
    return Path(result["run"]) / runs.REPORT


def test_the_report_of_a_run_needs_nothing_else_and_draws_every_figure(report, open_page):
    page = open_page(report)
    figures = page.locator("svg, img")
    assert figures.count() > 3 and figures.evaluate_all(f"all => all.every({DRAWN})")
    assert page.locator("img").evaluate_all("all => all.every(image => image.complete && image.naturalWidth > 0)")


@pytest.fixture(scope="module")
def class_html(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("class")
    (folder / "handins").mkdir()
    for name, source in {"ada": RIGHT, "bob": FLIPPED, "<img src=x onerror=alert(1)>": FLIPPED}.items():
        (folder / "handins" / f"{name}.py").write_text(source)
    page = folder / "class.html"
    with handed_in(folder / "handins") as hand_ins:
        page.write_text(class_page(judge_class(hand_ins, jobs=1)))
    return page


def test_the_page_of_a_class_shows_every_hand_in_and_runs_nothing_of_theirs(class_html, open_page):
    page = open_page(class_html)
    shown = page.inner_text("body")
    assert all(name in shown for name in ("ada", "bob", "onerror=alert(1)"))
    assert page.locator("img[onerror]").count() == 0
