"""The figures of the gradients' page, and what the step curve says."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

import convolab
from convolab.definition.derivation import derivation
from convolab.drawing.svg import STYLE
from convolab.geometry import Geometry
from convolab.gradient.curve import sheets_curves, sheets_point, squares, squares_gradient, step_curve
from convolab.palette import styled
from convolab.views.curve import step_picture
from convolab.views.faults import planted_faults


@pytest.fixture(scope="module")
def curves():
    return sheets_curves()


def by_label(curves, title):
    return {curve.label: curve for curve in curves[title]}


@pytest.mark.slow
def test_a_parabola_is_measured_best_with_the_longest_step(curves):
    central = by_label(curves, "Σ (x ⋆ k)², a parabola")["central, float64"]
    assert central.best[0] >= 1 and central.best[1] < 1e-14


def test_elsewhere_the_best_step_lies_between_truncation_and_rounding(curves):
    found = by_label(curves, "Σ exp((x ⋆ k) / 4)")
    for label, low, high in (("central, float64", 1e-6, 1e-2), ("central, float32", 1e-3, 1)):
        step, error = found[label].best
        assert low < step < high
        # Cube root and square root of epsilon: the two ends of the valley are far higher than its floor.
        assert found[label].errors[0] > 1e3 * error and found[label].errors[-1] > 1e3 * error


def test_truncation_falls_with_the_square_of_a_central_step_and_with_a_one_sided_one(curves):
    found = by_label(curves, "Σ exp((x ⋆ k) / 4)")
    for label, order in (("one-sided, float64", 1), ("central, float64", 2)):
        curve = found[label]
        long, short = (float(curve.errors[list(curve.steps).index(2.0**-n)]) for n in (4, 6))
        assert long / short == pytest.approx(4**order, rel=0.1)


def test_the_sheets_step_in_float32_is_swamped_by_rounding():
    x, kernel = sheets_point()
    for dtype, low, high in ((np.float32, 0.01, 10), (np.float64, 0, 1e-7)):
        curve = step_curve(squares(kernel), squares_gradient(x, kernel), x.astype(dtype), steps=[1e-6])
        assert low < curve.errors[0] < high


def texts(svg: str) -> list[str]:
    return [element.text for element in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_the_curves_are_drawn_for_light_and_dark_pages(curves):
    picture = step_picture(curves).svg()
    root = ElementTree.fromstring(picture)
    assert len(root.findall(".//{*}path")) == 8 and "prefers-color-scheme: dark" in picture
    assert "the sheet: 10⁻⁶" in texts(picture)


def test_the_derivation_draws_every_tap_once_and_lights_those_of_the_element():
    picture = derivation({"input": 2}).svg()
    root = ElementTree.fromstring(picture)
    lines = root.findall(".//{*}line")
    assert len(lines) == len(list(Geometry(6, 3).taps())) == 12
    assert sum(line.get("class") == "lit" for line in lines) == 2
    assert "∂L/∂x₂ = w₂·y′₁ + w₁·y′₂" in texts(picture)


@pytest.mark.parametrize("options", [{"stride": 2}, {"padding": 1}, {"dilation": 2}])
def test_the_derivation_follows_the_geometry(options):
    root = ElementTree.fromstring(derivation({"output": 1, "weight": 3}, **options).svg())
    assert len(root.findall(".//{*}line")) == 2 * len(list(Geometry(6, 3, **options).taps()))


def test_a_recording_with_a_former_name_is_read_under_the_present_one(tmp_path):
    row = {"case": "chance", "expected": "not-deterministic", "convolab": True, "convolab_says": "not-deterministic"}
    run = {"command": "convolab bench gradcheck", "rows": [row], "convolab_noticed": 1, "convolab_named": 1}
    (tmp_path / "run.json").write_text(json.dumps(run))
    page = planted_faults(tmp_path / "run.json")
    assert "| chance | not-repeatable |" in page and "not-deterministic" not in page


def test_every_colour_of_a_drawing_is_the_palette_s():
    package = Path(convolab.__file__).parent
    own = [
        file.name
        for room in ("views", "drawing")
        for file in (package / room).glob("*.py")
        if re.search(r"#[0-9a-fA-F]{6}\b", file.read_text())
    ]
    assert not own and re.search(r"#[0-9a-f]{6}", STYLE)


def test_a_colour_that_the_palette_lacks_is_an_error():
    assert styled(".a { fill: $paper; }\n", ".a { fill: $paper; }\n") == (
        ".a { fill: #ffffff; }\n@media (prefers-color-scheme: dark) {\n.a { fill: #12151c; }\n}\n"
    )
    with pytest.raises(KeyError, match="mauve"):
        styled(".a { fill: $mauve; }")
