"""A zip is unpacked into a private folder: nothing of it lies outside, and nothing of it is larger than announced."""

import shutil
import stat
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from convolab.errors import InputError
from convolab.verify.printable import printable

MOST_FILES, MOST_BYTES = 20_000, 1 << 30
# What zipfile and the system raise for archives that are broken, encrypted or of a kind that is not known.
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError, OSError)


@dataclass
class Room:
    """How many files, and how many bytes, archives may still unpack to."""

    files: int = MOST_FILES
    bytes: int = MOST_BYTES

    def take(self, members: list[zipfile.ZipInfo]) -> None:
        """Take the room of an archive's members by their announced sizes, which `zipfile` holds them to."""
        files, size = len(members), sum(m.file_size for m in members)
        if files > self.files or size > self.bytes:
            raise InputError(
                f"it unpacks to {files:,} files and {size / 1e6:,.0f} MB. Expected at most {self.files:,} files and "
                f"{self.bytes / 1e6:,.0f} MB"
            )
        self.files, self.bytes = self.files - files, self.bytes - size


def unpack(archive: Path, folder: Path, room: Room) -> None:
    """Unpack an archive into a folder.

    Raises
    ------
    InputError
        If it cannot be read, is larger than the room, or has a member that lies outside of it or is a link.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            members = [(m, path) for m in opened.infolist() if (path := _inside(m)) is not None]
            room.take([m for m, _ in members])
            for member, path in members:
                target = folder.joinpath(*path.parts)
                target.parent.mkdir(parents=True, exist_ok=True)
                with opened.open(member) as source, target.open("wb") as file:
                    shutil.copyfileobj(source, file)
    except UNREADABLE as error:
        raise InputError(f"it cannot be unpacked ({printable(error, 200)})") from error


def _inside(member: zipfile.ZipInfo) -> PurePosixPath | None:
    """Return a file's place in the folder; None for a folder."""
    name = _decoded(member).replace("\\", "/")
    path = PurePosixPath(name)
    if name.startswith("/") or ".." in path.parts or ":" in (path.parts or ("",))[0]:
        raise InputError(f"its member {printable(name, 100)!r} lies outside of it. Nothing was unpacked")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise InputError(f"its member {printable(name, 100)!r} is a link. Nothing was unpacked")
    return None if name.endswith("/") or not path.parts else path


def _decoded(member: zipfile.ZipInfo) -> str:
    """Return a name as it was written: macOS writes UTF-8 without saying so, and zipfile then reads code page 437."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return member.filename
