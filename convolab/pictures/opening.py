"""How is a picture opened by Pillow without Pillow's own guard against large ones?

`Image.open` refuses pictures by `Image.MAX_IMAGE_PIXELS`, which is the whole process's: a host program and its other
threads rely on it, so that it is neither written nor asked here. The plugins that `Image.open` chooses among are
called directly instead, and the size that the header promises is the caller's to check before anything is decoded.
"""

import struct
from typing import BinaryIO

from PIL import Image, ImageFile

START = 16  # bytes by which a plugin tells whether a file is its own


def open_unguarded(file: BinaryIO) -> ImageFile.ImageFile:
    """Return the picture in a file, its header read and its pixels not; the size is not checked.

    Raises
    ------
    PIL.UnidentifiedImageError
        If no plugin takes the file.
    """
    file.seek(0)
    start = file.read(START)
    tried: set[str] = set()
    for load_plugins in (Image.preinit, Image.init):  # the common formats, then all of them
        load_plugins()
        for format in [name for name in Image.ID if name not in tried]:
            tried.add(format)
            if (image := _by_plugin(format, file, start)) is not None:
                return image
    raise Image.UnidentifiedImageError("cannot identify image file")


def _by_plugin(format: str, file: BinaryIO, start: bytes) -> ImageFile.ImageFile | None:
    """Return the picture, if it has this format."""
    factory, accept = Image.OPEN[format]
    takes = accept is None or accept(start)
    if not takes or isinstance(takes, str):  # a text says why the plugin cannot
        return None
    file.seek(0)
    try:
        return factory(file, "")
    except (SyntaxError, IndexError, TypeError, struct.error):  # how plugins say that a file is not theirs
        return None
