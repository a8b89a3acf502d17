"""One pass over the log judges all trails, and holds none for complete that a walk of its own finds gaps in."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import orjson
import pytest
from eventsourcing.persistence import StoredEvent

from mingzhang.domain import concepts
from mingzhang.domain.facts import encode
from mingzhang.domain.journal.records import JournalRecorder
from mingzhang.domain.journal.sqlite_schema import SCHEMA
from mingzhang.domain.money.asked_back import ClawbackReceived
from mingzhang.domain.money.batch import SIGN_LIST
from mingzhang.domain.refusal import Refused
from mingzhang.projections.asof import AsOf
from mingzhang.projections.findings import findings
from mingzhang.projections.findings.trail import complete_trails
from mingzhang.projections.questions import open_engine
from mingzhang.projections.trail import trace
from tests.college import S1, S2, payment
from tests.journal.ledgers import opened
from tests.projections.large import fill
from tests.projections.large import payment as payment_of
from tests.projections.story import Story
from tests.projections.test_trail import Tampered


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JournalRecorder]:
    """The ledger as it lives: two students on their way from the survey to the bank's answer."""
    told = Story(tmp_path_factory.mktemp("story"))
    told.paid(S1, S2)
    yield told.ledger.journal
    told.close()


def walked(log: Tampered, size: int) -> set[str]:
    return {stream for stream in (payment(S1), payment(S2)) if log.select_streams([stream]) and trace(log, stream, size).complete}


def test_what_is_complete_is_held_for_complete(journal: JournalRecorder) -> None:
    assert complete_trails(journal, journal.head().size) == {payment(S1), payment(S2)}


def test_whichever_event_is_lost_no_trail_passes_that_a_walk_would_not_let_pass(journal: JournalRecorder) -> None:
    size = journal.head().size
    for row in journal.select_rows():
        log = Tampered(journal, lost=(f"{row.originator_id}@{row.originator_version}",))
        if row.originator_id.startswith("payment/"):
            continue  # a payment without its last events is one that has come less far
        assert complete_trails(log, size) <= walked(log, size), row.originator_id


def test_whichever_reference_is_cut_no_trail_passes_that_a_walk_would_not_let_pass(journal: JournalRecorder) -> None:
    size = journal.head().size
    cuts = {
        (row.topic, ref.partition("/")[0] + "/") for row in journal.select_rows() for ref in orjson.loads(row.state).get("because", ())
    }
    caught = 0
    for topic, prefix in sorted(cuts):
        log = Tampered(journal, cut=(topic, prefix))
        passed, whole = complete_trails(log, size), walked(log, size)
        assert passed <= whole, (topic, prefix)
        caught += not whole
    assert caught >= 10


def test_a_signed_list_without_signatures_is_left_to_the_walk(journal: JournalRecorder) -> None:
    class Signed(Tampered):
        def _cut(self, row):  # type: ignore[no-untyped-def]
            if row.topic != "batch.exported":
                return row
            return row._replace(state=orjson.dumps(orjson.loads(row.state) | {"profile": SIGN_LIST}))

    assert complete_trails(Signed(journal), journal.head().size) == set()


def test_of_earlier_log_sizes_only_what_was_known_then_counts(journal: JournalRecorder) -> None:
    for size in range(journal.head().size):
        for stream in complete_trails(journal, size):
            assert trace(journal, stream, size).complete


def test_thousands_of_payments_are_judged_in_one_pass(tmp_path: Path) -> None:
    concepts.load()
    large = opened(tmp_path / "journal.db")
    students = fill(large, 4_000)
    assert complete_trails(large, large.head().size) == {payment_of(number) for number in range(students)}
    large.datastore.close()


BehindItsBack = Callable[[sqlite3.Connection], object]
Asked = Callable[[BehindItsBack], tuple[set[str], set[str]]]


@pytest.fixture
def found_after(tmp_path: Path) -> Iterator[Asked]:
    """What the rule finds in a ledger whose tables were made before somebody got at its log, and whose trails a walk finds gaps in; after
    each such asking the log is as it was."""
    told = Story(tmp_path)
    told.paid(S1, S2)
    journal = told.ledger.journal
    engine = open_engine(tmp_path / "projections.db", "synthetic", journal)
    engine.catch_up()
    size = journal.head().size

    def ask(behind_its_back: BehindItsBack) -> tuple[set[str], set[str]]:
        with closing(sqlite3.connect(tmp_path / "journal.db")) as log:
            was = log.execute("SELECT * FROM events").fetchall()
            guards = [name for name in SCHEMA if name.startswith("events_")]
            for guard in guards:
                log.execute(f"DROP TRIGGER {guard}")
            behind_its_back(log)
            log.commit()
            with engine.view(AsOf(date(2020, 6, 30), size)) as view:
                found = {str(one.payment) for one in findings(view, journal, ("paid_without_complete_trail",))}
            gaps = {stream for stream in (payment(S1), payment(S2)) if not trace(journal, stream, size).complete}
            log.execute("DELETE FROM events")
            log.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)", was)
            for guard in guards:
                log.execute(SCHEMA[guard])
            log.commit()
        return found, gaps

    yield ask
    engine.close()
    told.close()


def _said(statement: str, *values: object) -> BehindItsBack:
    return lambda log: log.execute(statement, values)


def test_a_row_cut_out_of_the_file_is_found_without_a_rebuild(journal: JournalRecorder, found_after: Asked) -> None:
    caught = 0
    for row in journal.select_rows():
        if row.originator_id.startswith("payment/"):
            continue  # its own last events: as above
        found, gaps = found_after(_said("DELETE FROM events WHERE leaf_index = ?", row.leaf_index))
        assert found == gaps, row.originator_id
        caught += bool(found)
    assert caught >= 15


def test_a_reference_edited_in_the_file_is_found_without_a_rebuild(journal: JournalRecorder, found_after: Asked) -> None:
    caught = 0
    for row in journal.select_rows():
        said = orjson.loads(row.state)
        for number, ref in enumerate(said.get("because", ())):
            others = [one for one in said["because"] if one != ref]
            for because in (others, [*others, f"{ref}9"]):
                edited = orjson.dumps({**said, "because": because})
                found, gaps = found_after(_said("UPDATE events SET state = ? WHERE leaf_index = ?", edited, row.leaf_index))
                assert found == gaps, (row.originator_id, number, because)
                caught += bool(found)
    assert caught >= 30


@pytest.mark.parametrize("because", [7, [7], "batch/b1@1", None, {"a": 1}])
def test_reasons_that_are_none_are_found_without_a_rebuild(journal: JournalRecorder, found_after: Asked, because: object) -> None:
    [row] = [row for row in journal.select_rows() if row.topic == "batch.released"]
    edited = orjson.dumps({**orjson.loads(row.state), "because": because})
    found, gaps = found_after(_said("UPDATE events SET state = ? WHERE leaf_index = ?", edited, row.leaf_index))
    assert found == gaps == {payment(S1), payment(S2)}


def test_bytes_that_say_nothing_are_named(journal: JournalRecorder, found_after: Asked) -> None:
    [row] = [row for row in journal.select_rows() if row.topic == "batch.released"]
    with pytest.raises(Refused, match="event_unreadable"):
        found_after(_said("UPDATE events SET state = ? WHERE leaf_index = ?", b"{", row.leaf_index))


def test_a_fact_that_was_made_out_to_be_of_another_kind_is_found_without_a_rebuild(journal: JournalRecorder, found_after: Asked) -> None:
    [leaf] = [row.leaf_index for row in journal.select_rows() if row.topic == "batch.released"]
    found, gaps = found_after(_said("UPDATE events SET topic = 'contact.recorded' WHERE leaf_index = ?", leaf))
    assert found == gaps == {payment(S1), payment(S2)}


def test_of_facts_of_one_kind_each_is_known_when_the_next_one_rests_on_it(tmp_path: Path) -> None:
    concepts.load()
    large = opened(tmp_path / "journal.db")
    fill(large, 400)
    stream = payment_of(3)

    def record(*versions: tuple[int, int]) -> None:
        day = date(2020, 5, 1)
        facts = [
            (version, ClawbackReceived(actor="staff-1", effective_on=day, because=(f"{stream}@{on}",), amount_fen=1))
            for version, on in versions
        ]
        large.insert_events([StoredEvent(stream, version, fact.topic, encode(fact)) for version, fact in facts])

    record((3, 2), (4, 3), (5, 4))
    assert stream in complete_trails(large, large.head().size)
    record((6, 5), (7, 9))
    assert stream not in complete_trails(large, large.head().size)
    large.datastore.close()
