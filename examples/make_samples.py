"""Make the sample pictures: `python examples/make_samples.py`. A ray-traced still life, a drawing in ink, a photograph.

The first two are computed here from nothing, so that they belong to nobody else. Pixels differ by at most a rounding
from one machine to another. The photograph is part of scikit-image's `camera`, by Lav Varshney, CC0.
"""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

HERE = Path(__file__).parents[1] / "convolab" / "pictures" / "samples"
WIDTH, HEIGHT, SAMPLES = 640, 480, 24
LIGHT, LIGHT_SIZE = np.array([-4.0, 7.0, -5.0]), 1.1
# centre, radius, colour, how much of a mirror it is
SPHERES = [
    ((-1.35, 0.95, 1.0), 0.95, (0.72, 0.16, 0.10), 0.06),
    ((0.75, 0.70, 0.1), 0.70, (0.86, 0.62, 0.12), 0.04),
    ((1.95, 1.15, 2.1), 1.15, (0.55, 0.58, 0.62), 0.75),
    ((-0.25, 0.38, -0.75), 0.38, (0.18, 0.36, 0.20), 0.05),
    ((-2.6, 0.55, -0.2), 0.55, (0.24, 0.22, 0.42), 0.05),
]  # fmt: skip
CENTRES = np.array([c for c, *_ in SPHERES])
RADII = np.array([r for _, r, *_ in SPHERES])
COLOURS = np.array([c for _, _, c, _ in SPHERES])
MIRRORS = np.array([m for *_, m in SPHERES])


def unit(v: np.ndarray) -> np.ndarray:
    return v / np.linalg.norm(v, axis=-1, keepdims=True)


def nearest(origin: np.ndarray, way: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Distance to the first thing that rays meet, and which: a sphere's number, -1 the table, -2 nothing."""
    gap = origin[:, None] - CENTRES
    b = (gap * way[:, None]).sum(-1)
    root = b**2 - (gap**2).sum(-1) + RADII**2
    t = np.where(root > 0, -b - np.sqrt(np.maximum(root, 0)), np.inf)
    t = np.where(t > 1e-4, t, np.inf)
    sphere, distance = t.argmin(1), t.min(1)
    table = np.where(way[:, 1] < -1e-6, -origin[:, 1] / np.minimum(way[:, 1], -1e-6), np.inf)
    table = np.where(table > 1e-4, table, np.inf)
    which = np.where(table < distance, -1, sphere)
    distance = np.minimum(distance, table)
    return distance, np.where(np.isinf(distance), -2, which)


def cloth(point: np.ndarray) -> np.ndarray:
    """A checked cloth with a weave, on a wooden table."""
    x, z = point[:, 0], point[:, 2]
    checks = (np.floor(x * 1.4) + np.floor(z * 1.4)) % 2
    weave = 0.04 * np.sin(70 * x) * np.sin(70 * z)
    colour = np.where(checks[:, None] > 0, [0.78, 0.76, 0.70], [0.30, 0.38, 0.46]) + weave[:, None]
    rings = 0.06 * np.sin(9 * np.hypot(x + 6, 0.25 * z) + 0.7 * np.sin(2 * z))
    wood = np.array([0.36, 0.22, 0.13]) + rings[:, None]
    return np.where((np.abs(x) < 3.4)[:, None] & (z < 3.2)[:, None], colour, wood)


def shade(origin: np.ndarray, way: np.ndarray, random: np.random.Generator, bounces: int = 2) -> np.ndarray:
    distance, which = nearest(origin, way)
    wall = np.clip(0.25 + 0.35 * way[:, 1:2], 0.05, 0.6) * np.array([0.80, 0.86, 1.0])
    hit = which > -2
    colour = wall.copy()
    if not hit.any():
        return colour
    point = origin[hit] + way[hit] * distance[hit, None]
    ball = which[hit]
    normal = np.where((ball >= 0)[:, None], unit(point - CENTRES[ball]), [0.0, 1.0, 0.0])
    base = np.where((ball >= 0)[:, None], COLOURS[ball], cloth(point))
    to_light = unit(LIGHT + LIGHT_SIZE * random.normal(size=point.shape) - point)
    blocked = nearest(point + 1e-3 * normal, to_light)[1] >= 0
    lit = np.where(blocked, 0, np.clip((normal * to_light).sum(-1), 0, 1))
    sky = 0.30 * (0.5 + 0.5 * normal[:, 1]) * np.where(ball >= 0, np.clip(point[:, 1] * 1.6, 0.35, 1), 1)
    around = np.linalg.norm(point[:, None, [0, 2]] - CENTRES[:, [0, 2]], axis=-1) / RADII
    contact = np.where(ball == -1, np.clip(around.min(1) - 0.15, 0.25, 1), 1)
    result = base * (1.25 * lit + sky * contact)[:, None]
    mirrored = way[hit] - 2 * (way[hit] * normal).sum(-1, keepdims=True) * normal
    shine = np.where(blocked, 0, np.clip((mirrored * to_light).sum(-1), 0, 1) ** 60) * (ball >= 0)
    share = np.where(ball >= 0, MIRRORS[ball], 0)[:, None]
    share = share + (1 - share) * 0.5 * (1 - np.abs((way[hit] * normal).sum(-1, keepdims=True))) ** 5 * (share > 0)
    if bounces:
        result = (1 - share) * result + share * shade(point + 1e-3 * normal, mirrored, random, bounces - 1)
    colour[hit] = result + 0.7 * shine[:, None]
    return colour


def still_life() -> Image.Image:
    """Five balls on a table, as a camera with a small aperture sees them: soft shadows, grain, vignette."""
    random = np.random.default_rng(1968)
    eye, aim = np.array([0.2, 2.3, -6.2]), np.array([-0.1, 0.75, 0.6])
    forward = unit(aim - eye)
    right = unit(np.cross([0.0, 1.0, 0.0], forward))
    up = np.cross(forward, right)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].reshape(2, -1)
    total = np.zeros((HEIGHT * WIDTH, 3))
    for _ in range(SAMPLES):
        u = ((x + random.random(x.size)) / WIDTH - 0.5) * 1.05
        v = (0.5 - (y + random.random(x.size)) / HEIGHT) * 1.05 * HEIGHT / WIDTH
        focus = eye + (forward + u[:, None] * right + v[:, None] * up) * 6.4
        lens = eye + 0.045 * (random.normal(size=(x.size, 1)) * right + random.normal(size=(x.size, 1)) * up)
        total += np.minimum(shade(lens, unit(focus - lens), random), 1.5)
    linear = total / SAMPLES
    away = np.hypot(x / WIDTH - 0.5, y / HEIGHT - 0.5)[:, None]
    exposed = 1 - np.exp(-1.5 * linear * (1 - 0.55 * away**2))
    grain = random.normal(0, 0.010, exposed.shape) * np.sqrt(exposed + 0.05)
    pixels = np.clip(exposed + grain, 0, 1) ** (1 / 2.2)
    return Image.fromarray((255 * pixels).round().astype(np.uint8).reshape(HEIGHT, WIDTH, 3))


def drawing() -> Image.Image:
    """A house by the sea in ink: thin lines, thick lines, hatching, a little wash. Transparent paper."""
    scale = 4
    image = Image.new("RGBA", (480 * scale, 360 * scale), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    ink, wash = (28, 30, 46, 255), (96, 130, 168, 110)

    def line(points, width=2.0):
        draw.line([(px * scale, py * scale) for px, py in points], ink, round(width * scale), joint="curve")

    def area(points, fill):
        draw.polygon([(px * scale, py * scale) for px, py in points], fill)

    area([(0, 250), (480, 236), (480, 300), (0, 300)], wash)
    line([(0, 250), (480, 236)], 1.2)
    for row in range(5):
        xs = np.linspace(8, 472, 120)
        line(list(zip(xs, 262 + 9 * row + 2.2 * np.sin(xs / (9 + row) + row), strict=True)), 1.0)
    house = [(150, 250), (150, 150), (220, 95), (290, 150), (290, 248)]
    area(house, (250, 246, 236, 255))
    line([*house, house[0]], 3.0)
    line([(136, 161), (220, 90), (304, 161)], 4.0)
    for step in range(12):
        line([(154 + 11.4 * step, 152), (154 + 11.4 * step - 14, 152 - 0 + 18)], 0.8)
    line([(205, 249), (205, 198), (238, 198), (238, 248)], 2.2)
    for left, top in ((164, 172), (252, 172)):
        line([(left, top), (left + 26, top), (left + 26, top + 26), (left, top + 26), (left, top)], 2.0)
        line([(left + 13, top), (left + 13, top + 26)], 1.0)
        line([(left, top + 13), (left + 26, top + 13)], 1.0)
    angles = np.linspace(0, 2 * np.pi, 90)
    line(list(zip(395 + 30 * np.cos(angles), 78 + 30 * np.sin(angles), strict=True)), 2.4)
    for ray in np.linspace(0, 2 * np.pi, 16, endpoint=False):
        line([(395 + r * np.cos(ray), 78 + r * np.sin(ray)) for r in (40, 54)], 1.6)
    boat = [(352, 268), (440, 262), (424, 284), (366, 286), (352, 268)]
    area(boat, (176, 92, 62, 255))
    line(boat, 2.4)
    line([(394, 265), (392, 196)], 2.6)
    sail = [(392, 198), (430, 250), (394, 254)]
    area(sail, (236, 232, 220, 255))
    line([*sail, sail[0]], 1.8)
    turn = np.linspace(0, 9 * np.pi, 300)
    line(list(zip(70 + 1.1 * turn * np.cos(turn), 316 + 0.42 * turn * np.sin(turn), strict=True)), 1.2)
    for blade in range(26):
        x = 120 + 13 * blade
        line([(x, 346), (x + 5 * np.sin(blade), 326 - 6 * np.cos(2 * blade))], 1.4)
    return image.resize((480, 360), Image.Resampling.LANCZOS)


def photograph() -> Image.Image:
    """286 × 230 pixels, grey: the size of the lab sheet's picture."""
    from skimage.data import camera

    upright = Image.fromarray(camera()).crop((30, 0, 442, 512))
    return upright.resize((230, 286), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    still_life().save(HERE / "still-life.jpg", quality=88)
    drawing().save(HERE / "drawing.png", optimize=True)
    photograph().save(HERE / "photograph.png", optimize=True)
