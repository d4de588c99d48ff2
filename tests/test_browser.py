"""What is written for a browser is opened in one: the figures, the report of a run, the page of a class.

`make browser` runs these. They need Playwright (`pip install playwright`) and a Chromium that it can start.
"""

from pathlib import Path

import pytest
from chromium import browser as browser
from chromium import opened, watched
from easy_images import easy_folder
from test_classroom import student, verdict

from convolab.network import train as training
from convolab.network.model import runs
from convolab.network.report import write_report
from convolab.verify.classroom.hand_ins import handed_in
from convolab.verify.classroom.judging import judge_class
from convolab.verify.classroom.page import class_page
from convolab.verify.plants import CORRECT
from convolab.verify.targets import TARGETS

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


@pytest.fixture(scope="module")
def full_class(tmp_path_factory):
    """A class of ten with eight functions each, long names and problems with many words."""
    path = tmp_path_factory.mktemp("full") / "class.html"
    words = ("A row index stands where a column index belongs", "An_exception_of_a_long_name" * 3, "= where += belongs")
    functions = [*TARGETS, "conv_gradient_wrt_kernel_vectorised"]
    students = [
        student(f"Wolfeschlegelsteinhausen, Maximiliane {n}/", *(
            verdict(name, points=(n + m) % 3 / 2, title=words[(n + m) % 3], code=f"code-{n}") for m, name in enumerate(functions)
        )) for n in range(10)
    ]  # fmt: skip
    path.write_text(class_page(students))
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 400])
def test_nothing_of_the_page_of_a_class_is_cut(full_class, browser, width, scheme):
    with watched(browser, width, color_scheme=scheme) as page:
        opened(page, full_class)
        cells = page.locator(".class tbody td:not(:empty), .row, .row > *")
        assert cells.count() > 100
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert all(cells.nth(n).evaluate(DRAWN) for n in range(cells.count()))
        inside = "cell => cell.scrollWidth <= cell.clientWidth + 1"
        assert all(cell.evaluate(inside) for cell in page.locator(".class tbody td:not(:empty)").all())


def test_the_page_of_a_class_shows_every_hand_in_and_runs_nothing_of_theirs(class_html, open_page):
    page = open_page(class_html)
    shown = page.inner_text("body")
    assert all(name in shown for name in ("ada", "bob", "onerror=alert(1)"))
    assert page.locator("img[onerror]").count() == 0
