"""What lies beside a journal and says something about it, read without opening a ledger: a damaged one must be verified, not refused."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from mingzhang.domain.journal.records import LogRow
from mingzhang.domain.journal.sqlite_reading import StoredLog
from mingzhang.domain.proof.against import Shown
from mingzhang.domain.proof.checkpoint import read_checkpoint
from mingzhang.domain.proof.verification import Said
from mingzhang.domain.refusal import Refused
from mingzhang.projections.fingerprint import fingerprint

from ..folder import ABOUT
from ..network_share import refuse_network_share


@dataclass(frozen=True)
class Beside:
    """`said`: what ledger.json says; `own`: the ledger's own checkpoints; `answered`: log size and last event that questions were answered
    from, None where nothing remembers it. `unreadable`: files of these that are not what they should be; `is_alone`: only the journal is
    here."""

    journal: Path
    said: Said
    own: tuple[Shown, ...]
    answered: tuple[int, str] | None
    unreadable: tuple[str, ...]
    is_alone: bool = False


def read_beside(place: Path) -> Beside:
    """`place` is a ledger's folder, or a journal file alone. Refused: ledger_missing where there is no journal, ledger_url_unsupported,
    ledger_on_network_share, ledger_needs_upgrade (a ledger of an older format has no tree to compare with)."""
    if str(place).startswith("postgresql:"):
        raise Refused("ledger_url_unsupported")
    journal = place if place.is_file() else place / "journal.db"
    if not journal.is_file():
        raise Refused("ledger_missing", ledger=str(place))
    root = journal.parent
    refuse_network_share(root)
    if place.is_file():
        return Beside(journal, Said(), (), None, (), is_alone=True)
    said, unreadable = _said(root)
    own, strange = _own(root)
    return Beside(journal, said, own, _answered(root, said), (*unreadable, *strange))


def _said(root: Path) -> tuple[Said, tuple[str, ...]]:
    about = root / ABOUT
    if not about.is_file():
        return Said(), ()
    try:
        said = json.loads(about.read_text(encoding="utf-8"))
        found, written = Said(said["ledger_id"], said["rehearsal"]), said["format"]
        if not (isinstance(found.ledger_id, str) and type(found.rehearsal) is bool and type(written) is int):
            raise ValueError(ABOUT)
    except (ValueError, KeyError, TypeError, OSError):
        return Said(), (ABOUT,)
    if written == 1:
        raise Refused("ledger_needs_upgrade", format=written, supported=2)
    return found, ()


def _own(root: Path) -> tuple[tuple[Shown, ...], tuple[str, ...]]:
    found: list[Shown] = []
    unreadable: list[str] = []
    folder = root / "checkpoints"
    for file in sorted(folder.glob("*.txt")) if folder.is_dir() else ():
        name = f"checkpoints/{file.name}"
        try:
            shown = Shown.of_note(name, read_checkpoint(file.read_bytes())[1], outside=False)
        except (Refused, OSError):
            unreadable.append(name)
            continue
        if file.stem != str(shown.size):
            unreadable.append(name)
        found.append(shown)
    return tuple(found), tuple(unreadable)


def _answered(root: Path, said: Said) -> tuple[int, str] | None:
    file = root / "projections.db"
    if not file.is_file() or said.ledger_id is None:
        return None
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            row = connection.execute("SELECT size, last_row FROM projection_position WHERE ledger_id = ?", (said.ledger_id,)).fetchone()
    except sqlite3.Error:  # derived tables that cannot be read remember nothing; they are made anew
        return None
    return (row[0], row[1]) if row is not None and isinstance(row[0], int) else None


def fingerprint_at(stored: StoredLog, leaf: int) -> str | None:
    """As the projections remember an event; None where there is none, or none that can be read."""
    rows = stored.rows(leaf, leaf + 1)
    if len(rows) != 1:
        return None
    _leaf, stream, version, topic, state, recorded_at = rows[0]
    try:
        return fingerprint(LogRow(leaf, stream.decode(), version, topic.decode(), state, recorded_at.decode()))
    except (AttributeError, ValueError):
        return None
