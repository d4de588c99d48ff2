"""Which picture does the widget of filters show at first? A photograph, with its edges by convolab beside it."""

import io

import numpy as np


def traits() -> dict[str, bytes]:
    """Return the picture, and its Sobel magnitude divided by its largest, both as PNG."""
    from PIL import Image

    from convolab.filters.named import sobel
    from convolab.pictures.images import SAMPLES

    picture = (SAMPLES / "photograph.png").read_bytes()
    edges = sobel(np.asarray(Image.open(io.BytesIO(picture))) / np.float32(255))
    stream = io.BytesIO()
    Image.fromarray(np.round(255 * edges / edges.max()).astype(np.uint8)).save(stream, "PNG", optimize=True)
    return {"picture": picture, "reference": stream.getvalue()}
