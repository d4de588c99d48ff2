"""What people bring that is nearly an image: a TIFF with a mask, masked arrays, image objects of other libraries."""

import numpy as np
import pytest
import tifffile

import convolab as cl
from convolab.errors import DtypeError, InputError
from convolab.pictures import images, photographs

PIXELS = np.arange(20 * 30, dtype=np.uint8).reshape(20, 30)


@pytest.fixture
def with_mask(tmp_path):
    """A TIFF whose second page is the first one's mask, as GDAL writes it."""
    path = tmp_path / "masked.tif"
    with tifffile.TiffWriter(path) as file:
        file.write(PIXELS, photometric="minisblack", compression="deflate", metadata=None)
        file.write(PIXELS > 90, photometric=4, subfiletype=4, compression="deflate", metadata=None)
    return path


def test_a_tiff_with_a_mask_is_read_as_the_picture_that_it_holds(with_mask):
    picture = images.read(str(with_mask))
    np.testing.assert_array_equal(picture.pixels, PIXELS)
    assert picture.notes == []


def test_a_photograph_with_a_mask_is_read_too(with_mask):
    assert photographs.read(with_mask).pixels.shape == PIXELS.shape


def test_the_frames_of_a_picture_are_counted_as_before(tmp_path):
    path = tmp_path / "two.tif"
    tifffile.imwrite(path, np.stack([PIXELS, PIXELS]), photometric="minisblack")
    assert images.read(str(path)).notes == ["took the first of 2 frames"]


def test_a_masked_array_with_nothing_masked_is_an_array():
    x, w = np.arange(30.0).reshape(5, 6), np.ones((2, 2))
    for mask in (False, np.zeros((5, 6), bool)):
        given = np.ma.array(x, mask=mask)
        np.testing.assert_array_equal(cl.conv2d(given, w), cl.conv2d(x, w))
        np.testing.assert_array_equal(cl.sobel(given), cl.sobel(x))


def test_values_behind_a_mask_do_not_enter_a_result():
    hidden = np.ma.masked_less(np.arange(30.0).reshape(5, 6), 4)
    with pytest.raises(DtypeError, match=r"is a masked array, and its mask would be lost. Fill it first: .filled\(0\)"):
        cl.conv2d(hidden, np.ones((2, 2)))


def test_an_image_object_of_another_library_is_told_what_to_pass():
    class Nifti1Image:
        """What NumPy cannot read as an array."""

    with pytest.raises(DtypeError, match=r"image: is a Nifti1Image, .*Pass its pixels, .*get_fdata\(\)\[:, :, 0\]"):
        cl.sobel(Nifti1Image())


@pytest.mark.parametrize(
    ("cards", "said"),
    [
        ({"ZIMAGE": "T", "ZCMPTYPE": "'RICE_1  '"}, r"its picture is compressed \(RICE_1\)\. Unpack it: funpack"),
        ({}, "holds no picture, only tables or headers"),
    ],
)
def test_a_fits_file_of_tables_is_no_picture(tmp_path, cards, said):
    path = tmp_path / "table.fits"
    first = {"SIMPLE": "T", "BITPIX": 8, "NAXIS": 0}
    table = {
        "XTENSION": "'BINTABLE'",
        "BITPIX": 8,
        "NAXIS": 2,
        "NAXIS1": 8,
        "NAXIS2": 40,
        "PCOUNT": 0,
        "GCOUNT": 1,
    } | cards
    heads = ["".join(f"{key:<8}= {value!s:>20}".ljust(80) for key, value in h.items()) + "END" for h in (first, table)]
    path.write_bytes(b"".join(head.ljust(2880).encode() for head in heads) + bytes(range(160)) * 2 + bytes(2560))
    with pytest.raises(InputError, match=said):
        cl.edges(str(path))
