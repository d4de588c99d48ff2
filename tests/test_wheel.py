"""The wheel and the sdist: built here, installed elsewhere, they work with their data."""

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def build(source: Path, out: Path, kind: str) -> Path:
    """Build with the project's own backend, without a network."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(out)]
    subprocess.run(command, cwd=source, check=True, capture_output=True, timeout=500)
    return next(out.glob("*.whl" if kind == "wheel" else "*.tar.gz"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    return build(ROOT, tmp_path_factory.mktemp("wheel"), "wheel")


def contents(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as file:
        return {name for name in file.namelist() if not name.endswith("RECORD")}


@pytest.mark.slow
def test_an_installed_wheel_has_its_data_and_its_model(wheel, tmp_path):
    target, elsewhere = tmp_path / "installed", tmp_path / "elsewhere"
    elsewhere.mkdir()
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(target)]
    subprocess.run([*pip, str(wheel)], check=True, capture_output=True, timeout=500)
    environment = os.environ | {"PYTHONPATH": str(target), "XDG_CACHE_HOME": str(tmp_path / "cache")}

    def python(*arguments: str) -> str:
        command = [sys.executable, *arguments]
        options = {"cwd": elsewhere, "env": environment, "capture_output": True, "text": True, "timeout": 500}
        return subprocess.run(command, check=True, **options).stdout

    assert Path(python("-c", "import convolab; print(convolab.__file__)").strip()).is_relative_to(target)
    assert json.loads(python("-m", "convolab", "data", "mnist", "--json"))["train_images"] == 60_000
    assert json.loads(python("-m", "convolab", "summary", "pretrained", "--json"))["parameters"] == 93_322


def test_the_license_of_the_data_travels_with_it(wheel):
    with zipfile.ZipFile(wheel) as file:
        notice = file.read("convolab/network/data/mnist/README.md").decode()
    assert "Yann LeCun, Corinna Cortes and Christopher J. C. Burges" in notice and "ShareAlike 3.0" in notice


def test_the_wheel_says_that_its_annotations_are_for_everyone(wheel):
    assert "convolab/py.typed" in contents(wheel)


@pytest.mark.slow
def test_the_sdist_builds_the_same_wheel_and_brings_the_tests(wheel, tmp_path):
    sdist = build(ROOT, tmp_path / "sdist", "sdist")
    with tarfile.open(sdist) as file:
        file.extractall(tmp_path / "unpacked", filter="data")
    source = next((tmp_path / "unpacked").iterdir())
    assert (source / "tests" / "test_wheel.py").exists() and (source / "README.md").exists()
    assert contents(build(source, tmp_path / "again", "wheel")) == contents(wheel)
