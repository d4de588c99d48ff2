"""How was the shipped model made? Every step from MNIST and fonts to `pretrained.safetensors`.

    python benchmarks/pretrained.py draw reading.npz --fonts FOLDER      # about ten minutes
    convolab train reading.npz --recipe accurate --skip-test --runs runs
    python benchmarks/pretrained.py finish runs/… reading.npz pretrained.safetensors

What `draw` writes is a data set of eleven classes: the ten digits, and "none", pictures of anything else. Digits are
MNIST's training images, as they are and once more as other scanners, pens and cameras would have them; and those of
fonts. The rest are letters and signs of the same fonts, scribbles, shapes, pieces of digits, digits that touch,
textures, and patches of photographs (of scikit-image, which has to be installed). Everything but MNIST's own images is
prepared by the steps that `predict` takes: a mask of ink, fitted, its strokes made as wide as is usual, centred.

`finish` makes of the eleventh output what the model says of "none" (see `prediction.probabilities`), and chooses the
temperature and the offset of "none" that suit the held-out images best. MNIST's test images are not looked at.
"""

import argparse
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from convolab.network.data.named import load_dataset
from convolab.network.digits.morphology import bounds, components, dilate, smooth
from convolab.network.digits.preparation import Preparation
from convolab.network.digits.preprocessing import centred, fitted
from convolab.network.digits.segmentation import find
from convolab.network.hazards.composition import cloud

NONE, SIDE = 10, 96
HELD_OUT = 5_000  # of MNIST's training images, with all that is drawn from them
# Held-out images are "none" far more often, and digits of them more like those it was trained with, than what people
# show: so much less is said for "none", in nats. Chosen on optdigits and the kinds of `bench reading`.
DOUBT = 3.0
PREPARATION = Preparation()
# Signs that look like a digit in some hand or font are neither letters to refuse nor digits to read.
DIGIT_LIKE = "OoQlIiD|/!(){}'`,.-"
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz"
SIGNS = "?&%$#@*+=<>[]^~§ÄÖÜßéñæø€£Σπλµ¿½«»"
ALPHABETS = "БГДЖЛПФЦЩЮЯΔΘΞΨΩअआकखगचजडतनपमरलஅஆகஙசஞணநபமԱԲԳԴԵԺԿՁՃՇ"
# Photographs of scikit-image. The bench measures others.
PHOTOGRAPHS = ("camera", "chelsea", "coins", "grass", "gravel", "brick", "horse", "moon", "cell", "ihc", "text", "page")
Planes = Iterator[np.ndarray]


# Ink (H, W), fractions, to what the network sees of it.


def seen(ink: np.ndarray, rng: np.random.Generator, *, most_blur: float = 2.0) -> np.ndarray | None:
    """What the network sees of ink that a camera blurred; None where nothing is left of it."""
    blurred = smooth(ink.astype(np.float32), rng.uniform(0.6, most_blur))
    mask = blurred > rng.uniform(0.35, 0.6) * blurred.max()
    return _prepared(_without_specks(mask)) if mask.any() else None


def _without_specks(mask: np.ndarray) -> np.ndarray:
    labels, count = components(mask)
    sizes = np.bincount(labels.ravel(), minlength=count + 1)
    sizes[0] = 0
    return np.isin(labels, np.flatnonzero(sizes > 0.03 * sizes.max()))


def _prepared(mask: np.ndarray) -> np.ndarray | None:
    if not mask.any():
        return None
    drawn, _ = fitted(mask, PREPARATION)
    return np.uint8(np.round(np.clip(centred(drawn, PREPARATION), 0, 1) * 255))


def enlarged(image: np.ndarray, longest: int, resample=Image.Resampling.BICUBIC) -> np.ndarray:
    """An image of fractions with a longer side of so many pixels, with room around it."""
    height, width = image.shape
    scale = longest / max(height, width)
    size = max(2, round(width * scale)), max(2, round(height * scale))
    drawn = np.asarray(Image.fromarray(image.astype(np.float32)).resize(size, resample))
    return np.pad(np.clip(drawn, 0, 1), longest // 6)


def warped(ink: np.ndarray, rng: np.random.Generator, *, turn: float = 10, slant: float = 0.25) -> np.ndarray:
    """Ink turned by some degrees and slanted, on a plane with room for it."""
    angle, lean = np.radians(rng.uniform(-turn, turn)), rng.uniform(-slant, slant)
    inverse = np.linalg.inv([[np.cos(angle), lean - np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    half = np.array(ink.shape[::-1]) / 2
    offset = half - inverse @ half
    numbers = (*inverse[0], offset[0], *inverse[1], offset[1])
    room = np.asarray(ink, np.float32)
    return np.asarray(
        Image.fromarray(room).transform(room.shape[::-1], Image.Transform.AFFINE, numbers, Image.BILINEAR)
    )


# Digits.


def rewritten(image: np.ndarray, rng: np.random.Generator) -> np.ndarray | None:
    """One of MNIST's digits as another pen and another scanner would have it."""
    t, l, b, r = bounds(image > 0.2)
    crop = image[t:b, l:r]
    ink = warped(np.pad(enlarged(crop, 64), 8), rng)
    ink = _rescanned(ink, rng) if rng.random() < 0.7 else ink
    return seen(ink, rng, most_blur=3.0)


def _rescanned(ink: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Ink reduced to 7 to 18 pixels, in its own proportions or stretched to a square, levels or black and white."""
    if not (ink > 0.5).any():
        return ink
    t, l, b, r = bounds(ink > 0.5)
    height, width = b - t, r - l
    stretch = rng.uniform(0, 1) if rng.random() < 0.7 else 0.0
    wide = width * (height / width) ** stretch if width > 0.45 * height else width * rng.uniform(1, 1.3)
    grid = int(rng.choice([7, 8, 8, 9, 10, 12, 16, 16, 18]))
    scale = grid / max(height, wide)
    size = max(2, round(wide * scale)), max(2, round(height * scale))
    small = np.asarray(Image.fromarray(ink[t:b, l:r].astype(np.float32)).resize(size, Image.Resampling.BOX))
    if rng.random() < 0.3 and grid >= 12:
        small = (small > rng.uniform(0.3, 0.6)).astype(np.float32)
    elif rng.random() < 0.5:
        small = np.clip(small * rng.uniform(1, 1.6), 0, 1)
    small = np.round(np.pad(small, 1) * 16) / 16
    kind = Image.Resampling.BICUBIC if rng.random() < 0.7 else Image.Resampling.NEAREST
    return enlarged(small, 80, kind)


# Fonts.


def fonts_of(folders: list[Path]) -> list[ImageFont.FreeTypeFont]:
    found = sorted(p for folder in folders for p in folder.rglob("*") if p.suffix in (".ttf", ".otf", ".woff"))
    return [ImageFont.truetype(str(path), 80) for path in found]


def glyph(font: ImageFont.FreeTypeFont, letter: str) -> np.ndarray | None:
    """The ink of a letter; None where the font has none of its own."""
    try:
        if bytes(font.getmask(letter)) == bytes(font.getmask("\uffff")) or not font.getbbox(letter)[2]:
            return None
        left, top, right, bottom = font.getbbox(letter)
        image = Image.new("L", (right - left + 48, bottom - top + 48))
        ImageDraw.Draw(image).text((24 - left, 24 - top), letter, 255, font)
    except OSError:
        return None
    ink = np.asarray(image, np.float32) / 255
    return enlarged(ink, SIDE) if ink.max() > 0.5 else None


def written(fonts, letters: str, rng: np.random.Generator, times: int) -> Iterator[tuple[str, np.ndarray]]:
    """Every letter in every font that has it, so many times, each turned and slanted a little."""
    for font in fonts:
        for letter in letters:
            ink = glyph(font, letter)
            for _ in range(times if ink is not None else 0):
                yield letter, warped(ink, rng, turn=8, slant=0.2)


# What is no digit.


def scribble(rng: np.random.Generator) -> np.ndarray:
    """A curve without a meaning, or several strokes."""
    image = Image.new("L", (SIDE, SIDE))
    draw = ImageDraw.Draw(image)
    width = int(rng.integers(3, 9))
    for _ in range(int(rng.choice([1, 1, 2, 3, 5]))):
        points = rng.uniform(12, SIDE - 12, (int(rng.integers(5, 14)), 2))
        if rng.random() < 0.7:
            t, fine = np.linspace(0, 1, len(points)), np.linspace(0, 1, 120)
            points = np.stack([_smooth_through(t, points[:, k], fine) for k in (0, 1)], 1)
        draw.line([tuple(p) for p in points], 255, width, joint="curve")
    return np.asarray(image, np.float32) / 255


def _smooth_through(t, values, fine):
    from scipy.interpolate import CubicSpline

    return np.clip(CubicSpline(t, values)(fine), 4, SIDE - 4)


def shape(rng: np.random.Generator) -> np.ndarray:
    """A triangle, a square, a cross, a tick, a zigzag, a grid, or a filled one of them."""
    corners = [
        [(0, 1), (0.5, 0), (1, 1), (0, 1)],
        [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)],
        [(0.5, 0), (1, 0.5), (0.5, 1), (0, 0.5), (0.5, 0)],
        [(0, 0), (1, 1), (0.5, 0.5), (1, 0), (0, 1)],
        [(0.5, 0), (0.5, 1), (0.5, 0.5), (0, 0.5), (1, 0.5)],
        [(0, 0.6), (0.35, 1), (1, 0)],
        [(0, 0.2), (0.25, 0.8), (0.5, 0.2), (0.75, 0.8), (1, 0.2)],
        [(0, 0), (1, 0), (1, 0.33), (0, 0.33), (0, 0.66), (1, 0.66), (1, 1), (0, 1), (0, 0), (0, 1), (1, 1), (1, 0)],
        [(0, 0), (1, 0), (0.5, 0), (0.5, 1)],
        [(0.2, 0), (0.2, 1), (0.8, 1), (0.8, 0), (0.2, 0.5), (0.8, 0.5)],
        [(0, 1), (0, 0.5), (0.5, 0), (1, 0.5), (1, 1), (0, 1)],
    ]
    chosen = np.array(corners[rng.integers(len(corners))]) + rng.normal(0, 0.04, (1, 2))
    chosen = chosen + rng.normal(0, 0.04, chosen.shape)
    points = [tuple(p) for p in 16 + chosen * rng.uniform(30, 64, 2)]
    image = Image.new("L", (SIDE, SIDE))
    if rng.random() < 0.3:
        ImageDraw.Draw(image).polygon(points, 255)
    ImageDraw.Draw(image).line(points, 255, int(rng.integers(3, 9)), joint="curve")
    return warped(np.asarray(image, np.float32) / 255, rng, turn=45)


def piece(image: np.ndarray, rng: np.random.Generator) -> np.ndarray | None:
    """A part of a 2, 3, 4, 5 or 8 that was cut at a straight line; None where what is left may be a 1 or a 7."""
    t, l, b, r = bounds(image > 0.2)
    ink = np.pad(enlarged(image[t:b, l:r], 72), 6)
    y, x = np.mgrid[-1 : 1 : ink.shape[0] * 1j, -1 : 1 : ink.shape[1] * 1j]
    angle = rng.uniform(0, 6.3)
    left = ink * (np.cos(angle) * x + np.sin(angle) * y > rng.uniform(-0.1, 0.25))
    if (left > 0.5).sum() < 0.25 * (ink > 0.5).sum():
        return None
    t, l, b, r = bounds(left > 0.5)
    return left if min(b - t, r - l) > 0.45 * max(b - t, r - l) else None


def touching(first: np.ndarray, second: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Two digits, the second across the first or against it."""
    crops = []
    for image in (first, second):
        t, l, b, r = bounds(image > 0.2)
        crops.append(enlarged(image[t:b, l:r], 60)[10:-10, 10:-10])
    a, b = crops
    apart = int(rng.uniform(0.6, 1.0) * a.shape[1])
    plane = np.zeros((max(a.shape[0], b.shape[0]) + 12, apart + b.shape[1] + a.shape[1] + 8), np.float32)
    plane[2 : 2 + a.shape[0], 4 : 4 + a.shape[1]] = a
    down = int(rng.integers(0, 10))
    place = plane[2 + down : 2 + down + b.shape[0], 4 + apart : 4 + apart + b.shape[1]]
    np.maximum(place, b[: place.shape[0]], out=place)
    return enlarged(plane, SIDE)


def texture(rng: np.random.Generator) -> np.ndarray:
    """Clouds, stripes, checks or grains, black and white, in a window of any shape."""
    kind = rng.integers(4)
    y, x = np.mgrid[:SIDE, :SIDE]
    if kind == 0:
        plane = cloud((SIDE, SIDE), rng, int(rng.integers(5, 30))) > rng.uniform(-0.2, 0.5)
    elif kind == 1:
        angle = rng.uniform(0, 3.2)
        plane = np.sin((np.cos(angle) * x + np.sin(angle) * y) * rng.uniform(0.15, 0.7)) > rng.uniform(-0.3, 0.6)
    elif kind == 2:
        cell = rng.integers(8, 30)
        plane = (x // cell + y // cell) % 2 == 0
    else:
        plane = dilate(rng.random((SIDE, SIDE)) < rng.uniform(0.001, 0.02), int(rng.integers(1, 5)))
    inside = np.hypot((x - SIDE / 2) / rng.uniform(0.5, 1), (y - SIDE / 2) / rng.uniform(0.5, 1)) < SIDE / 2.2
    return np.pad((plane & inside).astype(np.float32), 8)


def patches(count: int, rng: np.random.Generator) -> Planes:
    """What is found in patches of photographs."""
    import skimage.data

    folder = Path(skimage.data.__file__).parent
    pictures = [_grey(np.asarray(Image.open(folder / f"{name}.png"))) for name in PHOTOGRAPHS]
    for _ in range(count):
        picture = pictures[rng.integers(len(pictures))]
        side = int(rng.integers(40, min(240, *picture.shape)))
        y, x = (int(rng.integers(0, length - side + 1)) for length in picture.shape)
        found = find(picture[y : y + side, x : x + side])
        if found is not None and (image := _prepared(found.mask)) is not None:
            yield image


def _grey(picture: np.ndarray) -> np.ndarray:
    plane = picture.mean(2) if picture.ndim == 3 else picture
    return np.float32(plane / max(plane.max(), 1))


# The data set.


def drawn(folders: list[Path], rng: np.random.Generator, share: float) -> dict[str, np.ndarray]:
    """Images and labels, and beside them those that are held out."""
    mnist = load_dataset("mnist")
    images, labels = mnist.train_images[:, 0], mnist.train_labels
    count = int(share * len(images))
    order = rng.permutation(len(images))[:count]
    held = int(HELD_OUT * share)
    fonts = fonts_of(folders)
    tested = set(rng.permutation(len(fonts))[: max(1, len(fonts) // 12)].tolist())
    parts = {
        "train": ([f for k, f in enumerate(fonts) if k not in tested], order[held:]),
        "test": ([f for k, f in enumerate(fonts) if k in tested], order[:held]),
    }
    found = {}
    for name, (some, chosen) in parts.items():
        pairs = list(_pairs(some, images[chosen] / np.float32(255), labels[chosen], rng))
        x, y = np.stack([image for image, _ in pairs]), np.array([label for _, label in pairs], np.uint8)
        if name == "train":
            x, y = np.concatenate([images[chosen], x]), np.concatenate([labels[chosen], y])
        print(f"{name}: {len(x)} images, {np.bincount(y)}", flush=True)
        found |= {f"x_{name}": x, f"y_{name}": y}
    return found


def _pairs(fonts, images: np.ndarray, labels: np.ndarray, rng: np.random.Generator) -> Iterator[tuple[np.ndarray, int]]:
    """Everything that is drawn: prepared images and their labels."""
    count = len(images)

    def some(most: float, draw: Callable[[], np.ndarray | None]) -> Iterator[tuple[np.ndarray, int]]:
        for _ in range(int(most * count)):
            ink = draw()
            if ink is not None and ink.max() > 0.5 and (image := seen(ink, rng)) is not None:
                yield image, NONE

    def any_of(digits: str) -> np.ndarray:
        while str(labels[k := rng.integers(count)]) not in digits:
            pass
        return images[k]

    for image, label in zip(images, labels, strict=True):
        if (other := rewritten(image, rng)) is not None:
            yield other, int(label)
    print("digits rewritten", flush=True)
    for letter, ink in written(fonts, "0123456789" * 2, rng, 3):
        if (image := seen(ink, rng)) is not None:
            yield image, int(letter)
    for letters, times in ((LETTERS, 3), (SIGNS + ALPHABETS, 2)):
        for _, ink in written(fonts, letters, rng, times):
            if (image := seen(ink, rng)) is not None:
                yield image, NONE
    print("letters written", flush=True)
    yield from some(0.08, lambda: scribble(rng))
    yield from some(0.05, lambda: shape(rng))
    yield from some(0.05, lambda: piece(any_of("23458"), rng))
    yield from some(0.06, lambda: touching(any_of("0123456789"), any_of("0123456789"), rng))
    yield from some(0.04, lambda: texture(rng))
    for image in patches(count // 50, rng):
        yield image, NONE


def draw(out: Path, folders: list[Path], share: float) -> None:
    np.savez_compressed(out, **drawn(folders, np.random.default_rng(0), share))


# The model.


def finish(run: Path, data: Path, out: Path) -> None:
    """Write the model of a run of eleven classes as one of ten digits that knows "none"."""
    import torch

    from convolab.network.model.checkpoint import save_model
    from convolab.network.model.models import build_model
    from convolab.network.model.runs import load

    trained = load(run)
    held = np.load(data)
    images, labels = torch.from_numpy(held["x_test"])[:, None] / 255, torch.from_numpy(held["y_test"]).long()
    with torch.no_grad():
        logits = torch.cat([trained(part) for part in images.split(512)]).double()
    temperature, offset = calibrated(logits, labels)
    state = dict(trained.network.state_dict())
    weight, bias = state["linear2.weight"] / temperature, state["linear2.bias"] / temperature
    state |= {"linear2.weight": weight[:NONE], "linear2.bias": bias[:NONE]}
    network = build_model("lab", (1, 28, 28), NONE)
    network.load_state_dict(state)
    config = {key: value for key, value in trained.config.items() if key != "format"} | {
        "classes": [str(k) for k in range(NONE)],
        "preprocessing": PREPARATION.to_dict(),
        "dataset": "mnist",
        "drawn_by": "benchmarks/pretrained.py: mnist, fonts, and what is no digit",
        "none": {"weight": weight[NONE].tolist(), "bias": float(bias[NONE]) + offset - DOUBT},
    }
    save_model(out, network, config)
    print(json.dumps({"temperature": temperature, "offset": offset, "bytes": out.stat().st_size}))


def calibrated(logits, labels) -> tuple[float, float]:
    """The temperature and the offset of "none" under which the held-out labels are the most likely."""
    import torch

    numbers = torch.zeros(2, dtype=torch.double, requires_grad=True)
    rise = torch.nn.functional.one_hot(torch.tensor(NONE), NONE + 1).double()
    optimizer = torch.optim.LBFGS([numbers], max_iter=100)

    def loss():
        optimizer.zero_grad()
        found = torch.nn.functional.cross_entropy(logits / numbers[0].exp() + numbers[1] * rise, labels)
        found.backward()
        return found

    optimizer.step(loss)
    return float(numbers[0].exp()), float(numbers[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    drawing = commands.add_parser("draw")
    drawing.add_argument("out", type=Path)
    drawing.add_argument("--fonts", type=Path, nargs="+", required=True)
    drawing.add_argument("--share", type=float, default=1.0, help="of MNIST's images, to try it")
    finishing = commands.add_parser("finish")
    finishing.add_argument("run", type=Path)
    finishing.add_argument("data", type=Path)
    finishing.add_argument("out", type=Path)
    given = parser.parse_args()
    if given.command == "draw":
        draw(given.out, given.fonts, given.share)
    else:
        finish(given.run, given.data, given.out)


if __name__ == "__main__":
    main()
