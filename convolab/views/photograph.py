"""Which picture does the widget of filters show at first? A photograph with its edges by convolab, or one's own."""

import io

import numpy as np

SIDE = 640  # pixels along the longer side of one's own picture: a page stays one small file
QUALITY = 88


def traits_of(source: str) -> dict[str, bytes]:
    """Return one's own picture in grey as JPEG, made smaller where it is large; nothing stands beside it.

    Raises
    ------
    InputError
        For what is no picture.
    """
    from PIL import Image

    from convolab.pictures.images import read

    pixels = np.asarray(read(source).pixels)
    top = np.iinfo(pixels.dtype).max if pixels.dtype.kind in "ui" else max(1.0, float(pixels.max()))
    picture = Image.fromarray(np.round(np.clip(pixels / top, 0, 1) * 255).astype(np.uint8)).convert("L")
    picture.thumbnail((SIDE, SIDE))
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=QUALITY)
    return {"picture": stream.getvalue(), "reference": b""}


def traits() -> dict[str, bytes]:
    """Return the picture, and its Sobel magnitude divided by its largest, both as PNG."""
    from PIL import Image

    from convolab.filters.named import sobel
    from convolab.pictures.images import SAMPLES

    picture = (SAMPLES / "photograph.png").read_bytes()
    edges = sobel(np.asarray(Image.open(io.BytesIO(picture))) / np.float32(255), engine="numpy")  # nothing is compiled
    stream = io.BytesIO()
    Image.fromarray(np.round(255 * edges / edges.max()).astype(np.uint8)).save(stream, "PNG", optimize=True)
    return {"picture": picture, "reference": stream.getvalue()}
