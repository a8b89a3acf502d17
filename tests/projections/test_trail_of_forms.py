"""An award by form is traced from the signature through its notices, its comparison and its exception to the row of the form's file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from mingzhang.domain.journal.records import JournalRecorder
from mingzhang.projections.trail import Gap, Trail, trace
from tests import whole_way
from tests.college import S1, S2
from tests.county import PLAN
from tests.ledger.ledgers import ledger
from tests.ledger.test_cases_races import Clock, lived
from tests.whole_way import FORMS, LIST, case, payment

from .test_trail import Tampered


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JournalRecorder]:
    folder: Path = tmp_path_factory.mktemp("whole")
    clock = Clock()
    lived(folder, clock, whole_way.whole())
    with ledger(folder, clock=clock) as made:
        yield made.journal


def topics(trail: Trail) -> set[str]:
    return {step.topic for step in trail.steps}


COMMON = {
    "batch.reconciled", "batch.exported", "batch.released", "batch.checked", "batch.prepared", "payment.instructed", "fund.arrived",
    "award.approved", "case.notice_passed", "notice.completed", "notice.posted", "notice.evidence_added", "case.compared",
    "crosscheck.compared", "crosscheck.list_received", "application.review_passed", "application.submitted", "application.form_recorded",
    "import.file_imported", "plan.adopted",
}  # fmt: skip


def test_what_was_signed_for_is_traced_whole(journal: JournalRecorder) -> None:
    trail = trace(journal, payment(S1))
    assert trail.gaps == []
    assert topics(trail) >= COMMON | {"payment.paid", "payment.receipt_signed", "listing.person_listed"}
    assert [step.topic for step in trail.steps].count("case.notice_passed") == 2


def test_an_exception_is_in_the_trail_of_its_own_case_alone(journal: JournalRecorder) -> None:
    other = trace(journal, payment(S2))
    assert (other.gaps, "application.exception_granted" in topics(other)) == ([], True)
    assert "application.exception_granted" not in topics(trace(journal, payment(S1)))


@pytest.mark.parametrize(("mine", "other"), [(S1, S2), (S2, S1)])
def test_a_notice_of_many_brings_nobody_else_into_the_trail(journal: JournalRecorder, mine: str, other: str) -> None:
    steps = trace(journal, payment(mine)).steps
    assert other.encode() not in orjson.dumps(steps, default=list)
    assert {step.facts["cases"] for step in steps if step.topic == "notice.posted"} == {2}


LOST = [
    (f"{payment(S1)}@2", "receipt_missing"),
    (f"{case(S1)}@6", "notice_missing"),
    (f"{case(S1)}@9", "notice_missing"),
    ("notice/n1@1", "posting_missing"),
    ("notice/n2@1", "posting_missing"),
    ("notice/n1@3", "notice_missing"),
    ("notice/n2@2", "notice_missing"),
    (f"{case(S1)}@7", "comparison_missing"),
    ("crosscheck/c1@1", "comparison_missing"),
    ("crosscheck/l1@1", "list_missing"),
    (f"{LIST}@1", "import_missing"),
    (f"{FORMS}@1", "import_missing"),
    (f"{case(S1)}@1", "entry_missing"),
    (f"{case(S1)}@2", "application_missing"),
    (f"{case(S1)}@4", "review_missing"),
    (f"{case(S1)}@10", "award_missing"),
    ("batch/b1@4", "export_missing"),
    ("batch/b1@5", "reconciliation_missing"),
    (f"plan/{PLAN}@1", "plan_missing"),
]


@pytest.mark.parametrize(("lost", "code"), LOST)
def test_a_lost_event_is_named_and_so_is_the_link_it_was(journal: JournalRecorder, lost: str, code: str) -> None:
    trail = trace(Tampered(journal, lost=(lost,)), payment(S1))
    assert Gap(lost, "event_missing") in trail.gaps
    assert code in {gap.code for gap in trail.gaps}


def test_no_event_of_the_trail_can_be_lost_unseen(journal: JournalRecorder) -> None:
    for step in trace(journal, payment(S1)).steps:
        if step.event != f"{payment(S1)}@3":  # the payment itself, which is where the trail begins
            assert not trace(Tampered(journal, lost=(step.event,)), payment(S1)).complete, step.event


CUT = [
    ("payment.paid", "payment/", "instruction_missing"),
    ("case.notice_passed", "notice/", "notice_missing"),
    ("notice.completed", "notice/", "posting_missing"),
    ("notice.completed", "notice/n1@2", "evidence_missing"),
    ("notice.posted", "plan/", "plan_missing"),
    ("case.compared", "crosscheck/", "comparison_missing"),
    ("crosscheck.compared", "crosscheck/", "list_missing"),
    ("crosscheck.list_received", "import/", "import_missing"),
    ("listing.person_listed", "crosscheck/", "list_missing"),
    ("application.form_recorded", "import/", "import_missing"),
]


@pytest.mark.parametrize(("topic", "prefix", "code"), CUT)
def test_a_decision_that_does_not_say_what_it_rests_on_is_a_gap(journal: JournalRecorder, topic: str, prefix: str, code: str) -> None:
    trail = trace(Tampered(journal, cut=(topic, prefix)), payment(S1))
    assert code in {gap.code for gap in trail.gaps}
    assert "event_missing" not in {gap.code for gap in trail.gaps}


def test_an_exception_that_does_not_say_what_it_stands_in_for_is_a_gap(journal: JournalRecorder) -> None:
    trail = trace(Tampered(journal, cut=("application.exception_granted", "application/")), payment(S2))
    assert {"comparison_missing", "application_missing"} <= {gap.code for gap in trail.gaps}


def test_a_step_is_missed_by_its_own_name(journal: JournalRecorder) -> None:
    """Two notices: that one of them passed does not stand in for the other."""
    for lost in (f"{case(S1)}@6", f"{case(S1)}@9"):
        codes = [gap.code for gap in trace(Tampered(journal, lost=(lost,)), payment(S1)).gaps]
        assert codes.count("notice_missing") == 1
