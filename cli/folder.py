"""A ledger is a folder: what it is, where its events, its keys and its disposable tables lie, and which form of folder it is."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from mingzhang.domain.ledger import FORMAT
from mingzhang.domain.refusal import Refused

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_UNFINISHED = "unfinished"
_JOURNAL = ("journal.db", "journal.db-wal", "journal.db-shm", "journal.db-journal")


@dataclass(frozen=True)
class LedgerFolder:
    """`<root>/ledger.json` says which ledger this is; events in `journal.db`; everything that unlocks persons under `keys/`, apart."""

    root: Path
    ledger_id: str
    rehearsal: bool

    @property
    def journal(self) -> Path:
        return self.root / "journal.db"

    @property
    def projections(self) -> Path:
        return self.root / "projections.db"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def vault(self) -> Path:
        return self.keys / "vault.db"

    @property
    def master_key(self) -> Path:
        return self.keys / "master.key"

    @property
    def exports(self) -> Path:
        return self.root / "exports"


def read_folder(root: Path) -> LedgerFolder:
    """The ledger at `root`. Refused: ledger_missing, ledger_url_unsupported, ledger_damaged, ledger_other_format (written by another
    version of this program)."""
    if str(root).startswith("postgresql:"):
        raise Refused("ledger_url_unsupported")
    about = root / "ledger.json"
    if not about.is_file():
        raise Refused("ledger_missing", ledger=str(root))
    try:
        said = json.loads(about.read_text(encoding="utf-8"))
        found = LedgerFolder(root, said["ledger_id"], said["rehearsal"])
        written = said["format"]
        if not (isinstance(found.ledger_id, str) and type(found.rehearsal) is bool and type(written) is int):
            raise ValueError("ledger.json")
    except (ValueError, KeyError, TypeError):
        raise Refused("ledger_damaged", detail="ledger.json") from None
    if written != FORMAT:
        raise Refused("ledger_other_format", format=written, supported=FORMAT)
    if not found.journal.is_file() or found.journal.stat().st_size == 0:
        raise Refused("ledger_damaged", detail="journal.db")
    return found


def make_folder(root: Path, ledger_id: str, *, rehearsal: bool, fill: Callable[[LedgerFolder], None]) -> LedgerFolder:
    """Makes a new ledger folder and lets `fill` put its keys and first events in; `ledger.json` comes last, so that a folder cut off
    half-way is no ledger. Refused `ledger_exists` where there is one, `folder_not_empty` where there is something else, `ledger_busy`
    where somebody else is just making one."""
    if (root / "ledger.json").exists():
        raise Refused("ledger_exists", ledger=str(root))
    if root.exists() and not root.is_dir():
        raise Refused("folder_not_empty", ledger=str(root))
    present = {entry.name for entry in root.iterdir()} if root.is_dir() else set()
    if present and not (present <= {*_JOURNAL, "keys", _UNFINISHED} and _UNFINISHED in present):
        raise Refused("folder_not_empty", ledger=str(root))
    folder = LedgerFolder(root, ledger_id, rehearsal)
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        making = (root / _UNFINISHED).open("a+b")
    except PermissionError:
        raise Refused("ledger_read_only", ledger=str(root)) from None
    with making, _alone(making, root):
        _clear_unfinished(root)
        folder.keys.mkdir(mode=0o700)
        os.chmod(folder.keys, 0o700)
        fill(folder)
        about = {"ledger_id": ledger_id, "rehearsal": rehearsal, "format": FORMAT}
        making.truncate(0)
        making.write(json.dumps(about, indent=2).encode() + b"\n")
        making.flush()
        os.fsync(making.fileno())
        if fcntl is None:
            making.close()  # Windows does not rename an open file
        (root / _UNFINISHED).replace(root / "ledger.json")
    return folder


@contextmanager
def _alone(making: BinaryIO, root: Path) -> Iterator[None]:
    """Keeps others from making a ledger in the same folder, or from clearing away what is just being made; a killed program's hold ends
    with it. Where the system has no such locks (Windows), an open file cannot be deleted either."""
    if fcntl is not None:
        try:
            fcntl.flock(making, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused("ledger_busy") from None
    if (root / "ledger.json").exists():  # somebody has finished theirs while we were on the way here
        (root / _UNFINISHED).unlink(missing_ok=True)
        raise Refused("ledger_exists", ledger=str(root))
    yield


def _clear_unfinished(root: Path) -> None:
    """Removes what an `init` that was cut off left behind: it never had a ledger.json, so nobody has written into it since."""
    for name in _JOURNAL:
        (root / name).unlink(missing_ok=True)
    for key in sorted((root / "keys").glob("*")):
        key.unlink()
    if (root / "keys").is_dir():
        (root / "keys").rmdir()
