"""A decision is not recorded over something that was written, after it had been read, into any stream the decision
read.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from eventsourcing.persistence import IntegrityError

from mingzhang.domain.journal.records import ReadConflict
from mingzhang.domain.journal.sqlite import SQLiteJournalRecorder
from mingzhang.domain.refusal import Refused

from .ledgers import event, events, journal


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[SQLiteJournalRecorder]:
    """An application at version 2; an objection that nobody has raised yet."""
    with journal(tmp_path / "journal.db") as recorder:
        recorder.insert_events(events("application/a", 2))
        yield recorder


def test_a_stream_written_since_it_was_read_is_a_conflict(recorder: SQLiteJournalRecorder) -> None:
    recorder.insert_events([event("application/a", 3)])
    with pytest.raises(ReadConflict) as conflict:
        recorder.insert_events([event("award/a")], reads={"application/a": 2}, read_size=2)
    assert conflict.value.streams == {"application/a": 3}
    assert isinstance(conflict.value, IntegrityError)
    assert recorder.head().size == 3


def test_a_stream_read_as_empty_and_begun_since_is_a_conflict(recorder: SQLiteJournalRecorder) -> None:
    recorder.insert_events([event("objection/a")])
    with pytest.raises(ReadConflict):
        recorder.insert_events([event("award/a")], reads={"objection/a": 0}, read_size=2)


def test_other_streams_written_since_are_no_conflict(recorder: SQLiteJournalRecorder) -> None:
    recorder.insert_events(events("application/b", 5))
    assert recorder.insert_events([event("award/a")], reads={"application/a": 2, "objection/a": 0}, read_size=2) == [8]


def test_what_was_written_before_reading_is_no_conflict(recorder: SQLiteJournalRecorder) -> None:
    assert recorder.insert_events([event("award/a")], reads={"application/a": 2}, read_size=2) == [3]


def test_what_was_read_after_it_was_written_is_no_conflict(recorder: SQLiteJournalRecorder) -> None:
    recorder.insert_events([event("application/a", 3)])
    assert recorder.insert_events([event("award/a")], reads={"application/a": 3}, read_size=2) == [4]


def test_reads_without_a_size_are_compared_with_the_whole_log(recorder: SQLiteJournalRecorder) -> None:
    assert recorder.insert_events([event("award/a")], reads={"application/a": 2}) == [3]
    with pytest.raises(ReadConflict):
        recorder.insert_events([event("award/b")], reads={"application/a": 1})


def test_a_log_shorter_than_it_was_read_is_refused(recorder: SQLiteJournalRecorder) -> None:
    with pytest.raises(Refused, match="ledger_damaged"):
        recorder.insert_events([event("award/a")], reads={"application/a": 2}, read_size=9)
