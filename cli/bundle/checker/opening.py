"""A bundle comes from somebody one need not trust: it is read within fixed bounds, by names that are known, and nothing is unpacked.

A zip that claims little and holds much, names that lead out of the folder, names that come twice, links and devices: all end here, with a
reason. What is given on is a mapping from known names to bytes.
"""

from __future__ import annotations

import os
import re
import stat
import struct
import zipfile
import zlib

from .found import NotProved

MANIFEST, CHECKPOINT, DISCLOSED, CHECKER, PAGE = "manifest.json", "checkpoint.txt", "disclosed.json", "check.py", "说明.html"
NAME = re.compile(
    r"manifest\.json|checkpoint\.txt|disclosed\.json|check\.py|说明\.html"
    r"|events/[0-9]{8,18}\.tlog-proof|consistency/[0-9]{8,18}\.txt|evidence/[0-9a-f]{64}"
)
MOST_FILES = 5_000
LARGEST_FILE = 64 << 20
LARGEST_TEXT = 16 << 20
LARGEST_BUNDLE = 512 << 20
LARGEST_DIRECTORY = 8 << 20
_END = struct.Struct("<4s4H2LH")
_ZIP_TROUBLE = (
    zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, RuntimeError, ValueError, EOFError, KeyError, OverflowError,
)  # fmt: skip


def read_bundle(path: str) -> tuple[dict[str, bytes], list[str]]:
    """The files of a bundle, from its zip or from the folder it was unpacked to, and names in the folder that are none of its own."""
    try:
        return _from_folder(path) if os.path.isdir(path) else (_from_zip(path), [])
    except OSError as error:
        raise NotProved("file_unreadable", file=path, reason=error.strerror or type(error).__name__) from None


def read_small(path: str) -> bytes:
    """A file that somebody names on the command line, a checkpoint for one."""
    try:
        return _plain_file(path, path, 1 << 20)
    except OSError as error:
        raise NotProved("file_unreadable", file=path, reason=error.strerror or type(error).__name__) from None


def largest(name: str) -> int:
    """How many bytes a file of this name may have."""
    return LARGEST_FILE if name.startswith("evidence/") else LARGEST_TEXT


def _from_zip(path: str) -> dict[str, bytes]:
    size = os.stat(path).st_size
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise NotProved("file_unreadable", file=path, reason="not a file")
    if size > LARGEST_BUNDLE:
        raise NotProved("bundle_too_large", most=LARGEST_BUNDLE >> 20)
    _refuse_large_directory(path, size)
    try:
        with zipfile.ZipFile(path) as archive:
            return _members(archive)
    except _ZIP_TROUBLE as error:
        raise NotProved("zip_damaged", reason=type(error).__name__) from None


def _refuse_large_directory(path: str, size: int) -> None:
    """The end of the file says how long the list of its members is; a list that is long of itself is not even read."""
    with open(path, "rb") as file:
        file.seek(max(0, size - _END.size - 20))
        tail = file.read(_END.size + 20)
    end = tail[-_END.size :]
    if len(end) < _END.size or not end.startswith(b"PK\x05\x06"):
        raise NotProved("zip_damaged", reason="no end of central directory")
    _mark, _disk, _start, _here, _count, directory, _offset, comment = _END.unpack(end)
    if comment or tail[:4] == b"PK\x06\x07":
        raise NotProved("zip_damaged", reason="comment or zip64")
    if directory > LARGEST_DIRECTORY:
        raise NotProved("too_many_files", most=MOST_FILES)


def _members(archive: zipfile.ZipFile) -> dict[str, bytes]:
    members = [info for info in archive.infolist() if not (info.orig_filename.endswith("/") and info.file_size == 0)]
    if len(members) > MOST_FILES:
        raise NotProved("too_many_files", most=MOST_FILES)
    files: dict[str, bytes] = {}
    left = LARGEST_BUNDLE
    for info in members:
        name = info.orig_filename
        if NAME.fullmatch(name) is None or info.filename != name:
            raise NotProved("name_unexpected", name=name)
        if name in files:
            raise NotProved("name_twice", name=name)
        if info.flag_bits & 0x1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise NotProved("zip_packed_otherwise", name=name)
        most = min(largest(name), left)
        if info.file_size > most:
            raise NotProved("file_too_large", name=name)
        with archive.open(info) as file:
            content = file.read(most + 1)  # never more, whatever the list of members says
        if len(content) > most:
            raise NotProved("file_too_large", name=name)
        if len(content) != info.file_size:
            raise NotProved("zip_damaged", reason="length")
        left -= len(content)
        files[name] = content
    return files


def _from_folder(path: str) -> tuple[dict[str, bytes], list[str]]:
    """Whatever has one of a bundle's names; a folder may hold other things, which are told and not read."""
    files: dict[str, bytes] = {}
    others: list[str] = []
    left = LARGEST_BUNDLE
    for below in ("", "events/", "consistency/", "evidence/"):
        folder = os.path.join(path, below)
        for entry in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
            name = below + entry
            if not below and entry in ("events", "consistency", "evidence", "__pycache__"):
                continue
            if NAME.fullmatch(name) is None:
                others.append(name)
                continue
            if len(files) >= MOST_FILES:
                raise NotProved("too_many_files", most=MOST_FILES)
            files[name] = _plain_file(os.path.join(folder, entry), name, min(largest(name), left))
            left -= len(files[name])
    return files, others


def _plain_file(path: str, name: str, most: int) -> bytes:
    """Never a pipe or a device, and never more than so many bytes."""
    about = os.stat(path)
    if not stat.S_ISREG(about.st_mode):
        raise NotProved("file_unreadable", file=name, reason="not a file")
    if about.st_size > most:
        raise NotProved("file_too_large", name=name)
    with open(path, "rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise NotProved("file_too_large", name=name)
    return content
