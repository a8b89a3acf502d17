"""Two who pay, close or merge at once: the second decides again on what the first has recorded."""

from __future__ import annotations

from pathlib import Path

import pytest

from mingzhang.domain.command import Command
from mingzhang.domain.money.fund import Fund
from mingzhang.domain.money.payment import Payment
from mingzhang.domain.money.preparing import ReleaseBatch
from mingzhang.domain.student.commands import EndCategory, MergeIdentities
from mingzhang.domain.survey.round import CloseRound, ConsolidateRound, ReportRound, SubmitUnitSurvey, Totals
from tests.college import FIRST_TIER, GRANT, PAY_ON, S1, S2, SPRING, answer, approved, entry, exported, funded, line, prepare, registered
from tests.given import By, sealed

from .ledgers import ledger
from .test_races import at_once, clock, college
from .test_write_skew import batch_checked, commands_only, interrupted

REASON = sealed(S1, reason="synthetic")
NOBODY = Totals(entries=0, by_category={}, new=0, counted_at=1)


@pytest.mark.parametrize("force", [True, False])
def test_of_two_batches_of_one_payment_one_is_prepared(tmp_path: Path, force: bool) -> None:
    college(tmp_path, *commands_only(*approved(S1), *funded()))
    tasks: list[tuple[list[Command], str]] = [([prepare(S1, batch=batch)], "preparer-1") for batch in ("b1", "b2")]
    assert sorted(at_once(tmp_path, tasks, force)) == ["done", "nothing_to_pay"]


def test_an_answer_taken_twice_at_once_moves_money_once(tmp_path: Path) -> None:
    college(tmp_path, *batch_checked(S1))
    with ledger(tmp_path, clock=clock) as made:
        made.execute(ReleaseBatch(batch="b01"), actor="releaser-1")
        made.execute(list(exported("b01"))[-1].command, actor="cashier-1")  # type: ignore[union-attr]
    paid = line(1, on=clock().date())
    tasks: list[tuple[list[Command], str]] = [([answer(paid, batch="b01", file=name)], "cashier-1") for name in ("a", "a")]
    assert sorted(at_once(tmp_path, tasks, True)) == ["bank_file_already_reconciled", "done"]
    with ledger(tmp_path, clock=clock) as made:
        assert made.streams().read(Payment, GRANT, S1, SPRING, "1").paid_fen == FIRST_TIER
        assert made.streams().read(Fund, "f01").paid_fen == FIRST_TIER


def test_two_files_merged_while_one_is_released_are_one_person(tmp_path: Path) -> None:
    college(tmp_path, *commands_only(*approved(S1), *approved(S2)), *batch_checked_of(S1), *batch_checked_of(S2))
    merge = MergeIdentities(student=S1, other=S2, reason=REASON)
    with ledger(tmp_path, clock=clock) as made, ledger(tmp_path, clock=clock) as other:
        code = interrupted(made, lambda: other.execute(merge, actor="clerk-1"), ReleaseBatch(batch="b01"), "releaser-1")
    assert code == "payment_obstructed"


def batch_checked_of(student: str) -> list[By]:
    """As `batch_checked`, for a student who is approved already."""
    return batch_checked(student)[-4:]


def test_an_entry_that_comes_in_while_the_round_closes_is_refused_or_counts(tmp_path: Path) -> None:
    steps = (
        By("surveyor-1", SubmitUnitSurvey(round=SPRING, unit="shifan", totals=NOBODY), PAY_ON),
        By("clerk-1", ConsolidateRound(round=SPRING, totals=NOBODY), PAY_ON),
        By("clerk-1", ReportRound(round=SPRING, to="bureau", totals=NOBODY), PAY_ON),
    )
    college(tmp_path, *commands_only(registered(S1)), *steps)
    closing: list[Command] = [
        CloseRound(round=SPRING), EndCategory(student=S1, reason="not_in_round", source=f"round/{SPRING}@5")
    ]  # fmt: skip
    answers = at_once(tmp_path, [(closing, "clerk-1"), ([entry(S1)], "surveyor-1")], True)
    with ledger(tmp_path, clock=clock) as made:
        ended = [row for row in made.journal.select_streams([f"student/{S1}"]) if row.topic == "student.category_ended"]
    assert (answers, len(ended)) in ((["done", "round_closed"], 1), (["done", "done"], 0))
