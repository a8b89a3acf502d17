"""Attacks on the database underneath the log: its index, the tree's tiles, its guards, its pages, and the files beside it.

Each changes a copied ledger and gives the first event that is not as it was (None where no event is concerned).
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing

from tests.attacks.forging import put_tree, rows_of, unguarded
from tests.attacks.ledger import Victim
from tests.attacks.on_the_file import ENTRY


def value_of_another_kind(victim: Victim) -> int:
    """The bytes stay the same, and so does the hash; but no question finds the event any more."""
    with unguarded(victim.journal) as connection:
        connection.execute("UPDATE events SET originator_id = CAST(originator_id AS BLOB) WHERE leaf_index = ?", (ENTRY,))
    return ENTRY


def taken_out_of_the_index(victim: Victim) -> int:
    """The event is in the log, and not in the index by which its stream is found: a decision taken back, as far as the program sees."""
    with unguarded(victim.journal) as connection:
        row = connection.execute("SELECT * FROM events WHERE leaf_index = ?", (ENTRY,)).fetchone()
        connection.execute("DELETE FROM events WHERE leaf_index = ?", (ENTRY,))
        index = connection.execute("SELECT * FROM sqlite_master WHERE type = 'index' AND tbl_name = 'events'").fetchone()
        (table,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'events'").fetchone()
    without = table.replace(",\n    UNIQUE (originator_id, originator_version)", "")
    _rewrite_schema(victim, "DELETE FROM sqlite_master WHERE type = 'index' AND tbl_name = 'events'", ())
    _rewrite_schema(victim, "UPDATE sqlite_master SET sql = ? WHERE name = 'events'", (without,))
    with unguarded(victim.journal) as connection:
        connection.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)", row)
    _rewrite_schema(victim, "INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", index)
    _rewrite_schema(victim, "UPDATE sqlite_master SET sql = ? WHERE name = 'events'", (table,))
    return ENTRY


def _rewrite_schema(victim: Victim, statement: str, values: tuple[object, ...]) -> None:
    with closing(sqlite3.connect(victim.journal, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(statement, values)


def tile_changed(victim: Victim) -> int:
    """One hash of the tree."""
    with unguarded(victim.journal) as connection:
        (hashes,) = connection.execute("SELECT hashes FROM tiles WHERE level = 0 AND tile = 0").fetchone()
        changed = hashes[: ENTRY * 32] + bytes(32) + hashes[ENTRY * 32 + 32 :]
        connection.execute("UPDATE tiles SET hashes = ? WHERE level = 0 AND tile = 0", (changed,))
    return ENTRY


def upper_tile_changed(victim: Victim) -> int:
    with unguarded(victim.journal) as connection:
        connection.execute("UPDATE tiles SET hashes = zeroblob(32) WHERE level = 1")
    return 0


def tile_deleted(victim: Victim) -> int:
    with unguarded(victim.journal) as connection:
        connection.execute("DELETE FROM tiles WHERE level = 0 AND tile = 0")
    return 0


def tile_added(victim: Victim) -> None:
    with unguarded(victim.journal) as connection:
        connection.execute("INSERT INTO tiles VALUES (3, 0, zeroblob(32))")


def tree_deleted(victim: Victim) -> int:
    with unguarded(victim.journal) as connection:
        connection.execute("DELETE FROM tiles")
    return 0


def appended_without_a_leaf(victim: Victim) -> int:
    rows = rows_of(victim.journal)
    added = rows[-1]._replace(leaf_index=len(rows), originator_version=rows[-1].originator_version + 1)
    with unguarded(victim.journal) as connection:
        connection.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)", added)
    return len(rows)


def appended_with_a_leaf(victim: Victim) -> int:
    """As the program's own recorder would append it: the guards allow it, the tree has it, and no transaction vouches for it."""
    rows = rows_of(victim.journal)
    added = rows[-1]._replace(leaf_index=len(rows), originator_version=rows[-1].originator_version + 1)
    with unguarded(victim.journal) as connection:
        connection.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)", added)
        put_tree(connection, [*rows, added])
    return len(rows)


def guards_removed(victim: Victim) -> None:
    with closing(sqlite3.connect(victim.journal, isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER events_are_not_changed")


def guard_weakened(victim: Victim) -> None:
    """A guard by the right name that guards nothing."""
    guards_removed(victim)
    with closing(sqlite3.connect(victim.journal, isolation_level=None)) as connection:
        connection.execute("CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events WHEN 0 BEGIN SELECT 1; END")


def trigger_planted(victim: Victim) -> None:
    """Objections are to vanish as they are recorded."""
    with closing(sqlite3.connect(victim.journal, isolation_level=None)) as connection:
        connection.execute(
            "CREATE TRIGGER quiet BEFORE INSERT ON events WHEN NEW.topic = 'objection.raised' BEGIN SELECT RAISE(IGNORE); END"
        )


def trigger_planted_as_a_table(victim: Victim) -> None:
    """SQLite lets a trigger bear a table's name: whoever asks by name alone sees the table."""
    with closing(sqlite3.connect(victim.journal, isolation_level=None)) as connection:
        tiles = connection.execute("SELECT * FROM sqlite_master WHERE tbl_name = 'tiles' ORDER BY type").fetchall()
    swallows = "CREATE TRIGGER tiles BEFORE INSERT ON events WHEN NEW.topic = 'objection.raised' BEGIN SELECT RAISE(IGNORE); END"
    _rewrite_schema(victim, "DELETE FROM sqlite_master WHERE tbl_name = 'tiles'", ())
    for entry in (("trigger", "tiles", "events", 0, swallows), *tiles):
        _rewrite_schema(victim, "INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", tuple(entry))


def trigger_planted_as_one_of_sqlites(victim: Victim) -> None:
    """The same trigger under a name that SQLite keeps for itself."""
    trigger_planted(victim)
    _rewrite_schema(
        victim, "UPDATE sqlite_master SET name = 'sqlite_quiet', sql = replace(sql, 'quiet', 'sqlite_quiet') WHERE name = 'quiet'", ()
    )


def rollback_journal_planted(victim: Victim) -> None:
    """Pages beside the file, to be put into it as soon as somebody opens it to write."""
    victim.journal.with_name("journal.db-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(4088))


def everything_deleted(victim: Victim) -> int:
    with unguarded(victim.journal) as connection:
        connection.execute("DELETE FROM events")
        connection.execute("DELETE FROM tiles")
    return 0


def page_overwritten(victim: Victim) -> int:
    """Bytes of the file, past SQLite: a page of the table holds nothing but zeros."""
    with closing(sqlite3.connect(victim.journal)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page_bytes = connection.execute("PRAGMA page_size").fetchone()[0]
    whole = victim.journal.read_bytes()
    page = whole.index(rows_of(victim.journal)[ENTRY].state) // page_bytes
    victim.journal.write_bytes(whole[: page * page_bytes] + bytes(page_bytes) + whole[(page + 1) * page_bytes :])
    return ENTRY


def file_cut(victim: Victim) -> None:
    whole = victim.journal.read_bytes()
    victim.journal.write_bytes(whole[: len(whole) // 2])


def copied_without_its_wal(victim: Victim) -> int:
    """The newest records lie in journal.db-wal; somebody who copies the files leaves it behind."""
    size = len(rows_of(victim.journal))
    elsewhere = victim.folder / "copy"
    with closing(sqlite3.connect(victim.journal)) as open_elsewhere:  # as long as somebody reads, the records stay in that file
        open_elsewhere.execute("SELECT count(*) FROM events").fetchone()
        victim.player.play("survey", "open", "2021-spring", actor="clerk", at="2020-03-20T11:00:00")
        shutil.copytree(victim.ledger, elsewhere)
    shutil.rmtree(victim.ledger)
    elsewhere.rename(victim.ledger)
    victim.journal.with_name("journal.db-wal").unlink()
    return size
