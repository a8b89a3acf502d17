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

from .network_share import refuse_network_share
from .new_folder import new_folder

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

ABOUT = "ledger.json"
_UPGRADING = "upgrading"
LEDGER_PARTS = frozenset(
    {"journal.db", "journal.db-wal", "journal.db-shm", "journal.db-journal", "keys", "checkpoints", "evidence", "bank-profiles"}
)
"""What a ledger's folder may hold before it is one."""


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
    """The ledger at `root`. Refused: ledger_missing, ledger_url_unsupported, ledger_on_network_share, ledger_damaged, ledger_needs_upgrade
    (an older version of this program wrote it), ledger_other_format (a newer one did)."""
    found, written = read_format(root)
    if written < FORMAT:
        raise Refused("ledger_needs_upgrade", format=written, supported=FORMAT)
    return found


def read_format(root: Path) -> tuple[LedgerFolder, int]:
    """The ledger at `root` and its format, this version's or an older one's; else refused as by `read_folder`."""
    if str(root).startswith("postgresql:"):
        raise Refused("ledger_url_unsupported")
    about = root / ABOUT
    if not about.is_file():
        raise Refused("ledger_missing", ledger=str(root))
    refuse_network_share(root)
    try:
        said = json.loads(about.read_text(encoding="utf-8"))
        found = LedgerFolder(root, said["ledger_id"], said["rehearsal"])
        written = said["format"]
        if not (isinstance(found.ledger_id, str) and type(found.rehearsal) is bool and type(written) is int):
            raise ValueError(ABOUT)
    except (ValueError, KeyError, TypeError):
        raise Refused("ledger_damaged", detail=ABOUT) from None
    if not 1 <= written <= FORMAT:
        raise Refused("ledger_other_format", format=written, supported=FORMAT)
    if not found.journal.is_file() or found.journal.stat().st_size == 0:
        raise Refused("ledger_damaged", detail="journal.db")
    return found, written


@contextmanager
def upgrading(root: Path) -> Iterator[LedgerFolder | None]:
    """Holds an older ledger alone; None where it is of this format already. Once everything inside has succeeded, and last of all,
    `ledger.json` says the new format: what was cut off half-way is done again. Refused `ledger_busy` while somebody else upgrades it,
    `ledger_read_only`."""
    read_format(root)
    try:
        making = (root / _UPGRADING).open("a+b")
    except PermissionError:
        raise Refused("ledger_read_only", ledger=str(root)) from None
    with making, _locked(making):
        folder, written = read_format(root)  # again: somebody may just have finished
        if written == FORMAT:
            (root / _UPGRADING).unlink(missing_ok=True)
            yield None
            return
        try:
            yield folder
        except Refused:
            (root / _UPGRADING).unlink(missing_ok=True)
            raise
        _say(folder, making)


def make_folder(root: Path, ledger_id: str, *, rehearsal: bool, fill: Callable[[LedgerFolder], None]) -> LedgerFolder:
    """Makes a new ledger folder and lets `fill` put its keys and first events in. Refused `ledger_exists` where there is one,
    `folder_not_empty` where there is something else, `folder_busy` where somebody else is just making one, `ledger_read_only`."""
    if (root / ABOUT).exists():
        raise Refused("ledger_exists", ledger=str(root))
    refuse_network_share(root)
    folder = LedgerFolder(root, ledger_id, rehearsal)
    try:
        with new_folder(root, ABOUT, LEDGER_PARTS, exists="folder_not_empty") as making:
            folder.keys.mkdir(mode=0o700)
            os.chmod(folder.keys, 0o700)
            fill(folder)
            making.finish(_about(folder))
    except PermissionError:
        raise Refused("ledger_read_only", ledger=str(root)) from None
    return folder


def _about(folder: LedgerFolder) -> bytes:
    about = {"ledger_id": folder.ledger_id, "rehearsal": folder.rehearsal, "format": FORMAT}
    return json.dumps(about, indent=2).encode() + b"\n"


def _say(folder: LedgerFolder, making: BinaryIO) -> None:
    """Writes what the ledger is into a file of its folder that lies open, and gives it the name under which it counts."""
    making.truncate(0)
    making.write(_about(folder))
    making.flush()
    os.fsync(making.fileno())
    if fcntl is None:
        making.close()  # Windows does not rename an open file
    Path(making.name).replace(folder.root / ABOUT)


@contextmanager
def _locked(making: BinaryIO) -> Iterator[None]:
    if fcntl is not None:
        try:
            fcntl.flock(making, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused("ledger_busy") from None
    yield
