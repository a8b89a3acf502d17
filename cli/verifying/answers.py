"""Whoever reads a list reads tables that were worked out from the events; nobody signs those, so they are worked out anew and compared."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from mingzhang.domain.journal.sqlite import SQLiteJournalDatastore, SQLiteJournalRecorder
from mingzhang.domain.proof.verification import Verification
from mingzhang.projections.engine import Engine
from mingzhang.projections.questions import PROJECTIONS

from .folder import Beside

_POSITION = "projection_position"
_LINES = 10_000
_SAID_OF_WHOLE_TABLES = "NULL value in "
"""SQLite 3.40 says this of every row of a table WITHOUT ROWID whose key is not its first columns; no such value is in it."""


def check_answers(beside: Beside, found: Verification) -> None:
    """Adds `answers_differ` for each table that does not hold what the events it was made from give; nothing where there are no tables, or
    only those of another version of the program, which nobody is answered from. Nothing is written beside the log."""
    kept = beside.journal.with_name("projections.db")
    if beside.answered is None or not kept.is_file():
        return
    if not found.ok:
        found.problems.leave("answers_not_compared")
        return
    with TemporaryDirectory() as folder:
        anew = Path(folder) / kept.name
        _made_anew(anew, beside, beside.answered[0])
        for table in _differing(kept, anew):
            found.problems.add("answers_differ", table=table)


def _made_anew(anew: Path, beside: Beside, size: int) -> None:
    datastore = SQLiteJournalDatastore(f"{beside.journal.absolute().as_uri()}?mode=ro")
    engine = Engine(anew, SQLiteJournalRecorder(datastore), PROJECTIONS, ledger_id=beside.said.ledger_id or "")
    try:
        engine.catch_up(limit_size=size)
    finally:
        engine.close()
        datastore.close()


def _differing(kept: Path, anew: Path) -> list[str]:
    """The tables of which one has a row that the other has not; things beside tables that could change what is read from them."""
    with closing(sqlite3.connect(f"{kept.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        connection.execute("ATTACH ? AS anew", (f"{anew.absolute().as_uri()}?mode=ro",))
        try:
            if _definitions(connection, "main") != _definitions(connection, "anew"):
                return []
            of_ours = set(connection.execute("SELECT type, name, tbl_name, sql FROM anew.sqlite_master"))
            strange = [row for row in connection.execute("SELECT type, name, tbl_name, sql FROM main.sqlite_master") if row not in of_ours]
            found = [f"{kind} {name}" for kind, name, _table, _sql in strange if not name.startswith("sqlite_stat")]
            names = sorted(name for kind, name, _table, _sql in of_ours if kind == "table" and name != _POSITION)
            found += [name for name in names if _differ(connection, name)]
            said = (line for (line,) in connection.execute(f"PRAGMA main.integrity_check({_LINES})"))
            found += [line for line in said if line != "ok" and not line.startswith(_SAID_OF_WHOLE_TABLES)][:1]
        except sqlite3.DatabaseError as error:
            return [str(error)]
    return found


def _definitions(connection: sqlite3.Connection, schema: str) -> object:
    return connection.execute(f"SELECT ledger_id, size, definitions FROM {schema}.{_POSITION}").fetchall()


def _differ(connection: sqlite3.Connection, table: str) -> bool:
    """Rows are compared as a whole, in whatever order they lie."""
    one, other = f'main."{table}"', f'anew."{table}"'
    counts = connection.execute(f"SELECT (SELECT count(*) FROM {one}), (SELECT count(*) FROM {other})").fetchone()
    missing = connection.execute(f"SELECT 1 FROM (SELECT * FROM {other} EXCEPT SELECT * FROM {one}) LIMIT 1").fetchone()
    return counts[0] != counts[1] or missing is not None
