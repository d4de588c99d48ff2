"""Which data sets have a name? One table; a new data set is a new entry. Nothing is read or fetched here."""

from dataclasses import dataclass

DIGITS = tuple("0123456789")


@dataclass(frozen=True)
class Mirrored:
    """Mirrors (addresses of folders, in the order in which they are asked) and the published SHA-256 of each file."""

    mirrors: tuple[str, ...]
    sha256: dict[str, str]


@dataclass(frozen=True)
class _Catalogued:
    """A data set that has a name.

    Attributes
    ----------
    classes : tuple of str
        In the order of the labels.
    files : Mirrored, optional
        The four gzip files; a data set without them ships with the package.
    torchvision : str
        The folder in which torchvision keeps them.
    """

    classes: tuple[str, ...]
    files: Mirrored | None = None
    torchvision: str = ""


DATASETS = {
    "mnist": _Catalogued(DIGITS),
    "fashion-mnist": _Catalogued(
        classes=(
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
        ),
        files=Mirrored(
            mirrors=(
                "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
                "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            ),
            sha256={
                "train-images-idx3-ubyte.gz": "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
                "train-labels-idx1-ubyte.gz": "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
                "t10k-images-idx3-ubyte.gz": "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
                "t10k-labels-idx1-ubyte.gz": "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
            },
        ),
        torchvision="FashionMNIST/raw",
    ),
    "kmnist": _Catalogued(
        classes=("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
        files=Mirrored(
            mirrors=(
                "https://codh.rois.ac.jp/kmnist/dataset/kmnist/",
                "http://codh.rois.ac.jp/kmnist/dataset/kmnist/",
                "https://web.archive.org/web/2024id_/http://codh.rois.ac.jp/kmnist/dataset/kmnist/",
            ),
            sha256={
                "train-images-idx3-ubyte.gz": "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4",
                "train-labels-idx1-ubyte.gz": "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17",
                "t10k-images-idx3-ubyte.gz": "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5",
                "t10k-labels-idx1-ubyte.gz": "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c",
            },
        ),
        torchvision="KMNIST/raw",
    ),
}  # fmt: skip
