"""A Chromium for tests of what is written for a browser: `python tests/chromium.py` says in one line where none is."""

import shutil
import sys
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync "
    "--use-fake-device-for-media-stream --use-fake-ui-for-media-stream --enable-precise-memory-info "
    "--js-flags=--expose-gc"
).split()


def system() -> str | None:
    """Where the system's own Chromium lies, if there is one."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def missing() -> str | None:
    """What there must be for these tests and is not, in one line."""
    if find_spec("playwright") is None:
        return 'browser tests: Playwright is missing. Install it with: pip install ".[test]"'
    if system() is None and not _has_own():
        return "browser tests: no Chromium. Install one: apt-get install chromium, or playwright install chromium"
    return None


def _has_own() -> bool:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()


@pytest.fixture(scope="module")
def browser():
    if line := missing():
        pytest.skip(line)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=system(), args=ARGUMENTS)
        yield chromium
        chromium.close()


@contextmanager
def watched(browser, width: int = 1280, **options):
    """A page that at the end must have complained of nothing, and have asked for nothing but itself."""
    page = browser.new_page(viewport={"width": width, "height": 800}, **options)
    page.set_default_timeout(10_000)
    complaints, wanted = [], []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda asked: wanted.append(asked.url))
    yield page
    page.close()
    assert complaints == []
    assert [url for url in wanted if not url.startswith(("data:", "blob:"))] == wanted[:1]


def opened(page, path: Path, address: str = ""):
    page.goto(path.resolve().as_uri() + (f"#{address}" if address else ""))
    return page


if __name__ == "__main__":
    if line := missing():
        sys.exit(line)
