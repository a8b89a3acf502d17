"""No statement on any connection changes, removes or replaces a recorded event, or records one anywhere but at the
end.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from mingzhang.domain.journal.sqlite_schema import SCHEMA
from mingzhang.domain.refusal import Refused

from .ledgers import event, journal, opened

LAST_INSTANT = "2020-03-25T08:00:00.000000Z"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "journal.db"
    with journal(path) as recorder:
        recorder.insert_events([event("entry/a"), event("entry/b"), event("entry/c")])
    return path


@pytest.fixture
def plain(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection as anybody's, with none of our settings: recursive_triggers is off."""
    connection = sqlite3.connect(file, isolation_level=None)
    yield connection
    connection.close()


INSERT = "INSERT {how} INTO events VALUES ({leaf}, '{stream}', {version}, 'entry.recorded', x'00', '{instant}') {then}"


def insert(
    how: str = "",
    leaf: str = "3",
    stream: str = "entry/d",
    version: int = 1,
    instant: str = LAST_INSTANT,
    then: str = "",
) -> str:
    return INSERT.format(how=how, leaf=leaf, stream=stream, version=version, instant=instant, then=then)


REFUSED = {
    "update of a state": "UPDATE events SET state = x'00' WHERE leaf_index = 1",
    "update of nothing but the time": "UPDATE events SET recorded_at = recorded_at",
    "update or replace": "UPDATE OR REPLACE events SET originator_id = 'entry/a' WHERE leaf_index = 1",
    "delete of the tail": "DELETE FROM events WHERE leaf_index = 2",
    "delete of all": "DELETE FROM events",
    "replace by position": insert("OR REPLACE", leaf="1"),
    "replace by position as the first": insert("OR REPLACE", leaf="0"),
    "replace by stream and version": insert("OR REPLACE", stream="entry/b"),
    "replace by both": insert("OR REPLACE", leaf="1", stream="entry/b"),
    "plain duplicate": insert(stream="entry/b"),
    "insert or ignore of a duplicate": insert("OR IGNORE", stream="entry/b"),
    "upsert by stream and version": insert(
        stream="entry/b", then="ON CONFLICT (originator_id, originator_version) DO UPDATE SET state = excluded.state"
    ),
    "upsert by position": insert(leaf="1", then="ON CONFLICT (leaf_index) DO UPDATE SET state = excluded.state"),
    "a gap": insert(leaf="4"),
    "a negative leaf": insert(leaf="-1"),
    "a leaf left to SQLite": insert(leaf="NULL"),
    "a moment earlier than the last": insert(instant="2020-03-25T07:59:59.999999Z"),
}


@pytest.mark.parametrize("statement", REFUSED.values(), ids=REFUSED.keys())
def test_a_plain_connection_is_refused(file: Path, plain: sqlite3.Connection, statement: str) -> None:
    before = plain.execute("SELECT * FROM events").fetchall()
    with pytest.raises(sqlite3.IntegrityError):
        plain.execute(statement)
    assert plain.execute("SELECT * FROM events").fetchall() == before


def test_a_plain_connection_may_append_what_follows(plain: sqlite3.Connection) -> None:
    plain.execute(insert())
    assert plain.execute("SELECT count(*) FROM events").fetchone() == (4,)


def test_the_first_event_takes_leaf_zero(tmp_path: Path) -> None:
    with journal(tmp_path / "journal.db"), sqlite3.connect(tmp_path / "journal.db") as plain:
        with pytest.raises(sqlite3.IntegrityError):
            plain.execute(insert(leaf="1"))
        plain.execute(insert(leaf="0"))


GUARDS = [name for name, statement in SCHEMA.items() if statement.startswith("CREATE TRIGGER")]


@pytest.mark.parametrize("guard", GUARDS)
def test_a_ledger_without_one_of_its_guards_is_refused(file: Path, plain: sqlite3.Connection, guard: str) -> None:
    plain.execute(f"DROP TRIGGER {guard}")
    with pytest.raises(Refused, match="ledger_damaged"):
        opened(file)


@pytest.mark.parametrize("guard", GUARDS)
def test_a_ledger_with_a_weakened_guard_is_refused(file: Path, plain: sqlite3.Connection, guard: str) -> None:
    plain.execute(f"DROP TRIGGER {guard}")
    plain.execute(f"CREATE TRIGGER {guard} BEFORE UPDATE ON events BEGIN SELECT 1; END")
    with pytest.raises(Refused, match="ledger_damaged"):
        opened(file)


def test_a_ledger_with_a_trigger_of_somebody_else_is_refused(file: Path, plain: sqlite3.Connection) -> None:
    plain.execute("CREATE TRIGGER silence BEFORE INSERT ON events BEGIN SELECT RAISE(IGNORE); END")
    with pytest.raises(Refused, match="ledger_damaged"):
        opened(file)


@pytest.mark.parametrize("name", ["events", "tiles", "sqlite_quiet"])
def test_a_trigger_under_a_name_that_is_known_is_refused(file: Path, plain: sqlite3.Connection, name: str) -> None:
    """SQLite lets a trigger bear a table's name, and whoever writes its schema lets one bear a name that SQLite keeps for itself."""
    plain.execute("CREATE TRIGGER silence BEFORE INSERT ON events BEGIN SELECT RAISE(IGNORE); END")
    plain.execute("PRAGMA writable_schema = ON")
    plain.execute("UPDATE sqlite_master SET name = ?1, sql = replace(lower(sql), 'silence', ?1) WHERE name = 'silence'", (name,))
    plain.commit()
    with pytest.raises(Refused, match="ledger_damaged"):
        opened(file)


def test_a_strange_index_is_refused_and_a_table_beside_the_log_is_not(file: Path, plain: sqlite3.Connection) -> None:
    plain.execute("CREATE TABLE beside (x)")
    opened(file)
    plain.execute("CREATE INDEX by_topic ON events (topic) WHERE topic <> 'objection.raised'")
    with pytest.raises(Refused, match="ledger_damaged"):
        opened(file)


def test_a_dumped_and_reloaded_ledger_is_the_same_ledger(file: Path, tmp_path: Path, plain: sqlite3.Connection) -> None:
    with sqlite3.connect(tmp_path / "copy.db") as copy:
        copy.executescript("".join(plain.iterdump()))
    copy.close()
    with journal(file) as original, journal(tmp_path / "copy.db") as reloaded:
        assert reloaded.select_rows() == original.select_rows()


def test_every_connection_has_the_settings_the_promises_rest_on(file: Path) -> None:
    with journal(file) as recorder, recorder.datastore.transaction(commit=False) as c:
        settings = {}
        for name in ("journal_mode", "synchronous", "recursive_triggers", "busy_timeout"):
            c.execute(f"PRAGMA {name}")
            settings[name] = c.fetchone()[0]
    assert settings == {"journal_mode": "wal", "synchronous": 2, "recursive_triggers": 1, "busy_timeout": 30_000}
