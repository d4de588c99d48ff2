#!/usr/bin/env bash
# Guess, written down first: Pillow's reader of FITS, which knows the compression GZIP_1, either opens a compressed FITS picture
# as the picture, or refuses it.
# Seen: it opens the binary table that holds the compressed tiles, and gives its bytes as a picture: 8 × 40 instead of 56 × 40
# for RICE_1, GZIP_2, PLIO_1 and NOCOMPRESS, 8 × 3 for HCOMPRESS_1, no error, no warning. GZIP_1 as astropy writes it, a tile a
# row, is a ValueError.
# Where it matters here: convolab/pictures/fits.py reads FITS itself; a compressed one is refused with the name of its
# compression (tests/test_strange_images.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet "numpy==2.4.6" "pillow==13.0.0" "astropy==8.0.2"
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import astropy
import numpy as np
import PIL
from astropy.io import fits
from PIL import Image

print("pillow", PIL.__version__, "astropy", astropy.__version__)
pixels = np.random.default_rng(0).integers(0, 256, (40, 56), dtype=np.uint8)
seen = {}
for kind in ("RICE_1", "GZIP_1", "GZIP_2", "PLIO_1", "HCOMPRESS_1", "NOCOMPRESS"):
    name = f"{kind}.fits"
    fits.HDUList([fits.PrimaryHDU(), fits.CompImageHDU(pixels, compression_type=kind)]).writeto(name)
    with fits.open(name) as file:
        assert np.array_equal(file[1].data, pixels)
    try:
        image = Image.open(name)
        image.load()
        seen[kind] = image.size
    except ValueError as error:
        seen[kind] = str(error)
    print(kind, seen[kind])
tables = dict.fromkeys(("RICE_1", "GZIP_2", "PLIO_1", "NOCOMPRESS"), (8, 40)) | {"HCOMPRESS_1": (8, 3)}
assert seen == tables | {"GZIP_1": "not enough image data"}, "the behaviour has changed"
PYTHON
