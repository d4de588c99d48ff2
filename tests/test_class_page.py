"""The page for an instructor, done as it stands: what is downloaded, installed without a network, and what goes back."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import room

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "class.md").read_text(encoding="utf-8")
NEEDED = ("convolab", "pyproject.toml", "README.md", "LICENSE")
WITHOUT_A_NETWORK = ("unshare", "--map-root-user", "--net")


def commands(heading):
    """The commands below a heading of the page."""
    part = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return "\n".join(re.findall(r"```sh\n(.*?)```", part, re.DOTALL))


def without_a_network():
    """What takes the network away, where the system lets us; else pip and others are sent to a door that is shut."""
    if shutil.which("unshare") and subprocess.run([*WITHOUT_A_NETWORK, "true"], capture_output=True).returncode == 0:
        return WITHOUT_A_NETWORK, {}
    shut = "http://127.0.0.1:9"
    return (), {"http_proxy": shut, "https_proxy": shut, "HTTPS_PROXY": shut, "PIP_INDEX_URL": shut}


def done(text, folder, *before, **more):
    """What commands print, each of which must succeed."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | {"PATH": path, **more}
    run = subprocess.run([*before, "bash", "-euc", text], cwd=folder, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def test_the_page_is_done_from_the_wheels_to_the_grades(tmp_path):
    for name in NEEDED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
        copy(ROOT / name, tmp_path / name)
    week = commands("The week before")
    assert week.count("pip download") == 3
    done(week, tmp_path)
    names = " ".join(p.name for p in (tmp_path / "wheels").iterdir())
    assert all(word in names for word in ("convolab-", "numpy-", "win_amd64", "macosx_"))
    shutil.rmtree(tmp_path / "convolab")  # from here on there is the folder of wheels alone
    before, more = without_a_network()
    said = done(commands("The day"), tmp_path, *before, **more)
    assert "apply_convolution(img, kernel)" in said
    shown = re.search(r"```text\n(.*?)```", PAGE, re.DOTALL)[1]
    assert shown in said
    persons = room.people(8)
    room.write_zip(tmp_path / "hand-ins.zip", persons)
    room.write_worksheet(tmp_path / "worksheet.csv", persons)
    said = done(commands("Afterwards"), tmp_path, *before, **more)
    assert "2 of 8 students have everything right" in said
    assert (tmp_path / "worksheet-graded.csv").read_text(encoding="utf-8-sig").count(",20,20.00,") == 2
    assert len(zipfile.ZipFile(tmp_path / "feedback.zip").namelist()) == 8
    assert (tmp_path / "class.html").stat().st_size > 10_000 and (tmp_path / "points.csv").is_file()


def test_without_a_network_means_without_one():
    before, more = without_a_network()
    fetch = "import urllib.request as r; r.urlopen('https://pypi.org', timeout=20)"
    run = subprocess.run(
        [*before, sys.executable, "-c", fetch], env={**os.environ, **more}, capture_output=True, text=True
    )
    assert run.returncode == 1 and "URLError" in run.stderr
