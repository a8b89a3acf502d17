"""A secret's file is new, readable by its owner alone, and on the disk before it is relied upon."""

from __future__ import annotations

import os
from errno import EINVAL, ENOSYS, ENOTSUP
from pathlib import Path

from ..refusal import Refused

_UNFINISHED = ".unfinished"


def write_private_file(path: Path, content: bytes, *, exists: str) -> None:
    """Write a new file (0600) and return when it would survive a power cut; never overwrites.

    Refuses with the code `exists` when the name is taken, and `keys_folder_missing`. What cannot be written leaves no
    file, and a program that is killed here none of this name: half a secret must not stand where it would be taken for
    the whole.
    """
    writing = path.with_name(path.name + _UNFINISHED)
    if path.exists():
        raise Refused(exists)
    try:
        descriptor = os.open(writing, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    except FileNotFoundError:
        raise Refused("keys_folder_missing") from None
    try:
        with open(descriptor, "wb") as file:
            if os.name == "posix":
                os.fchmod(descriptor, 0o600)  # one left behind by a killed program keeps no other mode
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _take_name(writing, path)
    except FileExistsError:
        raise Refused(exists) from None
    finally:
        writing.unlink(missing_ok=True)
    try:
        sync_folder(path.parent)
    except BaseException:
        path.unlink()
        raise


def sync_folder(folder: Path) -> None:
    """The names in the folder, or the lack of one, would survive a power cut. Some shares sync no folder and say so: there the files
    themselves are on their way all the same."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as problem:
        if problem.errno not in (EINVAL, ENOTSUP, ENOSYS):
            raise
    finally:
        os.close(descriptor)


def _take_name(writing: Path, path: Path) -> None:
    """Gives the finished file its name; FileExistsError where somebody was faster."""
    try:
        os.link(writing, path)
    except FileExistsError:
        raise
    except OSError:  # a stick whose file system knows no second names
        if path.exists():
            raise FileExistsError(path) from None
        os.rename(writing, path)
