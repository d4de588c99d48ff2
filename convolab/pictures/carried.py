"""What does a TIFF say of its place and its scale, and what of that does a result keep?

Kept are the tags of GeoTIFF and GDAL, the resolution, and what ImageJ and OME say of the size of a pixel.
"""

import re
from fractions import Fraction

from convolab.pictures.meaning import Tag

PIXEL_SCALE, TIEPOINTS, TRANSFORMATION = 33550, 33922, 34264
# GeoTIFF 1.1 (OGC 19-008r4), annex; GDAL's metadata and its number for no data.
GEO = (PIXEL_SCALE, TIEPOINTS, TRANSFORMATION, 34735, 34736, 34737, 42112, 42113)
RESOLUTION = (282, 283, 296)
DESCRIPTION = 270
INCH, CENTIMETRE = 25.4, 10.0  # millimetres
MILLIMETRES = {"nm": 1e-6, "nanometer": 1e-6, "um": 1e-3, "µm": 1e-3, "μm": 1e-3, "\\u00b5m": 1e-3, "micron": 1e-3,
               "microns": 1e-3, "micrometer": 1e-3, "mm": 1.0, "cm": 10.0, "m": 1000.0, "inch": INCH}  # fmt: skip


def carried_by(tiff, page) -> tuple[tuple[Tag, ...], tuple[float, float] | None, str]:
    """Return the tags that a result keeps, the spacing (y, x) of pixels and its unit: mm, or m on the earth."""
    tags: list[Tag] = []
    for code in (*GEO, *RESOLUTION):
        tag = page.tags.get(code)
        if tag is not None and (kept := _kept(tag)) is not None:
            tags.append(kept)
    spacing, unit, description = _spacing_of(tiff, page)
    if description:
        tags.append((DESCRIPTION, 2, description))
    return tuple(tags), spacing, unit


def _kept(tag) -> Tag | None:
    value = tag.value
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, str):
        return tag.code, 2, value
    values = tuple(value) if isinstance(value, (tuple, list)) else (value,)
    kind = int(tag.dtype)
    return (tag.code, kind, tuple(map(float if kind in (11, 12) else int, values))) if kind in (3, 4, 5, 12) else None


def _spacing_of(tiff, page) -> tuple[tuple[float, float] | None, str, str]:
    """Return the spacing, its unit, and the description that says it, if one does."""
    if tiff.is_ome:
        return _of_ome(tiff.ome_metadata or "")
    scale = page.tags.get(PIXEL_SCALE)
    if scale is not None and len(scale.value) >= 2 and min(scale.value[:2]) > 0:
        return (float(scale.value[1]), float(scale.value[0])), "m", ""
    y, x = _resolution(page)
    if tiff.is_imagej:
        facts = tiff.imagej_metadata or {}
        said = str(facts.get("unit", ""))
        description = "\n".join(
            ["ImageJ=1.11a", "images=1", *(f"{k}={facts[k]}" for k in ("unit", "spacing") if k in facts), ""]
        )
        factor = MILLIMETRES.get(said)
        if y and x and factor:
            return (factor / y, factor / x), "mm", description
        return None, "", description
    unit = {2: INCH, 3: CENTIMETRE}.get(int(page.tags.valueof(296, 2)))
    if y and x and unit:
        return (unit / y, unit / x), "mm", ""
    return None, "", ""


def _resolution(page) -> tuple[float, float]:
    """Return how many pixels lie on a unit of length, (y, x), 0 where the file does not say."""
    found = []
    for code in (283, 282):
        value = page.tags.valueof(code, (0, 1))
        above, below = value if isinstance(value, tuple) and len(value) == 2 else (0, 1)
        found.append(float(Fraction(above, below)) if below else 0.0)
    return found[0], found[1]


def _of_ome(xml: str) -> tuple[tuple[float, float] | None, str, str]:
    """Return what an OME description says of the size of a pixel, and a description of one plane that says the same."""
    facts = dict(re.findall(r'(PhysicalSize[XY](?:Unit)?)="([^"]*)"', xml))
    try:
        sizes = [
            float(facts[f"PhysicalSize{axis}"]) * MILLIMETRES[facts.get(f"PhysicalSize{axis}Unit", "µm")]
            for axis in "YX"
        ]
    except (KeyError, ValueError):
        return None, "", ""
    if min(sizes) <= 0:
        return None, "", ""
    return (sizes[0], sizes[1]), "mm", OME + " ".join(f'{name}="{value}"' for name, value in sorted(facts.items()))


OME = "OME "  # a description that begins so is completed when the shape of the result is known


def moved(tags: tuple[Tag, ...], y: int, x: int) -> tuple[Tag, ...]:
    """Return the tags for a result whose first pixel is that of row y, column x of the picture."""
    return tuple(_moved(tag, y, x) for tag in tags)


def _moved(tag: Tag, y: int, x: int) -> Tag:
    code, kind, values = tag
    if code == TIEPOINTS and len(values) % 6 == 0:
        shifted = [v - (x, y)[n % 6] if n % 6 < 2 else v for n, v in enumerate(values)]
        return code, kind, tuple(shifted)
    if code == TRANSFORMATION and len(values) == 16:
        shifted = list(values)
        for row in range(4):
            shifted[4 * row + 3] += values[4 * row] * x + values[4 * row + 1] * y
        return code, kind, tuple(shifted)
    return tag
