"""MNIST's files at whatever path a hand-in opens: IDX plain or compressed, Keras' mnist.npz, and Keras' own loader."""

import builtins
import gzip
import io
import os
import re
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np

from convolab.verify.exercise1.inside.images import ServedImages
from convolab.verify.exercise1.inside.patching import put
from convolab.verify.exercise1.inside.quiet import module

IDX = re.compile(r"(train|t10k|test)[-_](images|labels)[-.]idx[13]-ubyte(\.gz)?$", re.IGNORECASE)
KERAS = re.compile(r"mnist.*\.npz$", re.IGNORECASE)


class Files:
    """Where the files that are served lie, by the end of the path that is asked for."""

    def __init__(self, images: ServedImages, folder: str):
        self._folder = Path(folder) / "served"
        self._folder.mkdir(exist_ok=True)
        parts = {
            "train_images": images.train_images, "train_labels": images.train_labels.astype(np.uint8),
            "test_images": images.test_images, "test_labels": images.test_labels.astype(np.uint8),
        }  # fmt: skip
        for name, array in parts.items():
            content = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes() + array.tobytes()
            (self._folder / name).write_bytes(content)
            (self._folder / f"{name}.gz").write_bytes(gzip.compress(content, 1))
        keras = {"x_train": "train_images", "y_train": "train_labels", "x_test": "test_images", "y_test": "test_labels"}
        arrays: dict[str, Any] = {key: parts[name] for key, name in keras.items()}
        np.savez(self._folder / "mnist.npz", **arrays)

    def served(self, path: Any) -> Any:
        """Return where a file of MNIST lies; any other path as it is."""
        if not isinstance(path, str | os.PathLike):
            return path
        text = os.fspath(path)
        text = text if isinstance(text, str) else ""
        if KERAS.search(text):
            return str(self._folder / "mnist.npz")
        found = IDX.search(text)
        if not found:
            return path
        split = "train" if found[1].lower() == "train" else "test"
        return str(self._folder / f"{split}_{found[2].lower()}{found[3] or ''}")

    def is_served(self, path: Any) -> bool:
        """Return whether a path is one of MNIST's files, or a folder for them."""
        return self.served(path) is not path


def install(images: ServedImages, folder: str) -> None:
    """Serve the files from now on."""
    files = Files(images, folder)
    opened, fromfile, sizes = io.open, np.fromfile, os.path.getsize

    def open_served(path: Any, *arguments: Any, **options: Any) -> Any:
        return opened(files.served(path), *arguments, **options)

    def fromfile_served(path: Any, *arguments: Any, **options: Any) -> Any:
        return fromfile(files.served(path), *arguments, **options)

    for owner in (builtins, io):
        put(owner, "open", open_served)
    put(np, "fromfile", fromfile_served)
    put(os.path, "getsize", lambda path: sizes(files.served(path)))
    for name in ("exists", "isfile"):
        _also(os.path, name, files)
        _also(Path, {"exists": "exists", "isfile": "is_file"}[name], files)
    put(urllib.request, "urlretrieve", lambda url, filename=None, *rest, **more: (filename or url, None))
    _install_keras(images)


def _also(owner: Any, name: str, files: Files) -> None:
    """Let a question for a file's existence be answered with yes for those that are served."""
    original = getattr(owner, name)
    setattr(owner, name, lambda path, *rest, **more: files.is_served(path) or original(path, *rest, **more))


def _install_keras(images: ServedImages) -> None:
    def load_data(*arguments: Any, **options: Any) -> Any:
        train = images.train_images.copy(), images.train_labels.astype(np.uint8)
        return train, (images.test_images.copy(), images.test_labels.astype(np.uint8))

    for above in ("keras", "tensorflow.keras"):
        mnist = module(f"{above}.datasets.mnist", load_data=load_data)
        datasets = module(f"{above}.datasets", mnist=mnist)
        utils = module(f"{above}.utils", to_categorical=lambda y, n=10: np.eye(n)[np.asarray(y).astype(int)])
        keras = module(above, datasets=datasets, utils=utils)
    module("tensorflow", keras=keras, __version__="0")
