"""The moving picture says what the definition says."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from convolab.definition import apply_convolution, conv
from convolab.errors import ArgumentError
from convolab.geometry import Geometry
from convolab.views.sliding import sliding

pytestmark = pytest.mark.quick

INPUT, WEIGHT = np.arange(30).reshape(5, 6) % 7 - 2, np.array([[1, -2, 0], [3, 0, -1]])
SVG = "{http://www.w3.org/2000/svg}"


def sums(picture: str) -> list[str]:
    return [t.text for t in ElementTree.fromstring(picture).iter(f"{SVG}text") if t.get("class") == "mono sum"]


def test_every_output_element_is_written_out_and_adds_up():
    written = sums(sliding(INPUT, WEIGHT))
    assert len(written) == 4 * 4
    for line, expected in zip(written, apply_convolution(INPUT, WEIGHT).ravel(), strict=True):
        left, right = line.replace("−", "-").replace("·", "*").split(" = ")
        assert eval(left) == expected == int(right)


def test_at_the_border_only_real_taps_are_drawn():
    picture = sliding(INPUT, WEIGHT, padding=1, stride=2)
    geometry = Geometry((5, 6), (2, 3), padding=1, stride=2)
    assert len(re.findall('class="window"', picture)) == sum(1 for _ in geometry.taps())
    output = conv(geometry, INPUT[None, None], WEIGHT[None, None])[0, 0]
    assert [int(s.split(" = ")[1].replace("−", "-")) for s in sums(picture)] == output.ravel().tolist()


def test_the_file_needs_nothing_from_elsewhere():
    picture = sliding(INPUT, WEIGHT)
    assert not re.search(r"(href|url\(|src|@import)", picture)


def test_a_batch_is_refused():
    with pytest.raises(ArgumentError, match=r"sliding: draws planes. Expected \(H, W\) and \(kH, kW\)"):
        sliding(INPUT[None], WEIGHT)
