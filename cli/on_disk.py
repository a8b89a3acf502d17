"""What is written is on the disk, whole, before it gets the name under which it counts, and nobody but its owner reads it."""

from __future__ import annotations

import os
from pathlib import Path

from mingzhang.domain.vault.private_file import sync_folder


def write_private(path: Path, content: bytes) -> None:
    """A new file (0600) in place of whatever had this name, on the disk when this returns. Names may stand in it, accounts too."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def replace_file(path: Path, content: bytes) -> None:
    """The file holds this from now on, or what it held before: nothing in between, whatever fails."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    try:
        write_private(draft, content)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def sync_folders(root: Path) -> None:
    """The names in the folder and in all below it would survive a power cut."""
    for folder, _folders, _files in os.walk(root):
        sync_folder(Path(folder))
