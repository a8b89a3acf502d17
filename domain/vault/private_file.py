"""A secret's file is new, readable by its owner alone, and on the disk before it is relied upon."""

from __future__ import annotations

import os
from pathlib import Path

from ..refusal import Refused


def write_private_file(path: Path, content: bytes, *, exists: str) -> None:
    """Write a new file (0600) and return when it would survive a power cut; never overwrites.

    Refuses with the code `exists` when the name is taken, and `keys_folder_missing`. What cannot be written leaves no
    file.
    """
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        raise Refused(exists) from None
    except FileNotFoundError:
        raise Refused("keys_folder_missing") from None
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if os.name == "posix":  # the new name, too, must survive
            folder = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
    except BaseException:
        path.unlink()  # half a secret must not stand where it would be taken for the whole
        raise
