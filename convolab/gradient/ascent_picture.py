"""What does an ascent look like? Its first, last and best image, and its losses on the way."""

import io
from math import isfinite

import numpy as np

from convolab.drawing import Drawing
from convolab.drawing.shapes import Shape, line, path, rect, text
from convolab.palette import rgb

SIDE, MARGIN, GAP, TOP = 190, 24, 28, 84
HEIGHT = 150
# Cells drawn along an axis at most; of larger images every second, third, … pixel.
CELLS = 64


def _images_of(found) -> list[tuple[str, np.ndarray]]:
    """Return the planes to show: first channel, each with its name."""
    optimum = "optimum: top singular vector" if found.constraint == "sphere" else "top singular vector"
    pictures = [
        ("random start", found.start),
        (f"after {found.iterations} steps", found.image),
        (optimum, found.vector),
    ]
    return [(title, _plane(image[0])) for title, image in pictures]


def _plane(image: np.ndarray) -> np.ndarray:
    """Return the last two axes; of a volume its middle slice."""
    while image.ndim > 2:
        image = image[image.shape[0] // 2]
    return image.reshape(1, -1) if image.ndim == 1 else image


def ascent_picture(found) -> Drawing:
    """Draw the three images, blue for positive and red for negative pixels, and the loss against the step."""
    width = 2 * MARGIN + 3 * SIDE + 2 * GAP
    body = [text(MARGIN, 32, f"Gradient ascent on Σ (x ⋆ k)² {found.obeys}", "title")]
    tallest = 0.0
    for n, (name, image) in enumerate(_images_of(found)):
        x = MARGIN + n * (SIDE + GAP)
        body += [text(x, TOP - 20, name, "small"), *_image(image, x, TOP)]
        tallest = max(tallest, SIDE * image.shape[0] / image.shape[1])
    y = TOP + tallest + 56
    body += _losses(found, y, width - 2 * MARGIN - 70)
    return Drawing(width, y + HEIGHT + 56, f"Gradient ascent, {found.obeys}", body)


def _image(image: np.ndarray, x: float, y: float) -> list[Shape]:
    # A large image would make a file of a hundred thousand cells.
    image = image[tuple(slice(0, CELLS * -(-size // CELLS), -(-size // CELLS)) for size in image.shape)]
    cell, largest = SIDE / image.shape[1], max(float(np.abs(image).max()), 1e-300)
    body = []
    for at in np.ndindex(image.shape):
        value = image[at] / largest
        sign = "negative" if value < 0 else "positive"
        body.append(
            rect(x + at[1] * cell, y + at[0] * cell, cell, cell, f"cell {sign}", opacity=round(float(abs(value)), 3))
        )
    return body


def _losses(found, y: float, width: float) -> list[Shape]:
    """Draw the loss against the step, logarithmic where it grows without end."""
    left, log = MARGIN + 60, found.constraint == "none"
    values = np.log10(np.maximum(found.losses, 1e-300)) if log else found.losses
    goal = found.optimum if found.optimum is not None and isfinite(found.optimum) else None
    low, high = (float(values.min()), float(values.max())) if log else (0.0, max(float(values.max()), goal or 0.0))
    high = high if high > low else low + 1
    place = lambda v: y + HEIGHT * (high - v) / (high - low)  # noqa: E731
    points = [(left + width * n / max(1, len(values) - 1), place(v)) for n, v in enumerate(values)]
    body = [line(left, y, left, y + HEIGHT, "axis"), line(left, y + HEIGHT, left + width, y + HEIGHT, "axis")]
    for value in (low, high):
        label = f"10^{value:.0f}" if log else f"{value:.4g}"
        body.append(text(left - 8, place(value) + 4, label, "small end muted"))
    if goal is not None:
        name = "optimum" if found.constraint == "sphere" else "no image has more than"
        body.append(line(left, place(goal), left + width, place(goal), "line dashed c"))
        body.append(text(left + width, place(goal) - 8, f"{name} {goal:.6g}", "small end"))
    body.append(path(points, "line a"))
    body.append(text(left + width / 2, y + HEIGHT + 34, f"step: 0 to {found.iterations}", "small middle"))
    body.append(text(left, y - 10, f"loss{' (logarithmic)' if log else ''}, at last {found.final_loss:.6g}", "small"))
    return body


def ascent_png(found) -> bytes:
    """Draw the three images side by side, white for 0, blue for positive and red for negative pixels."""
    from PIL import Image, ImageDraw, ImageFont

    pictures = _images_of(found)
    scale = max(1, SIDE // max(max(image.shape) for _, image in pictures))
    panels = [Image.fromarray(_coloured(image)) for _, image in pictures]
    panels = [p.resize((p.width * scale, p.height * scale), Image.Resampling.NEAREST) for p in panels]
    step = max(panels[0].width, SIDE) + GAP
    sheet = Image.new("RGB", (3 * step - GAP + 2 * MARGIN, panels[0].height + 2 * MARGIN + 30), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(14)
    for n, ((title, _), panel) in enumerate(zip(pictures, panels, strict=True)):
        sheet.paste(panel, (MARGIN + n * step, MARGIN + 30))
        draw.text((MARGIN + n * step, MARGIN), title, fill=rgb("ink"), font=font)
    stream = io.BytesIO()
    sheet.save(stream, "PNG")
    return stream.getvalue()


BLUE, RED, WHITE = (np.array(rgb(name)) for name in ("positive", "negative", "paper"))


def _coloured(image: np.ndarray) -> np.ndarray:
    strength = np.abs(image)[..., None] / max(float(np.abs(image).max()), 1e-300)
    colour = np.where(image[..., None] < 0, RED, BLUE)
    return np.round(WHITE + strength * (colour - WHITE)).astype(np.uint8)
