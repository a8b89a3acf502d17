"""A backup says of itself what it holds, to the byte: `backup.json`, written last, is what makes a folder a backup.

Two kinds, which never lie together: `events` (the log, its checkpoints, the evidence) and `keys` (all that opens them).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from mingzhang.domain.refusal import Refused

MANIFEST = "backup.json"
FORMAT = "mingzhang-backup"
VERSION = 1
Kind = Literal["events", "keys"]
_CHUNK = 1 << 20


@dataclass(frozen=True)
class KeptFile:
    """One file of a backup: its path below the backup's folder with `/`, its length, SHA-256 (hex)."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. size, root (base64), last_recorded_at: of the log, for `events`; for `keys` the log size up to which they are
    certain to open everything. ledger_format: form of the ledger folder. made_at: RFC 3339, UTC, by the clock of whoever made it."""

    kind: Kind
    ledger_id: str
    rehearsal: bool
    ledger_format: int
    made_at: str
    size: int
    root: str
    last_recorded_at: str | None
    files: tuple[KeptFile, ...]

    def written(self) -> bytes:
        """As it stands in `backup.json`."""
        said = {"format": FORMAT, "version": VERSION, **asdict(self)}
        return json.dumps(said, indent=1, ensure_ascii=False).encode() + b"\n"


def read_manifest(backup: Path, kind: Kind) -> Manifest:
    """What the backup in this folder says of itself.

    Refused `backup_missing`, `backup_unfinished` (one that was cut off while it was made), `backup_format`, `backup_other_kind`.
    """
    try:
        said = json.loads((backup / MANIFEST).read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        raise Refused("backup_unfinished" if (backup / "unfinished").exists() else "backup_missing", backup=str(backup)) from None
    except ValueError:
        raise Refused("backup_damaged", backup=str(backup), file=MANIFEST) from None
    try:
        if (said.pop("format"), said.pop("version")) != (FORMAT, VERSION):
            raise ValueError("another format")
        said["files"] = tuple(KeptFile(**one) for one in said["files"])
        found = Manifest(**said)
        if any(_strays(one.path) for one in found.files) or type(found.size) is not int or type(found.rehearsal) is not bool:
            raise ValueError("not as it is written")
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Refused("backup_format", backup=str(backup)) from None
    if found.kind != kind:
        raise Refused("backup_other_kind", backup=str(backup), kind=found.kind, wanted=kind)
    return found


def backup_kind(folder: Path) -> tuple[Kind, str] | None:
    """Which kind of backup lies in the folder, and of which ledger; None where there is none, or none that can be read."""
    try:
        said = json.loads((folder / MANIFEST).read_bytes())
        return (said["kind"], said["ledger_id"]) if said["format"] == FORMAT else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def copied(source: Path, target: Path, *, private: bool = False) -> KeptFile:
    """Copies one file to a new one, on the disk before this returns. private: its owner alone may read it, from the first byte on.
    `path` of the answer is the target's name."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, count = hashlib.sha256(), 0
    mode = 0o600 if private else 0o666
    with source.open("rb") as reading, open(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode), "wb") as writing:
        while chunk := reading.read(_CHUNK):
            digest.update(chunk)
            count += len(chunk)
            writing.write(chunk)
        writing.flush()
        os.fsync(writing.fileno())
    return KeptFile(target.name, count, digest.hexdigest())


def hashed(root: Path, file: Path) -> KeptFile:
    """A file of the folder `root` as it lies there, read back."""
    digest, count = hashlib.sha256(), 0
    with file.open("rb") as reading:
        while chunk := reading.read(_CHUNK):
            digest.update(chunk)
            count += len(chunk)
    return KeptFile(file.relative_to(root).as_posix(), count, digest.hexdigest())


def files_below(root: Path) -> list[Path]:
    """Every file below the folder, in order."""
    return sorted(path for path in root.rglob("*") if path.is_file())


def check_copied(backup: Path, expected: KeptFile, found: KeptFile) -> None:
    """Refused `backup_damaged` where a file is not the one the manifest lists."""
    if (expected.bytes, expected.sha256) != (found.bytes, found.sha256):
        raise Refused("backup_damaged", backup=str(backup), file=expected.path)


def take_out(
    backup: Path, manifest: Manifest, into: Path, wanted: Callable[[str], bool], *, private: bool = False, count: Callable[[], object]
) -> Iterable[str]:
    """Copies the wanted files of a backup below `into`, each compared with the manifest as it is read; gives their paths.

    Refused `backup_damaged` (file) at the first that is missing or differs.
    """
    taken = []
    for one in manifest.files:
        if not wanted(one.path):
            continue
        try:
            found = copied(backup / one.path, into / one.path, private=private)
        except (FileNotFoundError, IsADirectoryError):
            raise Refused("backup_damaged", backup=str(backup), file=one.path) from None
        check_copied(backup, one, found)
        taken.append(one.path)
        count()
    return taken


def content_of(backup: Path, manifest: Manifest, path: str) -> bytes:
    """A small file of a backup, compared with the manifest. Refused `backup_damaged`."""
    try:
        content = (backup / path).read_bytes()
    except OSError:
        raise Refused("backup_damaged", backup=str(backup), file=path) from None
    found = KeptFile(path, len(content), hashlib.sha256(content).hexdigest())
    if found not in manifest.files:
        raise Refused("backup_damaged", backup=str(backup), file=path)
    return content


def _strays(path: str) -> bool:
    """Whether a path leads out of the folder it is to lie in."""
    parts = PurePosixPath(path).parts
    return not parts or PurePosixPath(path).is_absolute() or ".." in parts or "\\" in path or ":" in path
