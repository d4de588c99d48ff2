"""Data sets in the formats that people have: .npz, CSV, parquet, EMNIST, QMNIST, and files whose names are wrong."""

import bz2
import gzip
import io
import lzma
import sys
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from convolab.cli import main
from convolab.errors import InputError, MissingDependencyError, UsageError
from convolab.network.data.idx import write_idx
from convolab.network.data.named import load_dataset

RNG = np.random.default_rng(11)
IMAGES = {"train": RNG.integers(0, 256, (30, 28, 28), np.uint8), "test": RNG.integers(0, 256, (9, 28, 28), np.uint8)}
LABELS = {"train": np.arange(30, dtype=np.uint8) % 3, "test": np.arange(9, dtype=np.uint8) % 3}


def same(found, *, labels=LABELS, images=IMAGES) -> None:
    """A data set holds these images and labels."""
    for split in ("train", "test"):
        np.testing.assert_array_equal(getattr(found, f"{split}_images")[:, 0], images[split])
        np.testing.assert_array_equal(getattr(found, f"{split}_labels"), labels[split])


def four(folder: Path, names: dict[str, str], labels=LABELS, images=IMAGES, pack=bytes) -> Path:
    """Four IDX files under names of one's own."""
    folder.mkdir(exist_ok=True)
    for split in ("train", "test"):
        for kind, array in (("images", images[split]), ("labels", labels[split])):
            (folder / names[kind].format(split=split)).write_bytes(pack(write_idx(array)))
    return folder


MNIST = {"images": "{split}-images-idx3-ubyte", "labels": "{split}-labels-idx1-ubyte"}


# .npz.


def packed(path: Path, **arrays) -> Path:
    np.savez_compressed(path, **arrays)
    return path


def test_keras_npz_is_a_data_set_as_a_file_and_in_a_folder(tmp_path):
    keys = {f"{kind}_{split}": of[split] for kind, of in (("x", IMAGES), ("y", LABELS)) for split in ("train", "test")}
    path = packed(tmp_path / "mnist.npz", **keys)
    for found in (load_dataset(path), load_dataset(tmp_path)):
        same(found)
        assert found.classes == ("0", "1", "2") and found.notes == ()


@pytest.mark.parametrize(
    ("images", "labels"),
    [
        (lambda x: x / np.float32(255), lambda y: y),
        (lambda x: x[..., None], lambda y: y[:, None]),
        (lambda x: x.reshape(-1, 784), lambda y: np.eye(3)[y]),
        (lambda x: x.astype(np.float64), lambda y: y.astype(np.float32)),
        (lambda x: np.asfortranarray(x), lambda y: y.astype(">i8")),
    ],
)
def test_arrays_of_other_shapes_and_types_are_the_same_images(tmp_path, images, labels):
    arrays = {f"{split}_images": images(IMAGES[split]) for split in IMAGES}
    arrays |= {f"{split}_labels": labels(LABELS[split]) for split in LABELS}
    same(load_dataset(packed(tmp_path / "set.npz", **arrays)))


def test_labels_of_an_npz_may_be_names(tmp_path):
    names = np.array(["seven", "eight"])[np.arange(30) % 2]
    found = load_dataset(packed(tmp_path / "set.npz", x=IMAGES["train"], y=names))
    assert found.classes == ("eight", "seven") and len(found.test_labels) == 5
    assert found.notes == ("one image in 6, chosen by chance, is held out for the test: 5 of 30",)
    where = {image.tobytes(): name for image, name in zip(IMAGES["train"], names, strict=True)}
    for image, label in zip(found.train_images, found.train_labels, strict=True):
        assert where[image.tobytes()] == found.classes[label]


def test_an_npz_of_something_else_is_one_line(tmp_path):
    with pytest.raises(InputError, match=r"holds weights\. Expected x_train, y_train, x_test and y_test"):
        load_dataset(packed(tmp_path / "set.npz", weights=np.zeros(3)))
    with pytest.raises(InputError, match="Python objects"):
        load_dataset(packed(tmp_path / "objects.npz", x_train=np.array([{}], object), y_train=np.zeros(1)))
    (tmp_path / "cut.npz").write_bytes((tmp_path / "set.npz").read_bytes()[:90])
    with pytest.raises(InputError, match=r"cut\.npz: not a readable table"):
        load_dataset(tmp_path / "cut.npz")


def test_an_npz_whose_header_lies_allocates_nothing_large(tmp_path):
    lie = io.BytesIO()
    np.lib.format.write_array_header_1_0(lie, {"descr": "|u1", "fortran_order": False, "shape": (4_000_000, 28, 28)})
    with zipfile.ZipFile(tmp_path / "set.npz", "w") as archive:
        for name in ("x_train", "y_train"):
            archive.writestr(f"{name}.npy", lie.getvalue() + bytes(50))
    tracemalloc.start()
    with pytest.raises(InputError, match="promises 3,136,000,000 bytes"):
        load_dataset(tmp_path / "set.npz")
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


# CSV.


def table(
    path: Path, images: np.ndarray, labels: np.ndarray | None, *, head="", last=False, pack=bytes, form="%d"
) -> Path:
    rows = images.reshape(len(images), -1)
    if labels is not None:
        rows = np.column_stack([rows, labels] if last else [labels, rows])
    text = io.StringIO()
    np.savetxt(text, rows, form, delimiter=",", header=head, comments="")
    path.write_bytes(pack(text.getvalue().encode()))
    return path


KAGGLE = ",".join(["label", *(f"pixel{i}" for i in range(784))])


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize(("head", "last"), [("", False), (KAGGLE, False), (f"{KAGGLE[6:]},class", True)])
def test_csv_files_of_two_splits_are_a_data_set(tmp_path, head, last, pack):
    for split in ("train", "test"):
        table(tmp_path / f"mnist_{split}.csv", IMAGES[split], LABELS[split], head=head, last=last, pack=pack)
    same(load_dataset(tmp_path))


def test_a_contest_s_test_without_labels_is_no_test(tmp_path):
    table(tmp_path / "train.csv", IMAGES["train"], LABELS["train"], head=KAGGLE)
    table(tmp_path / "test.csv", IMAGES["test"], None, head=KAGGLE[6:])
    found = load_dataset(tmp_path)
    assert len(found.train_labels) == 25 and len(found.test_labels) == 5


def test_optdigits_as_its_authors_give_it(tmp_path):
    images = {split: (of[:, 3:11, 3:11] // 16).astype(np.uint8) for split, of in IMAGES.items()}
    for split, ending in (("train", "tra"), ("test", "tes")):
        images[split][:, 0, 0] = 0
        images[split][0, 4, 4] = 16
        table(tmp_path / f"optdigits.{ending}", images[split], LABELS[split], last=True)
    found = load_dataset(tmp_path)
    assert found.image_shape == (1, 24, 24) and found.test_labels.tolist() == LABELS["test"].tolist()
    assert found.notes == (
        "pixels from 0 … 16 were scaled to 0 … 255", "images of 8 × 8 pixels become 24 × 24",
    )  # fmt: skip
    assert abs(int(found.train_images[0, 0, 13, 13]) - 255) < 40


def test_usps_as_it_is_given_is_scaled_and_enlarged(tmp_path):
    images = {split: of[:, 6:22, 6:22] / 127.5 - 1 for split, of in IMAGES.items()}
    for split in images:
        images[split][0, 0, :2] = -1, 1
        table(tmp_path / f"usps.{split}.csv", images[split], LABELS[split], form="%.4f")
    found = load_dataset(tmp_path)
    assert found.image_shape == (1, 32, 32) and "pixels from -1 … 1 were scaled to 0 … 255" in found.notes
    assert abs(found.train_images.mean() - IMAGES["train"][:, 6:22, 6:22].mean()) < 3


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("1,2,3\n4,5,6\n", "has 3 columns. Expected a label and the pixels of a square"),
        ("1,2,3,4,5\n1,2\n", "not a readable table"),
        ("a,b,c,d,e\n1,2,three,4,5\n", "not a readable table"),
        ("", "not a readable table"),
        ("\xff\xfe\x00,", "not a readable table"),
        (bz2.compress(b"1,2,3,4,5\n").decode("latin-1"), "not a readable table"),
    ],
)
def test_a_table_that_is_none_is_one_line(tmp_path, content, words):
    (tmp_path / "set.csv").write_bytes(content.encode("latin-1"))
    with pytest.raises(InputError, match=words) as caught:
        load_dataset(tmp_path / "set.csv")
    assert "\n" not in str(caught.value) and "set.csv" in str(caught.value)


def test_a_file_of_another_kind_is_told_what_is_taken(tmp_path):
    (tmp_path / "set.mat").write_bytes(b"")
    with pytest.raises(UsageError, match=r"set\.mat is a file\. Expected a folder, a \.npz, a \.csv or a \.parquet"):
        load_dataset(tmp_path / "set.mat")


def test_a_csv_can_be_trained_on_and_the_run_knows_where_it_lies(tmp_path, monkeypatch):
    from convolab.network.train import train

    monkeypatch.chdir(tmp_path)
    table(Path("set.csv"), IMAGES["train"], LABELS["train"])
    found = train("set.csv", epochs=1, threads=1, runs="runs")
    assert found["dataset"] == str(tmp_path / "set.csv") and found["test_images"] == 5


# Parquet.


def encoded(image: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(image).save(out, "PNG")
    return out.getvalue()


def test_parquet_files_with_png_bytes_are_a_data_set(tmp_path):
    pa = pytest.importorskip("pyarrow", reason="pyarrow comes with the extra parquet")
    from pyarrow import parquet

    (tmp_path / "data").mkdir()
    for split in ("train", "test"):
        cells = [{"bytes": encoded(image), "path": None} for image in IMAGES[split]]
        rows = pa.table({"image": cells, "label": LABELS[split].astype(np.int64)})
        parquet.write_table(rows, tmp_path / "data" / f"{split}-00000-of-00001.parquet")
    same(load_dataset(tmp_path))


def test_without_pyarrow_one_line_names_the_extra(tmp_path, monkeypatch):
    (tmp_path / "train.parquet").write_bytes(b"PAR1")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(MissingDependencyError, match=r'pyarrow: not installed, .*pip install "convolab\[parquet\]"'):
        load_dataset(tmp_path)


# IDX files of other sets.


def emnist(name: str) -> dict[str, str]:
    return {kind: f"emnist-{name}-{{split}}-{kind}-idx{d}-ubyte.gz" for kind, d in (("images", 3), ("labels", 1))}


def test_emnist_is_stood_upright_and_its_letters_are_named(tmp_path):
    images = {split: of.transpose(0, 2, 1) for split, of in IMAGES.items()}
    letters = {"train": np.arange(30, dtype=np.uint8) % 26 + 1, "test": np.arange(9, dtype=np.uint8) + 1}
    found = load_dataset(four(tmp_path / "letters", emnist("letters"), letters, images, gzip.compress))
    same(found, labels={split: of - 1 for split, of in letters.items()})
    assert found.classes[:3] == ("A", "B", "C") and len(found.classes) == 26
    assert found.notes == ("emnist-letters: images lie on their side, and are stood upright",)
    folder = four(tmp_path / "both", emnist("letters"), letters, images)
    four(folder, emnist("digits"), LABELS, images)
    with pytest.raises(InputError, match=r"holds 2 data sets, emnist-digits, emnist-letters\. Bring one into a folder"):
        load_dataset(folder)
    (tmp_path / "letters" / "emnist-letters-test-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(InputError, match="the test labels of emnist-letters are missing"):
        load_dataset(tmp_path / "letters")


def test_qmnist_s_labels_are_in_the_first_of_eight_columns(tmp_path):
    names = {"images": "qmnist-{split}-images-idx3-ubyte.gz", "labels": "qmnist-{split}-labels-idx2-int.gz"}
    wide = {split: np.column_stack([of, *[of * 0 + 7] * 7]).astype(np.int32) for split, of in LABELS.items()}
    found = load_dataset(four(tmp_path / "q", names, wide, pack=gzip.compress))
    same(found)
    assert found.notes[0] == "train labels: took the first of 8 columns"


@pytest.mark.parametrize("suffix", ["", ".gz", ".xz"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress, lzma.compress])
def test_what_a_file_is_packed_with_is_told_by_its_first_bytes(tmp_path, suffix, pack):
    same(load_dataset(four(tmp_path / "set", {kind: name + suffix for kind, name in MNIST.items()}, pack=pack)))


@pytest.mark.parametrize(("side", "became"), [(8, 24), (16, 32), (20, 20), (28, 28)])
def test_images_too_small_for_the_networks_are_enlarged(tmp_path, side, became):
    images = {split: np.ascontiguousarray(of[:, :side, :side]) for split, of in IMAGES.items()}
    found = load_dataset(four(tmp_path / "set", MNIST, images=images))
    assert found.image_shape == (1, became, became) and bool(found.notes) == (side != became)


# Labels are claims.


def changed(where, value, split="train", dtype=np.int32) -> dict[str, np.ndarray]:
    labels = {name: of.astype(dtype) for name, of in LABELS.items()}
    labels[split][where] = value
    return labels


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (changed(5, 2_000_000_000), r"labels reach 0…2000000000, with 39 images"),
        (
            changed(slice(4), 255, dtype=np.uint8),
            r"4 of 39 labels are 255, and the others reach 2\. Does 255 mean 'ignore'",
        ),
        (changed(0, 7, "test"), r"the test has images of 7, and the training has none"),
        (changed(0, -1), "labels reach -1"),
    ],
)
def test_labels_are_counted_before_anything_is_made_of_them(tmp_path, labels, words):
    tracemalloc.start()
    with pytest.raises(InputError, match=words) as caught:
        load_dataset(four(tmp_path / "set", MNIST, labels))
    assert tracemalloc.get_traced_memory()[1] < 20_000_000 and "\n" not in str(caught.value)
    tracemalloc.stop()


def test_labels_from_1_are_named_as_they_are(tmp_path, capsys):
    four(tmp_path / "set", MNIST, {split: of + 1 for split, of in LABELS.items()})
    assert main(["data", str(tmp_path / "set")]) == 0
    assert "  1                 10       3" in capsys.readouterr().out
    found = load_dataset(tmp_path / "set")
    same(found)
    assert found.classes == ("1", "2", "3")
