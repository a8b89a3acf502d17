"""A payment is traced to its approval, and to the facts the approval relied on; whatever is missing is named."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import orjson
import pytest

from mingzhang.domain.journal.records import JournalRecorder, LogRow, StateRow
from mingzhang.domain.money.banking import ExportBatch, ReturnedLine, TakeReturns
from mingzhang.domain.money.preparing import CheckBatch, PrepareBatch, ReleaseBatch
from mingzhang.domain.money.reissuing import ReissuePayments
from mingzhang.domain.refusal import Refused
from mingzhang.projections.trail import Gap, trace
from tests.college import FIRST_TIER, GRANT, PAY_ON, PLAN, S1, S2, SPRING, answer, case, line, payment, sha
from tests.projections.story import SURVEY, Story


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    told = Story(tmp_path)
    told.paid(S1, S2)
    yield told
    told.close()


@dataclass
class Tampered:
    """The journal with events lost, or references taken out of them: what a broken ledger would look like."""

    journal: JournalRecorder
    lost: tuple[str, ...] = ()
    cut: tuple[str, str] = ("", "")
    """A topic, and the beginning of the references taken out of its events."""

    def _seen(self, rows: Sequence[LogRow]) -> list[LogRow]:
        return [self._cut(row) for row in rows if f"{row.originator_id}@{row.originator_version}" not in self.lost]

    def _cut(self, row: LogRow) -> LogRow:
        topic, prefix = self.cut
        if row.topic != topic:
            return row
        state = orjson.loads(row.state)
        state["because"] = [ref for ref in state["because"] if not ref.startswith(prefix)]
        return row._replace(state=orjson.dumps(state))

    def select_rows(self, gt_size: int = 0, limit: int | None = None) -> list[LogRow]:
        return self._seen(self.journal.select_rows(gt_size, limit))

    def select_states(
        self, left_out: Collection[str] = (), gt_size: int = 0, limit: int | None = None, stop: int | None = None
    ) -> list[StateRow]:
        rows = [row for row in self.select_rows(gt_size) if row.topic not in left_out and (stop is None or row.leaf_index < stop)]
        return [(row.leaf_index, f"{row.originator_id}@{row.originator_version}", row.topic, row.state) for row in rows][:limit]

    def select_streams(self, names: Sequence[str]) -> list[LogRow]:
        return self._seen(self.journal.select_streams(names))

    def size_at(self, recorded_at: str) -> int:
        return self.journal.size_at(recorded_at)


def test_a_paid_payment_is_traced_whole_from_the_bank_to_the_survey_row(story: Story) -> None:
    trail = trace(story.ledger.journal, payment(S1))
    assert (trail.payment, trail.complete, trail.gaps) == (payment(S1), True, [])
    assert {
        "payment.paid", "payment.instructed", "batch.reconciled", "batch.exported", "batch.released", "batch.checked", "batch.prepared",
        "fund.arrived", "fund.opened", "award.approved", "application.review_passed", "application.submitted", "entry.recorded",
        "student.registered", "student.enrolment_changed", "import.file_imported", "plan.adopted",
    } <= {step.topic for step in trail.steps}  # fmt: skip


def test_a_trail_runs_from_the_newest_fact_to_the_oldest_each_once(story: Story) -> None:
    trail = trace(story.ledger.journal, payment(S1).removeprefix("payment/"))
    leaves = [step.leaf for step in trail.steps]
    assert (leaves, trail.steps[0].topic) == (sorted(set(leaves), reverse=True), "payment.paid")


def test_a_trail_names_no_other_student(story: Story) -> None:
    assert S2.encode() not in orjson.dumps(trace(story.ledger.journal, payment(S1)).steps, default=list)


def test_each_step_says_who_acted_in_which_capacity(story: Story) -> None:
    steps = {step.topic: step for step in trace(story.ledger.journal, payment(S1)).steps}
    for topic, actor, role, command in (
        ("payment.paid", "cashier-1", "cashier", "ReconcileBatch"),
        ("batch.released", "releaser-1", "releaser", "ReleaseBatch"),
        ("award.approved", "approver-1", "approver", "ApproveAward"),
        ("entry.recorded", "surveyor-1", "surveyor", "ImportFile"),
    ):
        step = steps[topic]
        acting = step.acting_as
        assert acting is not None
        assert (step.actor, acting.role, acting.unit, acting.command) == (actor, role, "college", command)
    assert steps["plan.adopted"].acting_as is None, "the ledger's opening acts under no appointment"


def test_sources_name_the_file_and_the_row(story: Story) -> None:
    steps = {step.topic: step for step in trace(story.ledger.journal, payment(S1)).steps}
    assert steps["entry.recorded"].source == ("survey.xlsx", "Sheet1", 3, sha("survey"))
    assert steps["payment.paid"].source == ("answer-1.txt", None, 2, sha("answer-1.txt"))
    assert steps["application.submitted"].source is None


def test_the_award_comes_with_its_clause_in_words_and_no_box_comes_along(story: Story) -> None:
    steps = {step.topic: step for step in trace(story.ledger.journal, payment(S1)).steps}
    facts = steps["award.approved"].facts
    assert (facts["amount_fen"], facts["tier"], facts["scheme"]) == (200_000, "建档立卡", GRANT)
    assert "建档立卡学生免学费" in facts["clause_text"]
    assert "person" not in steps["entry.recorded"].facts
    assert steps["batch.prepared"].facts["lines"] == 2


@pytest.mark.parametrize(
    ("lost", "code"),
    [
        ("batch/b1@3", "release_missing"),
        (f"{case()}@3", "award_missing"),
        (f"{case()}@2", "review_missing"),
        (f"{case()}@1", "application_missing"),
        (f"entry/{SPRING}/{S1}@1", "entry_missing"),
        (f"{SURVEY}@1", "import_missing"),
        (f"plan/{PLAN}@1", "plan_missing"),
        ("fund/f1@2", "funds_missing"),
        ("batch/b1@5", "reconciliation_missing"),
    ],
)
def test_a_lost_event_is_named_and_so_is_the_link_it_was(story: Story, lost: str, code: str) -> None:
    trail = trace(Tampered(story.ledger.journal, lost=(lost,)), payment(S1))
    assert not trail.complete
    assert Gap(lost, "event_missing") in trail.gaps
    assert code in {gap.code for gap in trail.gaps}


@pytest.mark.parametrize(
    ("topic", "prefix", "code"),
    [
        ("payment.instructed", "application/", "award_missing"),
        ("batch.exported", "batch/", "release_missing"),
        ("entry.recorded", "import/", "import_missing"),
        ("batch.released", "fund/", "funds_missing"),
        ("award.approved", "application/", "review_missing"),
    ],
)
def test_a_decision_that_does_not_say_what_it_rests_on_is_a_gap(story: Story, topic: str, prefix: str, code: str) -> None:
    trail = trace(Tampered(story.ledger.journal, cut=(topic, prefix)), payment(S1))
    assert code in {gap.code for gap in trail.gaps}
    assert "event_missing" not in {gap.code for gap in trail.gaps}


def test_a_payment_is_judged_by_how_far_it_had_come(story: Story) -> None:
    journal = story.ledger.journal
    for known_at in (row.leaf_index + 1 for row in journal.select_rows() if row.originator_id == payment(S1)):
        assert trace(journal, payment(S1), known_at).complete


def test_the_trail_of_a_second_batch_does_not_go_into_the_first(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.awarded(S1, S2)
    story.funded()
    first, second = (
        PrepareBatch(batch=batch, scheme=GRANT, period=SPRING, fund="f1", pay_on=PAY_ON, students=(student,))
        for batch, student in (("b1", S1), ("b2", S2))
    )
    story.on(4, 8, "preparer-1", first)
    story.on(4, 9, "checker-1", CheckBatch(batch="b1"))
    story.on(4, 10, "releaser-1", ReleaseBatch(batch="b1"))
    story.on(4, 11, "preparer-1", second)
    trail = trace(story.ledger.journal, payment(S2))
    story.close()
    assert "fund.reserved" not in {step.topic for step in trail.steps}
    assert [step.event for step in trail.steps if step.event.startswith("batch/b1")] == []


def test_a_returned_payment_and_its_second_attempt_are_one_whole_trail(story: Story) -> None:
    back = ReturnedLine(line=1, amount_fen=FIRST_TIER, on=date(2020, 4, 18), row=2)
    story.on(4, 20, "cashier-1", TakeReturns(batch="b1", file="back.txt", sha256=sha("back"), returned=(back,)))
    assert trace(story.ledger.journal, payment(S1)).complete
    again = ReissuePayments(batch="b2", fund="f1", pay_on=date(2020, 4, 28), payments=(payment(S1),))
    story.on(4, 21, "preparer-1", again)
    story.on(4, 22, "checker-1", CheckBatch(batch="b2"))
    story.on(4, 23, "releaser-1", ReleaseBatch(batch="b2"))
    story.on(4, 23, "cashier-1", ExportBatch(batch="b2", profile="pipe", file="b2.txt", sha256=sha("b2")))
    paid_again = line(1, on=date(2020, 4, 28))
    story.on(4, 29, "cashier-1", answer(paid_again, batch="b2", file="answer-2.txt"))
    trail = trace(story.ledger.journal, payment(S1))
    assert (trail.gaps, [step.topic for step in trail.steps].count("payment.paid")) == ([], 2)
    assert S2.encode() not in orjson.dumps(trail.steps, default=list)


def test_any_single_event_can_be_traced(story: Story) -> None:
    trail = trace(story.ledger.journal, f"{case()}@3")
    assert (trail.complete, trail.steps[0].topic) == (True, "award.approved")


@pytest.mark.parametrize(
    ("asked", "code"),
    [("nonsense", "reference_malformed"), (f"{GRANT}/{S1}/2020-autumn/1", "payment_unknown"), (f"{case()}@9", "event_unknown")],
)
def test_what_is_not_there_is_refused(story: Story, asked: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        trace(story.ledger.journal, asked)
    assert refusal.value.code == code
