"""The log's table in SQLite grows at its end and nowhere else: no row is changed, deleted or replaced by anybody.

The guards are triggers, hence part of the file: they hold for the `sqlite3` shell as well. Whoever drops them first
can still rewrite the file; that is found by the hash tree and its checkpoints, and by `check_schema` at the next
opening.
"""

from __future__ import annotations

from collections.abc import Mapping

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

SCHEMA: Mapping[str, str] = {
    "events": EVENTS,
    "events_grow_at_the_end": EVENTS_GROW_AT_THE_END,
    "events_are_not_changed": EVENTS_ARE_NOT_CHANGED,
    "events_are_not_deleted": EVENTS_ARE_NOT_DELETED,
}
"""Every table and trigger of the log by name, in the order of making; SQLite keeps these texts word for word."""


def check_schema(stored: Mapping[str, str]) -> None:
    """Refuses (`ledger_damaged`) a file whose log table or guards are absent, altered or joined by a trigger not ours.

    `stored`: name and SQL of everything in the file, as sqlite_master has them. A strange trigger could drop events
    silently.
    """
    for name, statement in SCHEMA.items():
        if name not in stored:
            raise Refused("ledger_damaged", detail=f"{name} is missing")
        if stored[name] != statement:
            raise Refused("ledger_damaged", detail=f"{name} is not as it was made")
    for name, statement in stored.items():
        if name not in SCHEMA and statement.startswith("CREATE TRIGGER"):
            raise Refused("ledger_damaged", detail=f"{name} is a trigger unknown to this program")
