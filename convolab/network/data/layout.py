"""Which files of a folder are pictures of which class, and which of them are for the test?

    FOLDER/train/CLASS/…   FOLDER/test/CLASS/…   as many people have them
    FOLDER/CLASS/…                               a sixth of every class, chosen by the files' names, is for the test

`training`, `testing`, `trainingSet` and the like count too, in any case; where there is no test folder, `val` is for
the test. A class's pictures may lie in sub-folders of its own, and a folder that holds nothing but one folder of
classes stands for that. Hidden files and folders, which systems and editors leave behind, belong to nobody. Symbolic
links that lead out of the folder are not followed.
"""

import os
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SUFFIXES = (
    ".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".dib", ".gif", ".webp", ".avif", ".tif", ".tiff",
    ".jp2", ".pbm", ".pgm", ".ppm", ".pnm", ".tga",
)  # fmt: skip
TRAIN = ("train", "training", "trainset", "trainingset", "traindata")
TEST = ("test", "testing", "testset", "testingset", "testdata")
VALIDATION = ("val", "valid", "validation", "validationset", "dev")
OF_SYSTEMS = ("__MACOSX", "Thumbs.db", "ehthumbs.db", "desktop.ini")  # left out without a word
HELD_OUT = 6  # one of so many pictures of a class is for the test
DEEPEST = 12  # folders inside each other

# A picture's path and the name of its class.
Labelled = tuple[Path, str]


@dataclass
class FolderLayout:
    """The pictures for training and for the test, each with its class, in the order of classes and names.

    `links` lead out of the folder, `hidden` and `others` (no pictures) are left out too, all as paths inside the
    folder; `unused` says of whole folders why they are left out; `divided` says what is for the test.
    """

    train: list[Labelled] = field(default_factory=list)
    test: list[Labelled] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    divided: str = ""

    def left_out(self) -> list[str]:
        """What was left out, a line for each reason."""
        lines = []
        if self.links:
            lines.append(f"{_few(self.links)} left out. A link that leads out of the folder is not followed")
        said = [f"{len(self.hidden)} hidden ({_few(self.hidden)})"] if self.hidden else []
        said += [f"{len(self.others)} that are no pictures ({_endings(self.others)})"] if self.others else []
        if said := said + self.unused:
            lines.append(f"left out: {'; '.join(said)}")
        return lines


def lay_out(folder: Path) -> FolderLayout:
    """Find out which pictures of a folder show what."""
    found = FolderLayout()
    tree = _Tree(folder, found)
    top = tree.innermost()
    splits = _splits(tree, top)
    if splits:
        _use_splits(tree, top, splits, found)
    else:
        found.train, found.test = _divided(tree.labelled(top))
        found.divided = f"one picture in {HELD_OUT} of each class is held out for the test"
        found.unused += _loose(tree, top)
    found.links.sort()
    found.hidden.sort()
    return found


def _few(names: list[str], most: int = 3) -> str:
    """The first names, and how many more there are.

    >>> _few(["a", "b", "c", "d"])
    'a, b, c and 1 more'
    """
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


class _Tree:
    """The visible files of a folder: of every folder in it, its pictures and its folders, by name.

    What is left out is noted in the layout as it is met.
    """

    def __init__(self, root: Path, found: FolderLayout):
        self.root, self.found = root, found
        self.resolved = root.resolve()
        self.folders: dict[Path, list[Path]] = {}
        self.pictures: dict[Path, list[Path]] = {}
        self._read(root, (self.resolved,))

    def _read(self, folder: Path, above: tuple[Path, ...]) -> None:
        self.folders[folder], self.pictures[folder] = [], []
        with os.scandir(folder) as entries:
            members = sorted(entries, key=lambda entry: entry.name)
        for entry in members:
            path = folder / entry.name
            if entry.name in OF_SYSTEMS or entry.name == ".DS_Store":
                continue
            if entry.name.startswith("."):
                self.found.hidden.append(self.name_of(path))
            elif entry.is_symlink() and not path.resolve().is_relative_to(self.resolved):
                self.found.links.append(self.name_of(path))
            elif entry.is_dir():
                inside = path.resolve() if entry.is_symlink() else above[-1] / entry.name
                if inside not in above and len(above) <= DEEPEST:  # a link to a folder above it has no end
                    self.folders[folder].append(path)
                    self._read(path, (*above, inside))
            elif path.suffix.lower() in SUFFIXES:
                self.pictures[folder].append(path)
            else:
                self.found.others.append(self.name_of(path))

    def name_of(self, path: Path) -> str:
        return str(path.relative_to(self.root))

    def all_pictures(self, folder: Path) -> Iterator[Path]:
        """The pictures in a folder and below it, in the order of their names."""
        members = [(path.name, path) for path in self.pictures[folder] + self.folders[folder]]
        for _, path in sorted(members):
            if path in self.folders:
                yield from self.all_pictures(path)
            else:
                yield path

    def count(self, folder: Path) -> int:
        return sum(1 for _ in self.all_pictures(folder))

    def innermost(self) -> Path:
        """The folder of the classes: the root, or the one folder of folders that it holds."""
        top = self.root
        while not self.pictures[top] and len(self.folders[top]) == 1:
            (only,) = self.folders[top]
            if self.pictures[only] or not self.folders[only]:
                break
            top = only
        return top

    def holds_classes(self, folder: Path) -> bool:
        return any(self.count(inner) for inner in self.folders[folder])

    def labelled(self, folder: Path) -> list[Labelled]:
        """The pictures of a folder of classes: those below CLASS are of that class."""
        return [(path, inner.name) for inner in self.folders[folder] for path in self.all_pictures(inner)]


def _plain(name: str) -> str:
    return "".join(c for c in name.lower() if c not in "-_ ")


def _splits(tree: _Tree, top: Path) -> dict[str, Path]:
    """The folders for training, test and validation, where there is one for training and another."""
    kinds = {"train": TRAIN, "test": TEST, "val": VALIDATION}
    named = {kind: [f for f in tree.folders[top] if _plain(f.name) in names] for kind, names in kinds.items()}
    found = {kind: folders[0] for kind, folders in named.items() if folders}
    trains = "train" in found and tree.holds_classes(found["train"])
    return found if trains and len(found) > 1 else {}


def _use_splits(tree: _Tree, top: Path, splits: dict[str, Path], found: FolderLayout) -> None:
    """Take the pictures from the folders of the splits."""
    training = tree.labelled(_classes_of(tree, splits["train"]))
    tests = [kind for kind in ("test", "val") if kind in splits and _has_classes(tree, splits[kind], training)]
    if tests:
        test = splits[tests[0]]
        found.train, found.test = training, tree.labelled(_classes_of(tree, test))
        found.divided = f"{tree.name_of(test)}/ is the test"
    else:
        test = None
        found.train, found.test = _divided(training)
        found.divided = f"one picture in {HELD_OUT} of each class of {tree.name_of(splits['train'])}/ is for the test"
    for folder in tree.folders[top]:
        if folder not in (splits["train"], test) and (count := tree.count(folder)):
            bare = folder in splits.values() and not _has_classes(tree, folder, training)
            why = "no classes in it" if bare else "not used"
            found.unused.append(f"{tree.name_of(folder)}/ ({_pictures(count)}, {why})")
    for folder in [top, splits["train"], *([test] if test else [])]:
        found.unused += _loose(tree, folder)


def _has_classes(tree: _Tree, split: Path, training: list[Labelled]) -> bool:
    """Whether a split has folders of classes, and not the one folder of pictures without a class that contests have."""
    inner = {folder.name for folder in tree.folders[_classes_of(tree, split)] if tree.count(folder)}
    return len(inner) > 1 or bool(inner & {name for _, name in training})


def _classes_of(tree: _Tree, split: Path) -> Path:
    """A split's folder of classes; some archives have trainingSet/trainingSet/CLASS."""
    inner = tree.folders[split]
    if len(inner) == 1 and not tree.pictures[split] and not tree.pictures[inner[0]] and tree.holds_classes(inner[0]):
        return inner[0]
    return split


def _loose(tree: _Tree, folder: Path) -> list[str]:
    """What to say of pictures that lie beside the classes and so have none."""
    count = len(tree.pictures[folder])
    where = "in the folder itself" if folder == tree.root else f"in {tree.name_of(folder)}/ itself"
    return [f"{_pictures(count)} {where}, of no class"] if count else []


def _divided(labelled: list[Labelled]) -> tuple[list[Labelled], list[Labelled]]:
    """The pictures for training, and a sixth of every class for the test."""
    classes: dict[str, list[Labelled]] = {}
    for path, name in labelled:
        classes.setdefault(name, []).append((path, name))
    train, test = [], []
    for members in classes.values():
        shuffled = sorted(members, key=lambda one: (zlib.crc32(one[0].name.encode()), one[0].name))
        count = len(shuffled) // HELD_OUT or min(1, len(shuffled) - 1)
        test += shuffled[:count]
        train += shuffled[count:]
    return train, test


def _endings(names: list[str]) -> str:
    """How often each ending occurs, the most frequent first."""
    counts = Counter(Path(name).suffix.lower() or Path(name).name for name in names)
    return _few([f"{count} {ending}" for ending, count in counts.most_common()])


def _pictures(count: int) -> str:
    return f"{count:,} picture{'s' * (count != 1)}"
