"""One pass over the log judges all trails, and holds none for complete that a walk of its own finds gaps in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from mingzhang.domain import concepts
from mingzhang.domain.journal.records import JournalRecorder
from mingzhang.domain.money.batch import SIGN_LIST
from mingzhang.projections.findings.trail import complete_trails
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
