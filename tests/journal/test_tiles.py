"""Every event has its leaf in the hash tree from the moment it is recorded, and the tree is what the stored bytes say."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from eventsourcing.persistence import IntegrityError
from eventsourcing.persistence import OperationalError as LibraryOperationalError

from mingzhang.domain.journal import sqlite
from mingzhang.domain.journal.leaf import leaf_hashes, leaf_record
from mingzhang.domain.journal.records import LogRow
from mingzhang.domain.journal.sqlite import SQLiteJournalRecorder
from mingzhang.domain.journal.sqlite_schema import PUT_TILE
from mingzhang.domain.merkle.hashing import EMPTY_ROOT, leaf_hash
from mingzhang.domain.merkle.proofs import check_consistency, check_inclusion, consistency_proof, inclusion_proof
from mingzhang.domain.refusal import Refused
from tests.merkle.trees import Tiles, root_of

from .ledgers import START, event, events, journal, opened, ticking_clock

ROW = LogRow(7, "unit/师范系", 258, "unit.registered", b'{"name":"\xe5\xb8\x88"}', "2020-03-25T08:00:00.000000Z")


def stored_tiles(file: Path) -> dict[tuple[int, int], bytes]:
    with sqlite3.connect(file) as connection:
        found = {(level, index): hashes for level, index, hashes in connection.execute("SELECT level, tile, hashes FROM tiles")}
    connection.close()
    return found


def is_whole(recorder: SQLiteJournalRecorder, file: Path) -> bool:
    """Whether the tiles are those of the events, no more and no less."""
    return stored_tiles(file) == Tiles([leaf_hashes(recorder.select_rows())]).kept


def test_a_record_is_a_version_byte_and_each_part_after_its_length() -> None:
    assert leaf_record(ROW) == (
        b"\x01"
        b"\x00\x00\x00\x0e" + "unit/师范系".encode() + b"\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00\x01\x02"
        b"\x00\x00\x00\x0funit.registered"
        b"\x00\x00\x00\x1b2020-03-25T08:00:00.000000Z"
        b"\x00\x00\x00\x0e" + b'{"name":"\xe5\xb8\x88"}'
    )


CHANGED = {
    "the stream": ROW._replace(originator_id="unit/师范糸"),
    "the version": ROW._replace(originator_version=257),
    "the topic": ROW._replace(topic="unit.closed"),
    "the instant": ROW._replace(recorded_at="2020-03-25T08:00:00.000001Z"),
    "the state": ROW._replace(state=b'{"name":"\xe5\xb8\x89"}'),
    "a part pushed over into the next": ROW._replace(originator_id="unit/师范", topic="系unit.registered"),
}


@pytest.mark.parametrize("changed", CHANGED.values(), ids=CHANGED)
def test_whatever_is_changed_in_an_event_changes_its_leaf(changed: LogRow) -> None:
    assert leaf_hash(leaf_record(changed)) != leaf_hash(leaf_record(ROW))


def test_the_place_in_the_log_is_said_by_the_place_in_the_tree_alone() -> None:
    assert leaf_record(ROW._replace(leaf_index=8)) == leaf_record(ROW)


def test_many_leaves_are_hashed_as_one_is() -> None:
    rows = [ROW, *CHANGED.values(), ROW._replace(recorded_at=""), ROW]
    assert leaf_hashes(rows) == [leaf_hash(leaf_record(row)) for row in rows]


@pytest.mark.parametrize("batches", [[1], [1, 1, 1], [255, 1, 1], [256], [257], [700], [100, 411, 1, 3], [10] * 60])
def test_the_tiles_are_those_of_the_events_in_whatever_transactions_they_came(tmp_path: Path, batches: Sequence[int]) -> None:
    file = tmp_path / "journal.db"
    with journal(file) as recorder:
        for number, count in enumerate(batches):
            recorder.insert_events(events(f"entry/{number}", count))
            assert recorder.root_at() == root_of(leaf_hashes(recorder.select_rows()))
        assert is_whole(recorder, file)


def test_the_root_of_every_earlier_size_can_be_asked_for(tmp_path: Path) -> None:
    with journal(tmp_path / "journal.db") as recorder:
        roots = [recorder.root_at()]
        for number in range(5):
            recorder.insert_events(events(f"entry/{number}", 99))
            roots.append(recorder.root_at())
        assert roots == [recorder.root_at(99 * number) for number in range(6)]
        assert roots[0] == EMPTY_ROOT
        for beyond in (496, -1):
            with pytest.raises(Refused) as refused:
                recorder.root_at(beyond)
            assert (refused.value.code, refused.value.context) == ("log_size_unknown", {"size": beyond, "last": 495})


def test_proofs_are_made_from_the_stored_tiles(tmp_path: Path) -> None:
    with journal(tmp_path / "journal.db") as recorder:
        recorder.insert_events(events("entry/a", 700))
        leaf = leaf_hashes(recorder.select_rows(300, limit=1))[0]
        assert check_inclusion(leaf, 300, 700, inclusion_proof(300, 700, recorder.tile), recorder.root_at())
        proof = consistency_proof(300, 700, recorder.tile)
        assert check_consistency(300, recorder.root_at(300), 700, recorder.root_at(), proof)
        assert recorder.tile(0, 9) == recorder.tile(3, 0) == b""


# Together or not at all


def test_a_failure_between_events_and_leaves_leaves_neither(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "journal.db"
    with journal(file) as recorder:
        recorder.insert_events(events("entry/a", 300))
        before = stored_tiles(file)

        def failing(*_: object) -> list[bytes]:
            raise KeyboardInterrupt

        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
            patched.setattr(sqlite, "leaf_hashes", failing)
            recorder.insert_events(events("entry/b", 300))
        assert recorder.head().size == 300
        assert stored_tiles(file) == before
        recorder.insert_events(events("entry/b", 300))
        assert is_whole(recorder, file)


def test_a_failure_to_write_the_last_tile_leaves_neither_events_nor_tiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "journal.db"
    with journal(file) as recorder:
        recorder.insert_events(events("entry/a", 255))
        before = stored_tiles(file)
        with monkeypatch.context() as patched, pytest.raises(LibraryOperationalError):
            patched.setattr(sqlite, "PUT_TILE", PUT_TILE.replace("tiles", "no_such_table"))
            recorder.insert_events(events("entry/b", 2))
        assert (recorder.head().size, stored_tiles(file)) == (255, before)


def test_a_refused_event_leaves_no_leaf(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    with journal(file) as recorder:
        recorder.insert_events([event("entry/a")])
        with pytest.raises(IntegrityError):
            recorder.insert_events([event("entry/b"), event("entry/a")])
        assert is_whole(recorder, file)


# Damage is not built upon

SPOILED = {
    "a tile taken away": "DELETE FROM tiles WHERE level = 0 AND tile = 1",
    "a tile cut": "UPDATE tiles SET hashes = substr(hashes, 1, 32) WHERE tile = 1",
    "a tile too long": "UPDATE tiles SET hashes = hashes || zeroblob(32) WHERE tile = 1",
    "a tile no longer of whole hashes": "UPDATE tiles SET hashes = hashes || x'00' WHERE tile = 1",
    "an upper tile taken away": "DELETE FROM tiles WHERE level = 1",
    "the last event taken away": "DELETE FROM events WHERE leaf_index = 299",
    "an event put in without its leaf": (
        "INSERT INTO events VALUES (300, 'entry/x', 1, 'entry.recorded', x'7b7d', '2020-03-25T08:00:00.000000Z')"
    ),
}


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED)
def test_nothing_is_recorded_on_top_of_a_tree_that_does_not_fit_the_log(tmp_path: Path, spoil: str) -> None:
    file = tmp_path / "journal.db"
    with journal(file) as recorder:
        recorder.insert_events(events("entry/a", 300))
        with sqlite3.connect(file) as connection:
            for guard in ("tiles_only_grow", "tiles_are_not_deleted", "events_are_not_deleted"):
                connection.execute(f"DROP TRIGGER {guard}")
            connection.execute(spoil)
        connection.close()
        size = recorder.head().size
        with pytest.raises(Refused, match="ledger_damaged"):
            recorder.insert_events(events("entry/b", 300))
        assert recorder.head().size == size


GUARDED = {
    "a full tile changed": "UPDATE tiles SET hashes = zeroblob(8192) WHERE level = 0 AND tile = 0",
    "one hash changed": "UPDATE tiles SET hashes = zeroblob(32) || substr(hashes, 33) WHERE level = 0 AND tile = 1",
    "a tile cut": "UPDATE tiles SET hashes = substr(hashes, 1, 32) WHERE level = 0 AND tile = 1",
    "a tile moved": "UPDATE tiles SET tile = 7 WHERE level = 0 AND tile = 1",
    "a tile raised": "UPDATE tiles SET level = 7 WHERE level = 0 AND tile = 1",
    "a tile deleted": "DELETE FROM tiles WHERE level = 1",
    "a tile replaced": "INSERT OR REPLACE INTO tiles VALUES (0, 0, x'00')",
    "a tile replaced by an upsert": (
        "INSERT INTO tiles VALUES (0, 0, x'00') ON CONFLICT (level, tile) DO UPDATE SET hashes = excluded.hashes"
    ),
}


@pytest.mark.parametrize("statement", GUARDED.values(), ids=GUARDED)
def test_a_plain_connection_changes_no_hash_in_the_tree(tmp_path: Path, statement: str) -> None:
    file = tmp_path / "journal.db"
    with journal(file) as recorder:
        recorder.insert_events(events("entry/a", 300))
        before = stored_tiles(file)
        with sqlite3.connect(file) as connection, pytest.raises(sqlite3.IntegrityError):
            connection.execute(statement)
        connection.close()
        assert stored_tiles(file) == before


# A log from elsewhere


@pytest.fixture
def elsewhere(tmp_path: Path) -> list[LogRow]:
    """The rows of another log: 600 events, in three transactions."""
    with journal(tmp_path / "elsewhere.db") as recorder:
        for number in range(3):
            recorder.insert_events(events(f"entry/{number}", 200))
        return recorder.select_rows()


def test_rows_from_elsewhere_keep_their_instants_and_have_the_same_root(tmp_path: Path, elsewhere: list[LogRow]) -> None:
    file = tmp_path / "journal.db"
    with journal(file) as recorder, journal(tmp_path / "elsewhere.db") as other:
        recorder.append_rows(elsewhere[:333])
        recorder.append_rows(elsewhere[333:])
        recorder.append_rows([])
        assert recorder.select_rows() == elsewhere
        assert recorder.root_at() == other.root_at()
        assert is_whole(recorder, file)


NOT_CONTINUED: dict[str, Callable[[list[LogRow]], list[LogRow]]] = {
    "rows left out": lambda rows: rows[101:],
    "rows there already": lambda rows: rows[99:],
    "rows in another order": lambda rows: [*rows[100:110], rows[111], rows[110]],
    "a row earlier than the one before": lambda rows: [*rows[100:110], rows[110]._replace(recorded_at="2020-03-25T07:59:59.000000Z")],
    "an instant written otherwise": lambda rows: [rows[100]._replace(recorded_at="2020-03-25T16:00:00+08:00")],
    "an instant that is none": lambda rows: [rows[100]._replace(recorded_at="yesterday")],
}


@pytest.mark.parametrize("taken", NOT_CONTINUED)
def test_rows_that_do_not_continue_the_log_are_refused_and_none_of_them_kept(
    tmp_path: Path, elsewhere: list[LogRow], taken: str
) -> None:
    with journal(tmp_path / "journal.db") as recorder:
        recorder.append_rows(elsewhere[:100])
        root = recorder.root_at()
        with pytest.raises(Refused, match="log_not_continued"):
            recorder.append_rows(NOT_CONTINUED[taken](elsewhere))
        assert (recorder.head().size, recorder.root_at()) == (100, root)


def test_a_version_that_is_taken_is_refused_in_rows_from_elsewhere_too(tmp_path: Path, elsewhere: list[LogRow]) -> None:
    with journal(tmp_path / "journal.db") as recorder:
        recorder.append_rows(elsewhere[:100])
        with pytest.raises(IntegrityError):
            recorder.append_rows([elsewhere[0]._replace(leaf_index=100)])


# A clock that somebody answers for


def test_a_clock_behind_records_under_the_last_instant_where_that_was_attested(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    with journal(file) as recorder:
        recorder.insert_events([event("entry/a")])
    last = "2020-03-25T08:00:00.000000Z"
    with journal(file, clock=ticking_clock(START - timedelta(hours=1))) as recorder:
        for too_early in (None, "2020-03-25T07:59:59.999999Z"):
            with pytest.raises(Refused) as refused:
                recorder.insert_events([event("entry/b")], behind_until=too_early)
            assert (refused.value.code, refused.value.context) == ("clock_behind", {"until": last})
        recorder.insert_events([event("entry/b")], behind_until=last)
        assert [row.recorded_at for row in recorder.select_rows()] == [last, last]


def test_an_attested_clock_that_is_right_again_is_believed(tmp_path: Path) -> None:
    with journal(tmp_path / "journal.db") as recorder:
        recorder.insert_events([event("entry/a")], behind_until="2031-01-01T00:00:00.000000Z")
        recorder.insert_events([event("entry/b")], behind_until="2031-01-01T00:00:00.000000Z")
        assert [row.recorded_at for row in recorder.select_rows()] == ["2020-03-25T08:00:00.000000Z", "2020-03-25T08:00:00.001000Z"]


def test_a_file_of_the_first_format_is_not_opened_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    opened(file).datastore.close()
    with sqlite3.connect(file) as connection:
        connection.execute("DROP TABLE tiles")
    connection.close()
    with pytest.raises(Refused, match="ledger_damaged"):
        opened(file)
