"""How do the files of a data set get here? From its mirrors in order, checked, resumed, and whole or not at all.

A file counts once its SHA-256 is the published one. What a mirror sent before the line broke stays beside it as
`.part`, and the next attempt asks for the rest.
"""

import hashlib
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from http.client import HTTPException
from pathlib import Path

from convolab.errors import InputError, OutputError
from convolab.files import cannot_write, make_folder, place
from convolab.network.data.catalogue import Mirrored

TIMEOUT = 15.0  # seconds without a byte until a mirror is given up
LARGEST = 256 << 20  # bytes: no file of these data sets is larger, so a mirror that sends more is broken
CHUNK = 1 << 18


def fetch(name: str, files: Mirrored, folder: Path) -> Path:
    """Bring the files of a data set into a folder, and return the folder.

    Raises
    ------
    InputError
        No mirror served them; the message says how to bring the files by hand.
    OutputError
        The folder cannot be written.
    """
    missing = [file for file in files.sha256 if not is_whole(folder / file, files.sha256[file])]
    if missing:
        make_folder(folder)
    for file in missing:
        fetch_file(name, file, files, folder)
    return folder


def fetch_file(name: str, file: str, files: Mirrored, folder: Path) -> Path:
    """One file from the first mirror that has it, verified."""
    troubles = []
    for mirror in files.mirrors:
        print(f"{name}: fetching {file} from {_host(mirror)}", file=sys.stderr, flush=True)
        try:
            return _download(mirror + file, folder / file, files.sha256[file])
        except OutputError:
            raise
        except (urllib.error.URLError, HTTPException, TimeoutError, OSError, ValueError) as error:
            troubles.append(f"{_host(mirror)}: {getattr(error, 'reason', None) or error}")
    raise InputError(
        f"{name}: {file} could not be fetched ({'; '.join(troubles)}). Without a network, bring "
        f"{', '.join(files.sha256)} into a folder and set CONVOLAB_DATA to it, or give the folder instead of {name!r}"
    )


def _download(address: str, path: Path, sha256: str) -> Path:
    """Fetch one file, going on where an earlier attempt stopped; it takes its name once its checksum is right."""
    part = path.with_name(path.name + ".part")
    receive(address, part)
    got = hashlib.sha256(part.read_bytes()).hexdigest()
    if got != sha256:
        part.unlink()
        raise ValueError(f"sent {path.name} with SHA-256 {got[:12]}…, expected {sha256[:12]}…")
    return place(part, path)


def receive(address: str, part: Path) -> None:
    """Append to `part` what the address has beyond it."""
    have = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(address, headers={"User-Agent": "convolab", "Range": f"bytes={have}-"})
    try:
        answer = urllib.request.urlopen(request, timeout=TIMEOUT)
    except urllib.error.HTTPError as error:
        if error.code == 416 and have:  # nothing lies beyond: the part is whole, or of another file
            return
        raise
    with answer:
        resumed = answer.status == 206
        copy(answer, part, mode="ab" if resumed else "wb", most=LARGEST - (have if resumed else 0))


def copy(answer, part: Path, *, mode: str, most: int) -> None:
    """Copy an answer into a file; a line that trickles or breaks keeps what has come."""
    start, count = time.monotonic(), 0
    try:
        file = part.open(mode)
    except OSError as error:
        raise cannot_write(part, error) from error
    with file:
        while chunk := answer.read(CHUNK):
            count += len(chunk)
            if count > most:
                raise ValueError(f"sent more than {LARGEST >> 20} MB")
            if time.monotonic() - start > TIMEOUT * 4 and count < 1024 * (time.monotonic() - start):
                raise TimeoutError("sends less than 1 kB a second")
            try:
                file.write(chunk)
            except OSError as error:
                raise cannot_write(part, error) from error
    if answer.length:
        raise TimeoutError(f"stopped {answer.length:,} bytes before the end")


def is_whole(path: Path, sha256: str) -> bool:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == sha256
    except OSError:
        return False


def _host(mirror: str) -> str:
    parts = urllib.parse.urlsplit(mirror)
    return f"{parts.scheme}://{parts.netloc}"
