"""The log is contiguous from leaf 0, ordered in time, and asked for by position, by stream and by instant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from uuid import uuid4

import pytest
from eventsourcing.persistence import IntegrityError, ProgrammingError, StoredEvent

from mingzhang.domain.journal.records import Head, LogRow, instant_text
from mingzhang.domain.journal.sqlite import SQLiteJournalFactory, SQLiteJournalRecorder
from mingzhang.domain.refusal import Refused

from .ledgers import START, event, events, journal


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[SQLiteJournalRecorder]:
    with journal(tmp_path / "journal.db") as recorder:
        yield recorder


def test_an_empty_log_ends_at_nothing(recorder: SQLiteJournalRecorder) -> None:
    assert recorder.head() == Head(0, None)
    assert recorder.select_rows() == []
    assert recorder.size_at("2020-03-25T08:00:00Z") == 0


def test_appending_nothing_appends_nothing(recorder: SQLiteJournalRecorder) -> None:
    assert recorder.insert_events([]) == []
    assert recorder.head() == Head(0, None)


def test_an_append_is_recorded_under_one_instant(recorder: SQLiteJournalRecorder) -> None:
    assert recorder.insert_events([event("entry/a", state=b"1"), event("entry/b", state=b"2")]) == [1, 2]
    assert recorder.select_rows() == [
        LogRow(0, "entry/a", 1, "entry.recorded", b"1", "2020-03-25T08:00:00.000000Z"),
        LogRow(1, "entry/b", 1, "entry.recorded", b"2", "2020-03-25T08:00:00.000000Z"),
    ]
    assert recorder.head() == Head(2, "2020-03-25T08:00:00.000000Z")


def test_rows_are_cut_by_log_sizes(recorder: SQLiteJournalRecorder) -> None:
    recorder.insert_events(events("entry/a", 10))
    leaves = [row.leaf_index for row in recorder.select_rows(2, stop=7)]
    assert leaves == [2, 3, 4, 5, 6]
    assert [row.leaf_index for row in recorder.select_rows(2, limit=3, stop=7)] == [2, 3, 4]
    assert recorder.select_rows(10) == []


def test_states_are_read_without_the_topics_that_are_not_wanted(recorder: SQLiteJournalRecorder) -> None:
    recorder.insert_events([event("entry/a"), StoredEvent("contact/a", 1, "contact.recorded", b"{}"), *events("entry/b", 3)])
    assert recorder.select_states(("contact.recorded", "contact.withdrawn"), 0, 2) == [
        (0, "entry/a@1", "entry.recorded", b"{}"),
        (2, "entry/b@1", "entry.recorded", b"{}"),
    ]
    assert [ref for _leaf, ref, _topic, _state in recorder.select_states((), 1, stop=4)] == ["contact/a@1", "entry/b@1", "entry/b@2"]
    assert recorder.select_states((), 5) == []


def test_thousands_of_streams_are_read_at_once_in_the_order_of_the_log(recorder: SQLiteJournalRecorder) -> None:
    names = [f"entry/2020-spring/{number}" for number in range(5_000)]
    recorder.insert_events([event(name) for name in names])
    recorder.insert_events([event(name, 2) for name in names[:10]])
    wanted = recorder.select_streams(reversed([*names[:3_000], names[0], "entry/nobody"]))
    assert [row.leaf_index for row in wanted] == [*range(3_000), *range(5_000, 5_010)]


def test_a_stream_named_in_chinese_or_with_quotes_is_found(recorder: SQLiteJournalRecorder) -> None:
    recorder.insert_events([event("unit/第一小学"), event("unit/\"x'")])
    assert [row.originator_id for row in recorder.select_streams(["unit/\"x'", "unit/第一小学"])] == [
        "unit/第一小学",
        "unit/\"x'",
    ]


@pytest.mark.parametrize(
    ("instant", "size"),
    [
        ("2020-03-25T07:59:59.999999Z", 0),
        ("2020-03-25T08:00:00Z", 2),
        ("2020-03-25T16:00:00+08:00", 2),
        ("2020-03-25T08:00:00.000999Z", 2),
        ("2020-03-25T08:00:00.001Z", 4),
        ("2030-01-01T00:00:00Z", 6),
    ],
)
def test_the_log_size_at_an_instant_counts_what_was_recorded_by_then(
    recorder: SQLiteJournalRecorder, instant: str, size: int
) -> None:
    for name in ("entry/a", "entry/b", "entry/c"):
        recorder.insert_events(events(name, 2))
    assert recorder.size_at(instant) == size


def test_an_instant_without_a_time_zone_is_not_guessed_at(recorder: SQLiteJournalRecorder) -> None:
    with pytest.raises(ValueError, match="time zone"):
        recorder.size_at("2020-03-25T08:00:00")
    with pytest.raises(ValueError, match="time zone"):
        instant_text(datetime(2020, 3, 25))


def test_instants_are_stored_in_utc_with_microseconds() -> None:
    local = datetime(2020, 3, 25, 7, 59, 59, tzinfo=timezone(timedelta(hours=8)))
    assert instant_text(local) == "2020-03-24T23:59:59.000000Z"


def test_a_recorder_without_a_clock_does_not_record(recorder: SQLiteJournalRecorder) -> None:
    recorder.clock = None
    with pytest.raises(ProgrammingError):
        recorder.insert_events([event("entry/a")])
    assert recorder.head().size == 0


def test_a_clock_behind_the_last_record_is_refused(recorder: SQLiteJournalRecorder) -> None:
    recorder.insert_events([event("entry/a")])
    recorder.clock = lambda: START - timedelta(microseconds=1)
    with pytest.raises(Refused) as refused:
        recorder.insert_events([event("entry/b")])
    assert (refused.value.code, refused.value.context) == ("clock_behind", {"until": "2020-03-25T08:00:00.000000Z"})
    assert recorder.head().size == 1


def test_the_same_instant_twice_is_allowed(recorder: SQLiteJournalRecorder) -> None:
    recorder.clock = lambda: datetime(2020, 3, 25, tzinfo=UTC)
    recorder.insert_events([event("entry/a")])
    assert recorder.insert_events([event("entry/b")]) == [2]


def test_a_version_recorded_already_is_an_integrity_error_and_nothing_of_the_append_stays(
    recorder: SQLiteJournalRecorder,
) -> None:
    recorder.insert_events([event("entry/a")])
    with pytest.raises(IntegrityError):
        recorder.insert_events([event("entry/b"), event("entry/a")])
    assert recorder.head().size == 1


def test_streams_are_named_in_words(recorder: SQLiteJournalRecorder, tmp_path: Path) -> None:
    with pytest.raises(ProgrammingError):
        recorder.insert_events([StoredEvent(uuid4(), 1, "entry.recorded", b"{}")])
    with pytest.raises(OSError, match="text"):
        SQLiteJournalFactory({"SQLITE_DBNAME": str(tmp_path / "x.db"), "ORIGINATOR_ID_TYPE": "uuid"})
