"""How fast are the widgets, and how large? `python benchmarks/widgets.py`, on a quiet machine, writes widgets.json.

In Chromium, without a screen: a page from the start of its navigation to the frame that shows the widget; a widget from
the start of its module, as in a notebook's cell, to its frame; the pointer over the output of a 32 × 32 image with a
5 × 5 kernel, to the end of the work and to the frame that shows it; the filters on the camera at 640 × 480. Medians of
rounds. The lab from its command to the line that says where it is served, and to the first frame that holds its editor,
in a browser that is open. Then bytes: of each page, and of what the widgets, the lab and the drawings add to a wheel.
"""

import re
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import convolab
from convolab.bench.record import make_record, write_record
from convolab.views import page as pages
from convolab.views.modules import script, style
from convolab.views.page import WIDGETS, one_page
from convolab.views.states import from_address, rest

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
import chromium
from test_lab_browser import served

ROUNDS, HOVERS, SECONDS = 9, 200, 6
LIMITS = {
    "first paint, page": 150,
    "first paint, cell": 150,
    "hover": 16,
    "page": 300_000,
    "package": 400_000,
    "lab": 3000,
}
ROOMS = "views", "lab", "drawing"
# Set before a page's own scripts: the time of the first frame in which the widget stands.
PAINTED = """
new MutationObserver((_, watch) => {
  if (!document.querySelector("#widget .cvl")) return;
  watch.disconnect();
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => (window.painted = performance.now());
    channel.port2.postMessage(0);
  });
}).observe(document, { childList: true, subtree: true });
"""
# What a notebook does with a widget: load its module from text, and let it draw itself.
CELL = """
async ([code, style, state, traits]) => {
  const begun = performance.now();
  const sheet = document.createElement("style");
  sheet.textContent = style;
  const el = document.createElement("div");
  document.body.replaceChildren(sheet, el);
  const { default: widget } = await import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
  const bytes = (t) => Uint8Array.from(atob(t), (c) => c.charCodeAt(0));
  const views = Object.entries(traits).map(([k, v]) => [k, new DataView(bytes(v).buffer)]);
  const values = { state, ...Object.fromEntries(views) };
  const none = () => {};
  widget.render({ model: { get: (k) => values[k], set: none, on: none, off: none, save_changes: none }, el });
  await new Promise(requestAnimationFrame);
  await new Promise((done) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = done;
    channel.port2.postMessage(0);
  });
  return performance.now() - begun;
}
"""
# For each of some cells of the output: the pointer comes, and (the work, the time to the next frame) in milliseconds.
HOVER = """
async (count) => {
  const grids = [...document.querySelectorAll(".cvl .stage [role=grid]")];
  const cells = grids.at(-1).querySelectorAll("[role=gridcell]");
  const times = [];
  for (let n = 0; n < count; n++) {
    const cell = cells[(n * 37) % cells.length];
    await new Promise(requestAnimationFrame);
    const begun = performance.now();
    cell.dispatchEvent(new PointerEvent("pointerover", { bubbles: true, pointerType: "mouse" }));
    document.body.getBoundingClientRect();
    const worked = performance.now() - begun;
    await new Promise(requestAnimationFrame);
    times.push([worked, performance.now() - begun, cells.length]);
  }
  return times;
}
"""


def main() -> None:
    """Measure everything, say it, and write the record."""
    rows = []
    with tempfile.TemporaryDirectory() as folder, playwright() as browser:
        for widget in WIDGETS:
            file = Path(folder) / f"{widget}.html"
            file.write_text(one_page(widget), encoding="utf-8")
            rows.append(timed("first paint, page", widget, [opened(browser, file) for _ in range(ROUNDS)]))
            rows.append(timed("first paint, cell", widget, cell_times(browser, widget)))
            rows.append(sized("page", widget, file.stat().st_size))
        rows += hovers(browser, Path(folder))
        rows.append(frames(browser, Path(folder) / "filters.html"))
        for exercise in (2, 3):
            rows += lab_starts(browser, Path(folder), exercise)
    rows.append(sized("package", ", ".join(ROOMS), package_bytes()))
    record = make_record("widgets", rows, rounds=ROUNDS, hovers=HOVERS)
    record["command"] = "python benchmarks/widgets.py"
    print(write_record(record, folder=Path(__file__).parent, force=True))


def playwright() -> Any:
    """A context with the system's Chromium, started once."""
    from contextlib import contextmanager

    from playwright.sync_api import sync_playwright

    @contextmanager
    def started():
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=chromium.system(), args=chromium.ARGUMENTS)
            yield browser
            browser.close()

    return started()


def timed(case: str, what: str, milliseconds: list[float], **more: Any) -> dict[str, Any]:
    """A row of times: their median, and the least and largest of them."""
    row = {
        "case": f"{case}: {what}",
        "milliseconds": round(statistics.median(milliseconds), 2),
        "least": round(min(milliseconds), 2),
        "most": round(max(milliseconds), 2),
        "limit": LIMITS[case.split(" to ")[0]],
        **more,
    }
    print(f"{row['case']:<40} {row['milliseconds']:>8.2f} ms ({row['least']:.2f} to {row['most']:.2f})")
    return row


def sized(case: str, what: str, count: int) -> dict[str, Any]:
    print(f"{case}: {what:<33} {count / 1000:>8.1f} kB")
    return {"case": f"{case}: {what}", "bytes": count, "limit": LIMITS[case]}


def opened(browser: Any, file: Path) -> float:
    """Milliseconds from the start of a page's navigation to the frame that shows its widget."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.add_init_script(PAINTED)
    page.goto(file.as_uri())
    page.wait_for_function("window.painted")
    found = page.evaluate("window.painted")
    page.close()
    return found


def cell_times(browser: Any, widget: str) -> list[float]:
    """Milliseconds from a widget's module to its first frame, in a page of its own each time."""
    traits = {name: value["base64"] for name, value in pages._plain(WIDGETS[widget].more()).items()}
    arguments = [script(widget), style(), rest(widget), traits]

    def once() -> float:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto("about:blank")
        found = page.evaluate(CELL, arguments)
        page.close()
        return found

    return [once() for _ in range(ROUNDS)]


def hovers(browser: Any, folder: Path) -> list[dict[str, Any]]:
    """The pointer over the output of a 32 × 32 image with a 5 × 5 kernel."""
    state = from_address("explorer", "")
    state |= {"x": [[[(3 * y + 5 * x) % 10 for x in range(32)] for y in range(32)]]}
    state |= {"w": [[[(y * x) % 5 - 2 for x in range(5)] for y in range(5)]]}
    file = folder / "large.html"
    file.write_text(one_page("explorer", state), encoding="utf-8")
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(file.as_uri())
    page.wait_for_selector(".cvl [role=gridcell]")
    times = page.evaluate(HOVER, HOVERS)
    page.close()
    assert times[0][2] >= 28 * 28, times[0]
    what = "32 × 32 with 5 × 5"
    return [
        timed("hover to the end of the work", what, [worked for worked, _, _ in times]),
        timed("hover to the next frame", what, [shown for _, shown, _ in times]),
    ]


def frames(browser: Any, file: Path) -> dict[str, Any]:
    """Frames a second of Sobel on Chromium's own test camera, as the widget itself counts them."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(file.as_uri())
    page.get_by_role("button", name=re.compile("camera", re.IGNORECASE)).first.click()
    place = page.locator(".top .where")
    pattern: Callable[[], Any] = lambda: re.search(r"([\d.]+) frames a second.*?([\d.]+) ms", place.inner_text())  # noqa: E731
    found = []
    for _ in range(SECONDS):
        page.wait_for_timeout(1200)
        if match := pattern():
            found.append((float(match[1]), float(match[2])))
    page.close()
    rate, work = (statistics.median(values) for values in zip(*found, strict=True))
    print(f"{'filters: 640 × 480':<40} {rate:>8.1f} frames a second, {work:.1f} ms of work each")
    return {"case": "filters: 640 × 480", "frames_per_second": rate, "work_milliseconds": work, "least": 20}


def lab_starts(browser: Any, folder: Path, exercise: int) -> list[dict[str, Any]]:
    """Milliseconds from the command to its line with the address, and to the frame with its first editor."""
    times = [lab_start(browser, folder / f"lab {exercise}", exercise) for _ in range(ROUNDS)]
    return [
        timed("lab to its address", f"exercise {exercise}", [up for up, _ in times]),
        timed("lab to its first editor", f"exercise {exercise}", [painted for _, painted in times]),
    ]


def lab_start(browser: Any, folder: Path, exercise: int) -> tuple[float, float]:
    folder.mkdir(exist_ok=True)
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    begun = time.perf_counter()
    with served(folder, exercise) as lab:
        up = time.perf_counter()
        page.goto(lab.address)
        page.get_by_role("group", name=re.compile("^Editor: ")).first.get_by_role("textbox").wait_for()
        painted = time.perf_counter()
        page.close()
    return 1000 * (up - begun), 1000 * (painted - begun)


def package_bytes() -> int:
    """What the rooms of the widgets take in a wheel, where files lie packed."""
    root = Path(convolab.__file__).parent
    with tempfile.TemporaryFile() as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as wheel:
        for path in (path for room in ROOMS for path in (root / room).rglob("*") if "__pycache__" not in path.parts):
            wheel.write(path, path.relative_to(root))
        return sum(entry.compress_size for entry in wheel.infolist())


if __name__ == "__main__":
    sys.exit(chromium.missing()) if chromium.missing() else main()
