"""A ledger's parts belong together, and its log has lost nothing since it was last read: this is asked whenever a ledger is opened."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import orjson

from mingzhang.domain.journal.records import LogRow
from mingzhang.domain.refusal import Refused

from ..folder import LedgerFolder
from .shorter import Log, refuse_shorter


class Journal(Log, Protocol):
    """What is asked of a journal."""

    def select_streams(self, names: Iterable[str]) -> list[LogRow]: ...


def check_opening(journal: Journal, folder: LedgerFolder, *, also_shorter: bool = False) -> None:
    """Refuses (`ledger_damaged`) a log that is not this folder's, or one opened as another kind of ledger: a real one never becomes a
    rehearsal, whose clock can be set. Refuses as `refuse_shorter`, unless `also_shorter`."""
    rows = journal.select_streams([f"ledger/{folder.ledger_id}"])
    if not rows:
        raise Refused("ledger_damaged", detail="journal.db")
    if orjson.loads(rows[0].state).get("rehearsal") is not folder.rehearsal:
        raise Refused("ledger_damaged", detail="ledger.json")
    if not also_shorter:
        refuse_shorter(folder, journal)
