"""A folder that is being filled is never taken for a finished one: its description comes last, by renaming, when all else is on the disk.

Until then a file `unfinished` lies in it. Whoever was killed leaves that behind, and the next try clears it away and begins again.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EINVAL, ENOLCK, ENOTSUP
from pathlib import Path
from typing import BinaryIO

from mingzhang.domain.refusal import Refused
from mingzhang.domain.vault.private_file import sync_folder

from .on_disk import sync_folders

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

UNFINISHED = "unfinished"


class NewFolder:
    """A folder being filled; `finish` makes it what it is to be."""

    def __init__(self, root: Path, last: str, marker: BinaryIO) -> None:
        self.root = root
        self._last = last
        self._marker = marker
        self.finished = False

    def finish(self, content: bytes) -> None:
        """Everything in the folder is on the disk, then the file that says what it is appears, whole."""
        sync_folders(self.root)
        self._marker.write(content)
        self._marker.flush()
        os.fsync(self._marker.fileno())
        if fcntl is None:
            self._marker.close()  # Windows does not rename an open file
        (self.root / UNFINISHED).replace(self.root / self._last)
        self.finished = True
        sync_folder(self.root)


@contextmanager
def new_folder(root: Path, last: str, parts: frozenset[str], *, exists: str) -> Iterator[NewFolder]:
    """Fills a new folder, whose description will be the file `last`. An empty folder will do, such as a disk's own; so will what was
    left of an earlier try: one that holds `unfinished` and otherwise names of `parts` only.

    Refused with the code `exists` (folder) where anything else is there, `folder_busy` where another program is filling it. What fails
    leaves nothing behind.
    """
    there = {entry.name for entry in root.iterdir()} if root.is_dir() else set()
    if (root.exists() and not root.is_dir()) or (there and not (UNFINISHED in there and there <= parts | {UNFINISHED})):
        raise Refused(exists, folder=str(root))
    made = not root.exists()
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (root / UNFINISHED).open("a+b") as marker:
        _hold(marker, root)
        if (root / last).exists():  # somebody has finished theirs while we were on the way here
            (root / UNFINISHED).unlink(missing_ok=True)
            raise Refused(exists, folder=str(root))
        _clear(root)
        marker.truncate(0)
        filling = NewFolder(root, last, marker)
        try:
            yield filling
            if not filling.finished:
                raise ValueError("a folder was filled and never finished")
        except BaseException:
            if not filling.finished:
                _clear(root)
                marker.close()
                (root / UNFINISHED).unlink(missing_ok=True)
                if made:
                    root.rmdir()
            raise


def _hold(marker: BinaryIO, root: Path) -> None:
    """Keeps others out for as long as the marker is open. A share that knows no locks keeps nobody out: there only the name does."""
    if fcntl is None:
        return
    try:
        fcntl.flock(marker, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Refused("folder_busy", folder=str(root)) from None
    except OSError as problem:
        if problem.errno not in (ENOLCK, ENOTSUP, EINVAL):
            raise


def _clear(root: Path) -> None:
    for entry in root.iterdir():
        if entry.name == UNFINISHED:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
