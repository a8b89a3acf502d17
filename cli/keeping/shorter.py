"""A log that is shorter than it was has lost records, or is an older copy: this is said before anything is answered or recorded on it.

Two things in the folder remember how long it was: the projections, which never run ahead of what was recorded, and the checkpoints that the
ledger made itself. Whoever means to go on from the older copy attests the loss; a restore leaves nothing behind that remembers more.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from mingzhang.domain.journal.records import Head, LogRow
from mingzhang.domain.proof.checkpoint import read_checkpoint
from mingzhang.domain.refusal import Refused
from mingzhang.projections.fingerprint import fingerprint

from ..folder import LedgerFolder

LOST = "lost"


class Log(Protocol):
    """What is asked of a journal."""

    def head(self) -> Head: ...
    def select_rows(self, gt_size: int = 0, limit: int | None = None) -> list[LogRow]: ...
    def root_at(self, size: int | None = None) -> bytes: ...


@dataclass(frozen=True)
class Answered:
    """How long the log was when something here last looked at it, and how to tell whether it still begins so."""

    size: int
    by: Literal["projections", "checkpoint"]
    still: Callable[[Log], bool]


@dataclass(frozen=True)
class Loss:
    """The log holds `held` events, and what remembers it (`by`) says `answered`; equal sizes: the last of them is another event now."""

    held: int
    answered: int
    by: Literal["projections", "checkpoint"]


def loss(folder: LedgerFolder, journal: Log) -> Loss | None:
    """What the log has lost, as far as anything in its folder remembers."""
    remembered = [found for found in (_by_projections(folder), _by_checkpoint(folder)) if found is not None]
    held = journal.head().size  # after what remembers: somebody may be recording
    for one in sorted(remembered, key=lambda found: -found.size):
        if one.size > held or not one.still(journal):
            return Loss(min(held, one.size - 1), one.size, one.by)
    return None


def refuse_shorter(folder: LedgerFolder, journal: Log) -> None:
    """Refuses `log_shorter_than_answered` (size, answered, by)."""
    found = loss(folder, journal)
    if found is not None:
        raise Refused("log_shorter_than_answered", size=journal.head().size, answered=found.answered, by=found.by)


def forget(folder: LedgerFolder, journal: Log) -> list[str]:
    """Moves the ledger's own checkpoints that are not of this log aside, into `checkpoints/lost`, as evidence; their names."""
    moved = []
    for size, file in _checkpoints(folder):
        if size <= journal.head().size and _agrees(file, journal):
            break
        aside = file.parent / LOST
        aside.mkdir(mode=0o700, exist_ok=True)
        file.replace(aside / file.name)
        moved.append(file.name)
    return moved


def _by_projections(folder: LedgerFolder) -> Answered | None:
    if not folder.projections.is_file():
        return None
    try:
        address = f"{folder.projections.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            row = connection.execute("SELECT size, last_row FROM projection_position WHERE ledger_id = ?", (folder.ledger_id,)).fetchone()
    except sqlite3.Error:  # derived tables that cannot be read remember nothing; they are made anew
        return None
    if row is None or not isinstance(row[0], int) or row[0] < 1:
        return None
    size, last_row = row

    def still(journal: Log) -> bool:
        found = journal.select_rows(size - 1, 1)
        return bool(found) and fingerprint(found[0]) == last_row

    return Answered(size, "projections", still)


def _by_checkpoint(folder: LedgerFolder) -> Answered | None:
    kept = _checkpoints(folder)
    if not kept:
        return None
    size, file = kept[0]
    return Answered(size, "checkpoint", lambda journal: _agrees(file, journal))


def _agrees(file: Path, journal: Log) -> bool:
    """Whether the log begins with what the checkpoint says. A file that is no checkpoint says nothing."""
    try:
        head, _note = read_checkpoint(file.read_bytes())
    except (Refused, OSError):
        return True
    return head.root == journal.root_at(head.size)


def _checkpoints(folder: LedgerFolder) -> list[tuple[int, Path]]:
    """The ledger's own checkpoints, the longest log first."""
    kept = folder.root / "checkpoints"
    files = kept.iterdir() if kept.is_dir() else ()
    return sorted(((int(file.stem), file) for file in files if file.suffix == ".txt" and file.stem.isdecimal()), reverse=True)
