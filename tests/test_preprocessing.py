"""From a picture to 28 × 28: the same digit, however it was photographed."""

import io

import numpy as np
import pytest
from in_turn import few, in_turn, thinned
from PIL import Image
from scipy import ndimage

from convolab.errors import InputError
from convolab.network.data.named import bundled_mnist, first_of_mnist
from convolab.network.digits import morphology
from convolab.network.digits.clutter import frame
from convolab.network.digits.morphology import bounds
from convolab.network.digits.preparation import Preparation, measure, stroke_width
from convolab.network.digits.preprocessing import prepare
from convolab.network.digits.segmentation import find
from convolab.network.hazards.handwriting import Pen, ink, write
from convolab.network.hazards.scenes import HAZARDS, scene
from convolab.pictures.photographs import Picture, decode

RNG = np.random.default_rng(5)


def drawing(label: int, *, size=(200, 240), height=110.0, centre=(100, 120), width=0.1, seed=1) -> np.ndarray:
    """Black ink on white, as fractions."""
    rng = np.random.default_rng([seed, label])
    return 1 - ink(write(label, rng), size, centre=centre, height=height, pen=Pen(width, 0), rng=rng)


def seen(plane: np.ndarray) -> np.ndarray:
    return prepare(Picture(plane.astype(np.float32), plane.shape)).pixels[0]


# The same digit under another light, elsewhere, at another size: (name, what is done to black on white).
SAME = {
    "light on dark": lambda a: 1 - a,
    "low contrast": lambda a: 0.5 + 0.1 * a,
    "dark": lambda a: 0.05 + 0.1 * a,
    "a slope of light": lambda a: a * np.linspace(0.4, 1, a.shape[1]),
    "half in shadow": lambda a: a * np.where(np.arange(a.shape[0]) < 95, 1.0, 0.5)[:, None],
    "a wide margin": lambda a: np.pad(a, 150, mode="edge"),
    "in a corner": lambda a: np.pad(a, ((0, 200), (260, 0)), mode="edge"),
    "no margin": lambda a: a[slice(*bounds(a < 0.5)[::2]), slice(*bounds(a < 0.5)[1::2])],
    "twice the size": lambda a: np.kron(a, np.ones((2, 2))),
    "rules as dark as the ink": lambda a: np.where((np.arange(len(a)) % 45 < 2)[:, None], 0.0, a),
    "a speck beside it": lambda a: np.where(np.hypot(*(np.mgrid[:200, :240] - [[[30]], [[30]]])) < 2, 0, a),
}


@pytest.mark.parametrize("change, label", thinned(in_turn(SAME, [0, 2, 4, 5, 8], every=3), 9))
def test_the_network_sees_the_same_digit(change, label):
    plain = drawing(label)
    before, after = seen(plain), seen(change(plain))
    best = min(np.abs(np.roll(after, (y, x), (0, 1)) - before).mean() for y in (-1, 0, 1) for x in (-1, 0, 1))
    assert best < 0.02, f"mean difference {best:.3f} of pixels whose mean is {before.mean():.3f}"


@pytest.mark.parametrize("label", range(10))
def test_the_digit_fills_the_box_and_its_mass_is_in_the_middle(label):
    pixels = seen(drawing(label))
    top, left, bottom, right = bounds(pixels > 0)
    assert pixels.shape == (28, 28) and max(bottom - top, right - left) == 20
    y, x = (pixels.sum(1) @ np.arange(28), pixels.sum(0) @ np.arange(28)) / pixels.sum()
    assert abs(y - 14) <= 0.5 and abs(x - 14) <= 0.5


@pytest.mark.parametrize("width", [0.02, 0.05, 0.1, 0.2, 0.25])
def test_strokes_of_any_pen_become_as_wide_as_the_training_images_have_them(width):
    low, high = Preparation().stroke
    assert low - 0.2 < stroke_width(seen(drawing(2, width=width))) < high + 0.4


def test_images_of_mnist_come_back_almost_as_they_were():
    images = bundled_mnist()["test_images"][:30] / np.float32(255)
    again = [seen(image) for image in images]
    shifts = [(y, x) for y in (-1, 0, 1) for x in (-1, 0, 1)]  # a centre of mass near half a pixel rounds either way
    differences = [
        min(np.abs(np.roll(a, s, (0, 1)) - i).mean() for s in shifts) for a, i in zip(again, images, strict=True)
    ]
    assert np.median(differences) < 0.02  # their mean pixel is 0.13


def test_the_box_and_the_polarity_are_those_of_the_drawing():
    plane = drawing(3, centre=(140, 70), height=60)
    found = find(np.float32(plane))
    expected = np.array(bounds(plane < 0.5)) / (200, 240, 200, 240)
    assert found.dark and np.abs(np.array(found.box) - expected).max() < 0.015
    assert find(np.float32(1 - plane)).dark is False


def test_every_step_is_put_into_words():
    plane = drawing(7, width=0.02)
    notes = prepare(Picture(np.float32(plane), plane.shape)).notes
    for words in ("found ink, dark on light", "cropped", "widened strokes", "fitted into 20 × 20, centred by mass"):
        assert any(words in note for note in notes), notes


@pytest.mark.parametrize(
    "plane",
    [np.ones((50, 60)), np.zeros((1, 1)), np.full((3, 400), 0.5), 0.5 + 0.01 * RNG.standard_normal((90, 90))],
    ids=["white", "one pixel", "a strip", "noise"],
)
def test_a_picture_of_nothing_is_refused(plane):
    with pytest.raises(InputError, match=r"me\.png: nothing stands out from the ground"):
        prepare(Picture(plane.astype(np.float32), plane.shape), name="me.png")


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (2, 3), (5, 5), (400, 3), (9, 2)])
def test_pictures_of_any_shape_are_read_or_refused(size):
    for _ in range(5):
        plane = RNG.random(size).astype(np.float32)
        for pixels in (plane, np.repeat(plane[..., None], 3, 2) * RNG.random(3).astype(np.float32)):
            try:
                prepared = prepare(Picture(pixels, size))
            except InputError:
                continue
            assert prepared.pixels.shape == (1, 28, 28) and np.isfinite(prepared.pixels).all()


def test_red_ink_on_green_paper_of_the_same_brightness_is_found():
    coverage = 1 - drawing(5)[..., None]
    green, red = np.array([0.20, 0.509, 0.2]), np.array([0.8, 0.203, 0.2])
    assert abs(green @ [0.299, 0.587, 0.114] - red @ [0.299, 0.587, 0.114]) < 1e-3
    picture = Picture(np.float32(green + coverage * (red - green)), coverage.shape[:2])
    prepared = prepare(picture)
    assert np.abs(prepared.pixels[0] - seen(drawing(5))).mean() < 0.02
    assert any("by colour" in note for note in prepared.notes)


# The numbers of a training set.


def test_the_preparation_of_mnist_is_measured_as_its_authors_described_it():
    measured = measure(bundled_mnist()["train_images"][:, None])
    assert (measured.kind, measured.size, measured.box, measured.light_on_dark) == ("digit", (28, 28), 20, True)
    assert np.abs(np.array(measured.centre) - 14).max() <= 0.1
    assert np.abs(np.array(measured.stroke) - Preparation().stroke).max() <= 0.11


@pytest.mark.parametrize("quality", [30, 75, 95])
def test_what_jpeg_leaves_around_strokes_does_not_enter_the_box(quality):
    def stored(image):
        file = io.BytesIO()
        Image.fromarray(image).save(file, "JPEG", quality=quality)
        return np.asarray(Image.open(file))

    images = first_of_mnist("train_images", 300)
    measured, clean = measure(np.stack([stored(image) for image in images])[:, None]), measure(images[:, None])
    assert (measured.kind, measured.box) == ("digit", 20)
    assert np.abs(np.array(measured.stroke) - clean.stroke).max() <= 0.3


def test_dark_digits_on_light_are_measured_and_made_so():
    measured = measure(255 - bundled_mnist()["train_images"][:2000, None])
    assert measured.kind == "digit" and not measured.light_on_dark and measured.box == 20
    plane = drawing(2)
    dark = prepare(Picture(np.float32(plane), plane.shape), measured).pixels[0]
    assert dark[0, 0] == 1 and np.abs((1 - dark) - seen(plane)).mean() < 0.01


def test_pictures_that_reach_the_border_are_used_whole():
    images = RNG.integers(0, 256, (50, 3, 16, 24), np.uint8)
    measured = measure(images)
    assert (measured.kind, measured.size, measured.channels) == ("whole", (16, 24), 3)
    prepared = prepare(Picture(RNG.random((80, 60, 3), np.float32), (80, 60)), measured)
    assert prepared.pixels.shape == (3, 16, 24)


def test_a_whole_picture_on_the_other_ground_is_inverted():
    whole = Preparation("whole", light_on_dark=True)
    plane = np.ones((56, 56), np.float32)
    plane[20:40, 20:40] = 0.1
    prepared = prepare(Picture(plane, plane.shape), whole)
    assert prepared.pixels[0, 0, 0] < 0.1 < 0.8 < prepared.pixels[0, 15, 15]
    assert any("inverted" in note for note in prepared.notes)


def test_the_numbers_survive_being_stored():
    numbers = Preparation(box=18, stroke=(1.5, 2.5))
    assert Preparation.from_dict(numbers.to_dict()) == numbers


@pytest.mark.parametrize(
    "change", [{"kind": "oval"}, {"box": 40}, {"box": "20"}, {"colour": 1}, {"stroke": [0, 1]}, {"centre": [1]}]
)
def test_numbers_that_make_no_sense_are_refused(change):
    with pytest.raises(InputError, match="preprocessing: the model's numbers cannot be used"):
        Preparation.from_dict(Preparation().to_dict() | change)


# Scenes.


@pytest.mark.parametrize("name", few(list(HAZARDS), 6))
def test_every_scene_is_a_picture_that_repeats(name):
    first = scene(name, 3, 0)
    assert first == scene(name, 3, 0) != scene(name, 3, 1)
    assert decode(first).pixels.std() > 0.005


# The operations on shapes, against scipy's.


@pytest.mark.parametrize("density", [0.05, 0.4, 0.6, 0.95])
def test_components_are_scipys(density):
    mask = RNG.random((70, 93)) < density
    ours, count = morphology.components(mask)
    theirs, expected = ndimage.label(mask, np.ones((3, 3)))
    assert count == expected
    assert len(set(zip(ours.ravel(), theirs.ravel(), strict=True))) == expected + 1


def test_a_frame_runs_along_all_of_its_box_and_a_cross_with_a_dot_is_none():
    inside, rectangle, cross = np.zeros((3, 60, 60), bool)
    inside[12:26, 12:26] = True
    rectangle[5:55, 5:55] = True
    rectangle[8:52, 8:52] = False
    cross[5:55, 28:32] = cross[28:32, 5:55] = True
    assert np.array_equal(frame(rectangle | inside), rectangle)
    assert frame(cross | inside) is None, "only the ends of a cross lie at the sides of its box"


def test_components_of_nothing_and_of_everything():
    assert morphology.components(np.zeros((4, 5), bool))[1] == 0
    labels, count = morphology.components(np.ones((4, 5), bool))
    assert count == 1 and (labels == 1).all()


@pytest.mark.parametrize("size", [3, 7, 21, 55])
def test_closing_and_opening_are_scipys(size):
    plane = RNG.random((40, 61)).astype(np.float32)
    grown = ndimage.maximum_filter(plane, size, mode="constant", cval=-9)
    np.testing.assert_array_equal(
        morphology.closing(plane, size), ndimage.minimum_filter(grown, size, mode="constant", cval=9)
    )
    np.testing.assert_array_equal(morphology.opening(plane, size), -morphology.closing(-plane, size))


def test_distances_are_scipys():
    mask = RNG.random((60, 45)) < 0.03
    np.testing.assert_allclose(morphology.distance_to(mask), ndimage.distance_transform_edt(~mask), rtol=1e-6)
    assert np.isinf(morphology.distance_to(np.zeros((3, 4), bool))).all()


def test_smoothing_is_scipys():
    plane = RNG.random((30, 41)).astype(np.float32)
    expected = ndimage.gaussian_filter(plane, 1.3, mode="nearest", truncate=4 / 1.3)
    np.testing.assert_allclose(morphology.smooth(plane, 1.3), expected, atol=1e-6)
