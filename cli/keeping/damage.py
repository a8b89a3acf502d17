"""What has happened to a ledger's files is called by its name, with the file concerned: whoever looks after it must know what to do."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from mingzhang.domain.journal.sqlite_reading import Fault, StoredLog, has_rollback_journal, inspect_file
from mingzhang.domain.refusal import Refused

from ..folder import LedgerFolder
from ..i18n import N_, _

_FILE = "journal.db"
_WORDS = {
    "journal_unreadable": N_("{file}: this is no database, or it cannot be read ({detail})"),
    "file_truncated": N_("{file}: its end is missing ({detail} bytes)"),
    "wal_missing": N_("journal.db-wal: the file is missing; {file} was copied without it"),
    "rollback_journal": N_(
        "journal.db-journal: the program never makes this file; SQLite would overwrite pages of {file} with those in it"
    ),
    "page_damaged": N_("{file}: a page of it is damaged ({detail})"),
    "index_disagrees": N_("{file}: its index and its events contradict each other ({detail})"),
    "value_of_wrong_kind": N_("{file}: the event at leaf {leaf} is stored in another way than the program stores it"),
}
_FILES = {"wal_missing": "journal.db-wal", "rollback_journal": "journal.db-journal"}
_GUARD = N_("{file}: its guards are not as they were made ({detail})")


def refuse_lost_wal(folder: LedgerFolder) -> None:
    """Refuses (`ledger_damaged`) a journal that was copied without its write-ahead log, as far as that shows before the file is opened:
    the memory its readers shared lies there, and the log it belongs to does not. Opening the file would wipe that sign away; so it would
    where a rollback journal was laid beside it, whose pages would be put into the file."""
    if has_rollback_journal(folder.journal):
        raise damaged(Fault("rollback_journal"))
    wal, shared = (folder.journal.with_name(folder.journal.name + ending) for ending in ("-wal", "-shm"))
    # Asked twice: somebody else may be closing the file, who takes the shared memory away first.
    if shared.exists() and not wal.exists() and shared.exists():
        raise damaged(Fault("wal_missing"))


def refuse_damaged(folder: LedgerFolder) -> None:
    """Reads the whole journal for what its pages say of each other, and refuses (`ledger_damaged`) the first thing that is wrong with it.
    Takes as long as reading the file does: every page, but not every entry of its index."""
    found = None if _fits_together(folder) else found_in(folder)
    if found is not None:
        raise damaged(found)


def _fits_together(folder: LedgerFolder) -> bool:
    try:
        with closing(sqlite3.connect(f"{folder.journal.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.Error:  # whatever it is, somebody looks for it now
        return False


def found_in(folder: LedgerFolder) -> Fault | None:
    """What is wrong with the journal's file; None where its pages fit together. Whether they say what was recorded, `verify` finds out."""
    with StoredLog(folder.journal) as log:
        faults = [*log.faults]
    if not faults:
        faults = inspect_file(folder.journal)
    return faults[0] if faults else None


def damaged(fault: Fault) -> Refused:
    """The refusal for a fault: `detail` says it in words, `file` and `damage` for a program."""
    words = _(_WORDS.get(fault.code, _GUARD)).format(file=_FILE, detail=fault.detail, leaf=fault.leaf)
    file = _FILES.get(fault.code, _FILE)
    return Refused("ledger_damaged", detail=words, file=file, damage=fault.code)


def named(refused: Refused, folder: LedgerFolder) -> Refused:
    """The same refusal; where nobody has looked yet what it is that is damaged, the one that names it."""
    if refused.code != "ledger_damaged" or "damage" in refused.context:
        return refused
    found = found_in(folder)
    return damaged(found) if found is not None else refused
