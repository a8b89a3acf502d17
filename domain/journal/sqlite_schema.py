"""The log's table in SQLite grows at its end and nowhere else: no row is changed, deleted or replaced by anybody; and so does the
hash tree beside it.

The guards are triggers, hence part of the file: they hold for the `sqlite3` shell as well. Whoever drops them first
can still rewrite the file; that is found by the hash tree and its checkpoints, and by `check_schema` at the next
opening.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal

from ..refusal import Refused

EVENTS = """CREATE TABLE events (
    leaf_index INTEGER PRIMARY KEY,
    originator_id TEXT NOT NULL,
    originator_version INTEGER NOT NULL,
    topic TEXT NOT NULL,
    state BLOB NOT NULL,
    recorded_at TEXT NOT NULL,
    UNIQUE (originator_id, originator_version)
)"""

# INSERT OR REPLACE takes a row away without telling the delete trigger, unless the connection has set
# recursive_triggers, and an upsert changes it: so what is there already is looked for before the insert. One trigger
# costs less than several, one look at the last row less than one for each rule (measured: 1.2 times the unguarded
# insert in all).
EVENTS_GROW_AT_THE_END = """CREATE TRIGGER events_grow_at_the_end BEFORE INSERT ON events
BEGIN
    SELECT CASE
        WHEN EXISTS (
            SELECT 1 FROM events
            WHERE originator_id = NEW.originator_id AND originator_version = NEW.originator_version
        ) THEN RAISE(ABORT, 'this version of the stream is recorded already')
        WHEN NOT coalesce(
            (
                SELECT NEW.leaf_index = leaf_index + 1 AND NEW.recorded_at >= recorded_at
                FROM events ORDER BY leaf_index DESC LIMIT 1
            ),
            NEW.leaf_index = 0
        ) THEN RAISE(ABORT, 'an event follows the last one, in place and in time')
    END;
END"""

EVENTS_ARE_NOT_CHANGED = """CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events
BEGIN
    SELECT RAISE(ABORT, 'a recorded event is never changed');
END"""

EVENTS_ARE_NOT_DELETED = """CREATE TRIGGER events_are_not_deleted BEFORE DELETE ON events
BEGIN
    SELECT RAISE(ABORT, 'a recorded event is never deleted');
END"""

# Without a rowid, by which a row could be replaced past the guards below.
TILES = """CREATE TABLE tiles (
    level INTEGER NOT NULL,
    tile INTEGER NOT NULL,
    hashes BLOB NOT NULL,
    PRIMARY KEY (level, tile)
) WITHOUT ROWID"""

TILES_ONLY_GROW = """CREATE TRIGGER tiles_only_grow BEFORE UPDATE ON tiles
WHEN NEW.level <> OLD.level OR NEW.tile <> OLD.tile OR substr(NEW.hashes, 1, length(OLD.hashes)) <> OLD.hashes
BEGIN
    SELECT RAISE(ABORT, 'a hash in the tree is never changed');
END"""

# For INSERT OR REPLACE, as above; what grows a tile is an upsert, which fires this trigger as well.
TILES_ARE_NOT_REPLACED = """CREATE TRIGGER tiles_are_not_replaced BEFORE INSERT ON tiles
WHEN EXISTS (
    SELECT 1 FROM tiles
    WHERE level = NEW.level AND tile = NEW.tile AND substr(NEW.hashes, 1, length(hashes)) <> hashes
)
BEGIN
    SELECT RAISE(ABORT, 'a hash in the tree is never changed');
END"""

TILES_ARE_NOT_DELETED = """CREATE TRIGGER tiles_are_not_deleted BEFORE DELETE ON tiles
BEGIN
    SELECT RAISE(ABORT, 'a hash in the tree is never deleted');
END"""

EVENTS_SCHEMA: Mapping[str, str] = {
    "events": EVENTS,
    "events_grow_at_the_end": EVENTS_GROW_AT_THE_END,
    "events_are_not_changed": EVENTS_ARE_NOT_CHANGED,
    "events_are_not_deleted": EVENTS_ARE_NOT_DELETED,
}
"""What a file of format 1 holds, by name."""

TILES_SCHEMA: Mapping[str, str] = {
    "tiles": TILES,
    "tiles_only_grow": TILES_ONLY_GROW,
    "tiles_are_not_replaced": TILES_ARE_NOT_REPLACED,
    "tiles_are_not_deleted": TILES_ARE_NOT_DELETED,
}
"""What format 2 added, by name."""

SCHEMA: Mapping[str, str] = {**EVENTS_SCHEMA, **TILES_SCHEMA}
"""Every table and trigger of the log by name, in the order of making; SQLite keeps these texts word for word."""

PUT_EVENT = "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)"
PUT_TILE = "INSERT INTO tiles VALUES (?, ?, ?) ON CONFLICT (level, tile) DO UPDATE SET hashes = excluded.hashes"


INDEX: Final = "sqlite_autoindex_events_1"
"""The index by stream, which SQLite makes by itself and keeps no text of."""

Entry = tuple[str, str, str | None]
"""What `ENTRIES` asks SQLite for: kind, name and SQL of one thing in the file."""

ENTRIES: Final = "SELECT type, name, sql FROM sqlite_master"

Difference = tuple[Literal["missing", "changed", "strange"], str]
"""What is the matter with a thing in the file, and the thing."""


def differences(stored: Iterable[Entry], schema: Mapping[str, str] = SCHEMA) -> Iterator[Difference]:
    """How what is in a file differs from what was made there.

    Kind and name are looked at together: SQLite lets a trigger bear a table's name. What belongs to SQLite goes by the two things it
    makes by itself and not by their prefix, which somebody who writes the schema's page can give to a trigger as well.
    """
    left = dict(schema)
    for kind, name, statement in stored:
        made = left.get(name)
        if made is not None and kind == _kind(made):
            del left[name]
            if statement != made:
                yield "changed", name
        elif not _is_of_sqlite(kind, name, statement):
            yield "strange", f"{kind} {name}"
    for name in left:
        yield "missing", name


def check_schema(stored: Iterable[Entry], schema: Mapping[str, str] = SCHEMA) -> None:
    """Refuses (`ledger_damaged`) a file whose log table or guards are absent, altered or joined by anything that is not ours: a strange
    trigger could drop events silently, a strange index hide them from questions. A table beside the log is let be.
    """
    said = {"missing": "{} is missing", "changed": "{} is not as it was made", "strange": "{} is unknown to this program"}
    for code, what in differences(stored, schema):
        if not (code == "strange" and what.startswith("table ")):
            raise Refused("ledger_damaged", detail=said[code].format(what))


def _kind(statement: str) -> str:
    return statement.split(" ", 2)[1].lower()


def _is_of_sqlite(kind: str, name: str, statement: str | None) -> bool:
    if statement is None:
        return (kind, name) == ("index", INDEX)
    return kind == "table" and statement.startswith("CREATE TABLE sqlite_stat")  # of ANALYZE
