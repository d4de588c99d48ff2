"""The lab in a real Chromium, as a student meets it: a mistake is made, seen, mended; the server dies, the text does not.

`make browser` runs these.
"""

import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from chromium import browser as browser

from convolab.lab.exercises import EXERCISES, beginning, solution
from convolab.lab.hand_in import sections
from convolab.lab.progress import read_progress

pytestmark = pytest.mark.browser
playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
expect.set_options(timeout=60_000)

WRONG = """def apply_convolution(img, kernel):
    rows, columns = kernel.shape
    turned = kernel[::-1, ::-1]
    height, width = img.shape[0] - rows + 1, img.shape[1] - columns + 1
    return np.array([[(img[i:i+rows, j:j+columns] * turned).sum() for j in range(width)] for i in range(height)])
"""
LOCAL = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")


class Served:
    """A lab that is served, and can be killed."""

    def __init__(self, folder: Path, exercise: int | None = 2, port: int = 28_600):
        command = [sys.executable, "-m", "convolab", "lab", *([str(exercise)] if exercise else []), "--no-browser"]
        options = ["--folder", str(folder), "--port", str(port)]
        self.process = subprocess.Popen(
            [*command, *options], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
        )
        self.said = ""
        for line in self.process.stderr:
            self.said += line
            if "Ctrl-C" in line:
                break
        self.address = re.search(r"http://\S+", self.said)[0]
        self.port = int(re.search(r"127\.0\.0\.1:(\d+)", self.address)[1])

    def end(self, number: int = signal.SIGKILL) -> tuple[int, str]:
        self.process.send_signal(number)
        rest = self.process.stderr.read()
        return self.process.wait(30), rest


RUNNING: list[Served] = []  # an open page complains when its lab is ended, and that is no fault of the lab


@contextmanager
def served(folder: Path, exercise: int | None = 2, port: int = 28_600):
    lab = Served(folder, exercise, port)
    RUNNING.append(lab)
    try:
        yield lab
    finally:
        RUNNING.remove(lab)
        lab.process.kill()
        lab.process.wait()
        lab.process.stderr.close()


@pytest.fixture
def window(browser):
    """A window that must ask for nothing outside of this machine, and have no error."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(60_000)
    asked, errors = [], []

    def noted(text: str) -> None:
        if RUNNING:
            errors.append(text)

    context.on("request", lambda request: asked.append(request.url))
    context.on("console", lambda message: noted(message.text) if message.type == "error" else None)
    context.on("weberror", lambda error: noted(str(error.error)))
    context.expected = []  # errors that a test causes
    yield context
    context.close()
    assert len(asked) > 50 and [url for url in asked if not url.startswith(LOCAL)] == []
    assert [text for text in errors if not any(part in text for part in context.expected)] == []


def editor(page, name: str):
    return page.get_by_role("group", name=f"Editor: {name}")


def opened(window, lab, name: str = "apply_convolution"):
    page = window.new_page()
    page.goto(lab.address)
    expect(editor(page, name).get_by_role("textbox")).to_be_visible()
    return page


def write(page, name: str, text: str) -> None:
    editor(page, name).get_by_role("textbox").fill(text)


def right(name: str, number: int = 2) -> str:
    return sections(solution(number), EXERCISES[number].names)[name]


def test_a_student_is_wrong_sees_where_asks_for_a_hint_mends_it_and_finds_it_again(window, tmp_path):
    with served(tmp_path) as lab:
        page = opened(window, lab)
        assert "token" not in page.url
        write(page, "compute_convolution_at_position", right("compute_convolution_at_position"))
        box = editor(page, "apply_convolution")
        write(page, "apply_convolution", WRONG)
        expect(box.locator(".state")).to_contain_text("Saved in exercise2.py at")
        expect(box.locator(".outcome")).to_contain_text("✗ The kernel is turned by 180 degrees.")
        cell = box.locator(".column.out .cell").first
        cell.hover()
        expect(box.locator(".readout p").first).to_contain_text("with another weight")
        assert box.locator(".column.read .cell.swapped").count() > 0
        assert box.locator(".column.read .cell.swapped").first.get_attribute("data-sign").startswith("≠")
        box.get_by_role("button", name="A hint (3)").click()
        expect(box.locator(".hints li")).to_have_count(1)
        box.get_by_role("button", name="One more hint (2 left)").click()
        expect(box.locator(".hints li")).to_have_count(2)
        write(page, "apply_convolution", right("apply_convolution"))
        expect(box.locator(".outcome")).to_contain_text("✓ It is right.")
        expect(box.locator(".figures img")).to_have_count(3)
        expect(page.locator(".task.passed")).to_have_count(2)
        assert read_progress(tmp_path / "exercise2.py")["apply_convolution"]["hints"] == 2
        page.reload()
        expect(editor(page, "apply_convolution").get_by_role("textbox")).to_have_value(right("apply_convolution"))
        expect(editor(page, "apply_convolution").locator(".outcome")).to_contain_text("✓ It is right.")
        expect(page.locator(".task.passed")).to_have_count(2)


@pytest.mark.parametrize("stays", [False, True], ids=["page closed", "page left open"])
def test_a_killed_server_loses_no_line_and_what_is_typed_without_one_comes_back(window, tmp_path, stays):
    window.expected = [
        "ERR_CONNECTION_REFUSED",
        "WebSocket",
        "Failed to fetch",
        "disconnected",
        "403",
        "ERR_CONNECTION",
        "ServiceWorker",
    ]
    with served(tmp_path, port=28_640) as lab:
        page = opened(window, lab)
        write(page, "apply_convolution", "a_line = 1\n")
        expect(editor(page, "apply_convolution").locator(".state")).to_contain_text("Saved in")
        assert lab.end()[0] == -signal.SIGKILL
        assert "a_line = 1" in (tmp_path / "exercise2.py").read_text()
        write(page, "apply_convolution", "a_line = 1\nanother = 2\n")
        expect(editor(page, "apply_convolution").locator(".state")).to_contain_text(
            "Not saved: the lab does not answer"
        )
        assert editor(page, "apply_convolution").get_by_role("textbox").input_value() == "a_line = 1\nanother = 2\n"
        if not stays:
            page.close()
    with served(tmp_path, port=lab.port) as again:
        assert again.port == lab.port
        page = opened(window, again)
        expect(editor(page, "apply_convolution").get_by_role("textbox")).to_have_value("a_line = 1\nanother = 2\n")
        if not stays:  # a page that was left open may have saved it before
            expect(editor(page, "apply_convolution").locator(".state")).to_contain_text(
                re.compile("stands here again|Saved in")
            )
        until = time.monotonic() + 30
        while "another = 2" not in (tmp_path / "exercise2.py").read_text():
            assert time.monotonic() < until
            time.sleep(0.1)


def test_a_second_page_shows_what_the_first_has_written_meanwhile(window, tmp_path):
    with served(tmp_path) as lab:
        first, second = opened(window, lab), opened(window, lab)
        write(first, "apply_convolution", "a_line = 1\n")
        expect(editor(first, "apply_convolution").locator(".state")).to_contain_text("Saved in")
        second.reload()
        expect(editor(second, "apply_convolution").get_by_role("textbox")).to_have_value("a_line = 1\n")


def test_an_endless_loop_does_not_take_the_lab_down_and_other_editors_go_on(window, tmp_path):
    with served(tmp_path) as lab:
        page = opened(window, lab)
        write(page, "apply_convolution", "def apply_convolution(img, kernel):\n    while True:\n        pass\n")
        expect(editor(page, "apply_convolution").locator(".outcome")).to_contain_text("It is being judged")
        write(page, "compute_convolution_at_position", right("compute_convolution_at_position"))
        expect(editor(page, "compute_convolution_at_position").locator(".state")).to_contain_text("Saved in")
        expect(editor(page, "compute_convolution_at_position").locator(".outcome")).to_contain_text("✓")
        expect(editor(page, "apply_convolution").locator(".outcome")).to_contain_text("… It took too long.")
        assert lab.process.poll() is None


def test_tab_indents_and_escape_lets_the_keyboard_out(window, tmp_path):
    with served(tmp_path) as lab:
        page = opened(window, lab)
        box = editor(page, "apply_convolution")
        field = box.get_by_role("textbox")
        field.fill("def f():")
        field.press("End")
        for key in ("Enter", "x", "Tab", "Shift+Tab"):
            field.press(key)
        assert field.input_value() == "def f():\nx   "
        field.press("Escape")
        field.press("Tab")
        expect(box.get_by_role("button", name="Check")).to_be_focused()
        assert box.locator(".gutter span").count() == 2


def test_what_is_begun_again_comes_back_by_a_button_or_by_undoing(window, tmp_path):
    with served(tmp_path) as lab:
        page = opened(window, lab)
        box = editor(page, "apply_convolution")
        field = box.get_by_role("textbox")
        stub = field.input_value()
        box.get_by_role("button", name="Begin again").click()
        expect(box.get_by_role("button", name="Begin again")).to_be_visible()
        write(page, "apply_convolution", "mine = 1\n")
        box.get_by_role("button", name="Begin again").click()
        expect(field).to_have_value(stub)
        box.get_by_role("button", name="Take it back").click()
        expect(field).to_have_value("mine = 1\n")
        box.get_by_role("button", name="Begin again").click()
        field.press("Control+z")
        expect(field).to_have_value("mine = 1\n")
        field.press("Control+End")
        for key in ("Tab", "x", "Enter"):
            field.press(key)
        assert field.input_value() == "mine = 1\n    x\n    "
        for _ in range(3):  # a browser may take several keys back at once
            if field.input_value() != "mine = 1\n":
                field.press("Control+z")
        expect(field).to_have_value("mine = 1\n")


def test_the_overview_leads_to_an_editor(window, tmp_path):
    with served(tmp_path) as lab:
        page = opened(window, lab)
        field = editor(page, "convolve_batch").get_by_role("textbox")
        expect(field).not_to_be_in_viewport()
        page.get_by_role("button", name="Batch").click()
        expect(field).to_be_in_viewport()
        expect(field).to_be_focused()


def test_a_full_disk_is_said_in_the_page_and_the_text_stays(window, tmp_path):
    with served(tmp_path) as lab:
        page = opened(window, lab)
        (tmp_path / "exercise2.py").rename(tmp_path / "moved.py")
        (tmp_path / "exercise2.py").mkdir()  # nothing can be written there, whoever one is
        write(page, "apply_convolution", "mine = 1\n")
        state = editor(page, "apply_convolution").locator(".state")
        expect(state).to_contain_text("Not saved.")
        assert editor(page, "apply_convolution").get_by_role("textbox").input_value() == "mine = 1\n"
        (tmp_path / "exercise2.py").rmdir()
        expect(state).to_contain_text("Saved in exercise2.py")
        assert "mine = 1" in (tmp_path / "exercise2.py").read_text()


@pytest.mark.parametrize("number", EXERCISES)
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (400, "dark")])
def test_axe_finds_no_serious_fault_in_a_whole_lab(number, width, scheme, browser, tmp_path):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    text = sections(beginning(number), EXERCISES[number].names)
    name = "apply_convolution" if number == 2 else "conv_gradient_wrt_kernel"
    text[name] = WRONG.replace("apply_convolution", name)
    (tmp_path / EXERCISES[number].file).write_text("\n".join(f"# %% {n}\n{t}" for n, t in text.items()))
    with served(tmp_path, number) as lab:
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page.set_default_timeout(60_000)
        page.goto(lab.address)
        expect(editor(page, name).locator(".outcome")).to_contain_text(re.compile("✗|!"))
        expect(page.locator(".cvl")).to_have_count(page.locator(".cvl").count())
        page.wait_for_timeout(500)
        found = axe.run(page).response["violations"]
        ours = [
            (v["id"], node["html"][:160])
            for v in found
            if v["impact"] in ("serious", "critical")
            for node in v["nodes"]
            if "cvl" in str(node["target"]) or isinstance(node["target"][0], list)
        ]
        assert ours == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.close()


def answer(address: str, **headers: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=30) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_nobody_comes_in_without_the_token_or_under_another_name(tmp_path, browser):
    with served(tmp_path, None) as lab:
        plain, _, token = lab.address.partition("?token=")
        assert answer(plain)[0] == 403 and "lacks its token" in answer(plain)[1]
        assert answer(f"{plain}?token=wrong")[0] == 403 and answer(f"{plain}2/")[0] == 403
        assert answer(f"{plain}2/api/status", Cookie=f"convolab-{lab.port}=wrong")[0] == 403
        assert answer(plain, Host="evil.example:80", Cookie=f"convolab-{lab.port}={token}")[0] == 403
        assert answer(plain, Cookie=f"convolab-{lab.port + 1}={token}")[0] == 403
        page = browser.new_page()
        page.goto(f"{plain}?token={token}")
        assert page.get_by_role("link").all_inner_texts() == [
            f"Exercise {e.number}: {e.title}" for e in EXERCISES.values()
        ]
        stranger = browser.new_page()
        stranger.goto(plain)
        outcome = stranger.evaluate(
            """(address) => new Promise((done) => {
                const socket = new WebSocket(address);
                socket.onopen = () => done("open");
                socket.onclose = () => done("closed");
            })""",
            f"ws://127.0.0.1:{lab.port}/2/ws?session_id=s_123456",
        )
        assert outcome == "closed"
        page.close()
        stranger.close()


def test_two_people_on_one_machine_do_not_meet(window, tmp_path):
    with served(tmp_path / "ada", port=28_680) as ada, served(tmp_path / "bob", port=ada.port) as bob:
        assert bob.port > ada.port and f"port {ada.port} is taken: this is {bob.port}" in bob.said
        hers, his = opened(window, ada), opened(window, bob)
        write(hers, "apply_convolution", "ada = 1\n")
        write(his, "apply_convolution", "bob = 2\n")
        for page in (hers, his):
            expect(editor(page, "apply_convolution").locator(".state")).to_contain_text("Saved in")
        assert "bob" not in (tmp_path / "ada" / "exercise2.py").read_text()
        assert "ada" not in (tmp_path / "bob" / "exercise2.py").read_text()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_ctrl_c_ends_the_lab_cleanly_with_a_page_open(number, code, window, tmp_path):
    window.expected = ["ERR_CONNECTION", "WebSocket", "Failed to fetch", "disconnected", "ServiceWorker"]
    with served(tmp_path) as lab:
        page = opened(window, lab)
        write(page, "apply_convolution", "kept = 1\n")
        expect(editor(page, "apply_convolution").locator(".state")).to_contain_text("Saved in")
        assert lab.end(number) == (code, "convolab: stopped\n")
        assert "kept = 1" in (tmp_path / "exercise2.py").read_text()
