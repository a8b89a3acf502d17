"""Two awards that the plan does not let stand together meet when two files turn out to be one person's: the later one is too much."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from mingzhang.domain.aid.awarding import RevokeAward
from mingzhang.domain.aid.facts import ApplicationSubmitted, AwardApproved
from mingzhang.domain.money.difference import Reason
from mingzhang.domain.money.differing import differing
from mingzhang.domain.money.preparing import CheckBatch
from mingzhang.domain.money.settling import DecideDifference
from mingzhang.domain.plan.adoption import AmendPlan
from mingzhang.domain.plan.bundled import bundled_text
from mingzhang.domain.student.commands import MergeIdentities, SplitIdentities
from tests.college import (
    FIRST_TIER,
    GRANT,
    PLAN,
    S1,
    S2,
    SPRING,
    WAIVER,
    answer,
    appointed,
    approved,
    exported,
    funded,
    line,
    opened,
    payment,
    prepare,
    prepared,
    registered,
)
from tests.given import Given, Known, by, given, sealed

DAY, LATER = date(2020, 4, 16), date(2020, 5, 6)
REASON = sealed(S1, reason="synthetic")
STACKS = bundled_text(PLAN).replace("2020.1", "2020.2")
APART = STACKS.replace('stacks_with = ["grant"]', "").replace('stacks_with = ["tuition-waiver"]', "")
MERGE = by("clerk-1", MergeIdentities(student=S2, other=S1, reason=REASON), DAY)
CODE = "does_not_stack_with_earlier"
OTHER = f"application/{WAIVER}/{S1}/{SPRING}"


def waived(on: date, version: str = "2020.2") -> list[Known]:
    """S1 has an award of the other scheme, decided on that day."""
    what: dict[str, Any] = {"effective_on": on, "scheme": WAIVER, "student": S1, "period": SPRING, "unit": "shifan"}
    submitted = ApplicationSubmitted(actor="applicant-clerk-1", basis="", **what)
    award = AwardApproved(actor="approver-2", kind="waiver", amount_fen=100, categories=(), plan_version=version, clause="", **what)
    return [registered(S1), (OTHER, submitted), (OTHER, award)]


def granted(waiver_on: date, *more: Known | Iterable[Known], text: str = APART) -> Given:
    """S2's grant is approved on 2020-03-20, and money is there."""
    amended = by("administrator-1", AmendPlan(text=text, reason=REASON), date(2020, 3, 2))
    return given(opened(), amended, waived(waiver_on), approved(S2), funded(), appointed("approver-2", "approver"), *more)


def paid_to_s2() -> list[Known]:
    return [*prepared(S2), *exported(), by("cashier-1", answer(line(1)), DAY)]


def difference(known: Given) -> tuple[int, tuple[Reason, ...]]:
    found = differing(known.store.streams(), GRANT, S2, SPRING, LATER)
    assert found is not None
    return found.difference_fen, found.reasons


def test_the_award_that_was_decided_later_is_too_much() -> None:
    known = granted(date(2020, 3, 19), paid_to_s2(), MERGE)
    merge = f"student/{S2}@{len(known.store.rows[f'student/{S2}'])}"
    assert difference(known) == (-FIRST_TIER, (Reason(code=CODE, says=merge),))


@pytest.mark.parametrize("on", [date(2020, 3, 21), date(2020, 3, 20)])
def test_the_one_that_was_decided_first_stands(on: date) -> None:
    assert difference(granted(on, paid_to_s2(), MERGE))[0] == 0  # of one day, that with the earlier name


def test_what_stacks_and_what_is_another_person_makes_no_difference() -> None:
    assert difference(granted(date(2020, 3, 19), paid_to_s2(), MERGE, text=STACKS))[0] == 0
    assert difference(granted(date(2020, 3, 19), paid_to_s2()))[0] == 0


def test_where_the_earlier_is_revoked_or_the_files_are_two_people_after_all_the_later_stands() -> None:
    known = granted(date(2020, 3, 19), paid_to_s2(), MERGE)
    split = SplitIdentities(student=S2, other=S1, corrects=difference(known)[1][0].says, reason=REASON)
    known.add(by("administrator-1", split, LATER))
    assert difference(known)[0] == 0
    revoked = granted(date(2020, 3, 19), paid_to_s2(), MERGE, by("approver-1", RevokeAward(application=OTHER, reason=REASON), DAY))
    assert difference(revoked)[0] == 0


def test_somebody_else_than_who_merged_them_asks_it_back() -> None:
    known = granted(date(2020, 3, 19), paid_to_s2(), MERGE)
    fen, reasons = difference(known)
    command = DecideDifference(
        scheme=GRANT, student=S2, period=SPRING, remedy="claw-back", difference_fen=fen, reasons=reasons, reason=REASON
    )
    assert known.when(command, actor="approver-2", at=LATER).topics() == ["difference.decided", "payment.clawback_raised"]


def test_what_is_not_paid_yet_is_left_out_of_a_batch_and_of_one_that_was_prepared_before() -> None:
    known = granted(date(2020, 3, 19), MERGE)
    known.when(prepare(S2), actor="preparer-1", at=DAY).refused("nothing_to_pay", reasons=[CODE])
    before = granted(date(2020, 3, 19), prepared(S2), MERGE)
    before.when(CheckBatch(batch="b1"), actor="checker-1", at=DAY).refused("payment_obstructed", payment=payment(S2), obstacle=CODE)
