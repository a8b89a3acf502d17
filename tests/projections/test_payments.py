"""How payments, batches and applications stood on a day, and who was paid while not enrolled."""

from __future__ import annotations

from typing import Any

import pytest

from mingzhang.domain.aid.facts import ApplicationReturned, CaseFreed, CaseHeld
from mingzhang.domain.money.asked_back import ClawbackRaised, ClawbackReceived
from mingzhang.domain.money.attempts import PaymentReversed
from mingzhang.domain.money.batch import BatchCancelled, BatchChecked, BatchExported
from mingzhang.domain.money.payment import PaymentFailed, PaymentPaid, PaymentPending, PaymentReissued
from mingzhang.projections.findings.chains import read_chains
from mingzhang.projections.payments import (
    applications,
    batches,
    paid_while_not_enrolled,
    payment_by_bank_ref,
    payments,
    payments_of_student,
)
from tests.college import GRANT, S1, S2, SPRING, sha
from tests.given import sealed
from tests.projections.recorded import (
    Recorded,
    approved,
    day,
    enrolled,
    instructed,
    paid,
    prepared,
    returned,
    reviewed,
    submitted,
)

SAID: dict[str, Any] = {"actor": "staff-1"}
PAYMENT = f"payment/{GRANT}/{S1}/{SPRING}/1"
CASE = f"application/{GRANT}/{S1}/{SPRING}"
FAILED = PaymentFailed(**SAID, effective_on=day(4, 15), batch="b1", amount_fen=150_000, code="account_closed")


def reissued(batch: str = "b2") -> tuple[str, PaymentReissued]:
    fact = PaymentReissued(
        **SAID, effective_on=day(4, 20), batch=batch, line=1, attempt=2, amount_fen=150_000, unit="shifan", award="", account_from="",
        corrects=f"{PAYMENT}@2",
    )  # fmt: skip
    return PAYMENT, fact


def stand_on(log: Recorded, month: int, number: int) -> list[tuple[str, str, int]]:
    with log.view(day(month, number)) as view:
        return [(row.stand, row.batch, row.paid_fen) for row in payments(view)]


def test_a_payment_stands_as_its_newest_step_by_the_day_says(log: Recorded) -> None:
    log.record(instructed(S1), paid(S1), returned(S1, day(4, 18)))
    assert [stand_on(log, 4, 7), stand_on(log, 4, 8)] == [[], [("instructed", "b1", 0)]]
    assert [stand_on(log, 4, 15), stand_on(log, 4, 18)] == [[("paid", "b1", 150_000)], [("returned", "b1", 0)]]


@pytest.mark.parametrize("cash_first", [True, False])
def test_what_the_payee_had_handed_in_before_it_came_back_whole_is_theirs_when_it_is_paid_again(log: Recorded, cash_first: bool) -> None:
    asked = (PAYMENT, ClawbackRaised(**SAID, effective_on=day(4, 16), amount_fen=50_000, reason=sealed(S1)))
    cash = (PAYMENT, ClawbackReceived(**SAID, effective_on=day(4, 17), amount_fen=50_000))
    back = returned(S1, day(4, 18))
    log.record(instructed(S1), paid(S1), asked, *((cash, back) if cash_first else (back, cash)))
    assert [stand_on(log, 4, number)[0][2] for number in (16, 17, 18)] == [150_000, 100_000, -50_000]
    with log.view(day(4, 18)) as view:
        assert [row.owed_fen for row in payments(view)] == [150_000]
    log.record(reissued(), paid(S1, day(4, 22), batch="b2"))
    assert stand_on(log, 4, 22) == [("paid", "b2", 100_000)]
    with log.view(day(4, 22)) as view:
        [chain] = read_chains(view, {}, {})
        assert (chain.kept_fen, [one.kept_fen for one in chain.paid]) == (100_000, [0, 100_000])
        assert [(row.paid_fen, row.earlier_fen, row.owed_fen) for row in payments(view)] == [(100_000, 0, 0)]


def test_an_answer_dated_before_it_was_pending_is_not_undone_by_the_waiting(log: Recorded) -> None:
    pending = PaymentPending(**SAID, effective_on=day(4, 17), batch="b1", amount_fen=150_000)
    log.record(instructed(S1), (PAYMENT, pending), paid(S1, day(4, 15)))
    assert stand_on(log, 4, 20) == [("paid", "b1", 150_000)]


def test_attempts_stay_one_chain_and_each_batch_keeps_its_own_outcome(log: Recorded) -> None:
    log.record(prepared("b1", S1), instructed(S1), (PAYMENT, FAILED))
    log.record(prepared("b2", S1, on=day(4, 20)), reissued(), paid(S1, day(4, 22), batch="b2"))
    with log.view(day(4, 30)) as view:
        (row,), (first,), (second,) = payments(view), payments(view, batch="b1"), payments(view, batch="b2")
        assert [(r.stand, r.attempt) for r in (row, first, second)] == [("paid", 2), ("failed", 1), ("paid", 2)]
        assert [(r.batch, r.paid, r.failed, r.stand) for r in batches(view)] == [("b1", 0, 1, "prepared"), ("b2", 1, 0, "prepared")]


@pytest.mark.parametrize(
    ("fact", "kept_fen"),
    [
        (PaymentReversed(**SAID, effective_on=day(5, 1), amount_fen=150_000, reason=sealed(S1)), 0),
        (ClawbackRaised(**SAID, effective_on=day(5, 1), amount_fen=50_000, reason=sealed(S1)), 150_000),
        (ClawbackReceived(**SAID, effective_on=day(5, 1), amount_fen=50_000), 100_000),
    ],
)
def test_what_comes_back_is_kept_no_longer(log: Recorded, fact: PaymentReversed, kept_fen: int) -> None:
    log.record(instructed(S1), paid(S1), (PAYMENT, fact))
    assert [row[2] for row in (*stand_on(log, 4, 30), *stand_on(log, 5, 1))] == [150_000, kept_fen]


def test_a_batch_stands_as_far_as_it_has_come(log: Recorded) -> None:
    checked = BatchChecked(**SAID, effective_on=day(4, 9), payments=1, amount_fen=150_000)
    log.record(prepared("b1", S1), instructed(S1), ("batch/b1", checked))
    log.record(("batch/b1", BatchCancelled(**SAID, effective_on=day(4, 10), reason=sealed("t-0000000001"))))
    with log.view(day(4, 9)) as then, log.view(day(4, 10)) as later:
        assert [(row.stand, row.payments, row.pay_on) for row in (*batches(then), *batches(later))] == [
            ("checked", 1, "2020-04-15"),
            ("cancelled", 1, "2020-04-15"),
        ]


def test_payments_are_found_by_bank_reference_student_unit_and_stand(log: Recorded) -> None:
    log.record(instructed(S1), instructed(S2), paid(S2))
    with log.view(day(4, 15)) as view:
        other = PAYMENT.replace(S1, S2)
        assert (payment_by_bank_ref(view, f"bank-{S2}"), payments_of_student(view, S2)) == ([other], [other])
        assert [row.student for row in payments(view, unit="college", stand="paid")] == [S2]
        assert payments(view, unit="zongzhi") == []


def test_an_application_returned_starts_its_reviews_again(log: Recorded) -> None:
    log.record(submitted(S1), reviewed(S1), (CASE, ApplicationReturned(**SAID, effective_on=day(3, 19), reason=sealed(S1))))
    log.record(submitted(S1, day(3, 20)), reviewed(S1, day(3, 21)), approved(S1, day(3, 22)))
    with log.view(day(3, 19)) as then, log.view(day(3, 22)) as later:
        assert [(row.stand, row.reviews) for row in (*applications(then), *applications(later))] == [("returned", 0), ("approved", 1)]
        assert [row.amount_fen for row in applications(later, scheme=GRANT, period=SPRING, unit="shifan", stand="approved")] == [150_000]


def test_a_case_is_held_until_every_objection_is_decided(log: Recorded) -> None:
    log.record(submitted(S1), (CASE, CaseHeld(**SAID, effective_on=day(3, 20), objection="o1")))
    log.record((CASE, CaseFreed(**SAID, effective_on=day(3, 25), objection="o1")))
    with log.view(day(3, 20)) as then, log.view(day(3, 25)) as later:
        assert [row.held for row in (*applications(then), *applications(later))] == [True, False]


def test_a_withdrawal_registered_late_shows_the_payment_and_the_fact(log: Recorded) -> None:
    log.record(enrolled(S1, "在读", day(3, 1)), instructed(S1))
    exported = BatchExported(**SAID, effective_on=day(4, 9), profile="pipe", file="b1.txt", sha256=sha("b1"))
    log.record(("batch/b1", exported), paid(S1))
    size = log.size
    (says,) = log.record(enrolled(S1, "退学", day(4, 10)))
    with log.view(day(5, 1)) as view:
        (found,) = paid_while_not_enrolled(view)
    assert (found.payment, found.status, found.effective_on, found.says, found.says_leaf) == (PAYMENT, "退学", "2020-04-10", says, size)
    assert (found.paid_on, found.amount_fen, found.known_at_payment, found.returned_fen) == ("2020-04-15", 150_000, False, 0)
    with log.view(day(5, 1), size) as view:
        assert paid_while_not_enrolled(view) == []


@pytest.mark.parametrize(("registered_on", "known"), [("2020-04-15", True), ("2020-04-16", False)])
def test_what_the_school_had_registered_by_the_pay_day_was_known(log: Recorded, registered_on: str, known: bool) -> None:
    log.record(instructed(S1), paid(S1), enrolled(S1, "休学", day(4, 10), registered_on=registered_on))
    with log.view(day(5, 1)) as view:
        assert [found.known_at_payment for found in paid_while_not_enrolled(view)] == [known]


def test_coming_back_before_the_pay_day_ends_the_absence(log: Recorded) -> None:
    log.record(enrolled(S1, "休学", day(3, 1)), enrolled(S1, "复学", day(4, 1)), instructed(S1), paid(S1))
    with log.view(day(5, 1)) as view:
        assert paid_while_not_enrolled(view) == []


def test_giving_the_payee_back_their_own_money_is_not_paying_somebody_who_has_left(log: Recorded) -> None:
    log.record(instructed(S1), paid(S1), enrolled(S1, "退学", day(4, 1)))
    asked = ClawbackRaised(**SAID, effective_on=day(4, 16), amount_fen=50_000, reason=sealed(S1))
    log.record((PAYMENT, asked), (PAYMENT, ClawbackReceived(**SAID, effective_on=day(4, 17), amount_fen=50_000)))
    log.record(returned(S1, day(4, 18)))
    with log.view(day(4, 19)) as view:
        assert [chain.kept_fen for chain in read_chains(view, {}, {})] == [0]
        assert [(row.paid_fen, row.owed_fen) for row in payments(view)] == [(-50_000, 150_000)]
    stream, fact = reissued()
    log.record((stream, fact.model_copy(update={"amount_fen": 50_000})))
    log.record((PAYMENT, PaymentPaid(**SAID, effective_on=day(4, 22), batch="b2", amount_fen=50_000)))
    with log.view(day(5, 1)) as view:
        assert [(row.batch, row.amount_fen, row.returned_fen) for row in paid_while_not_enrolled(view)] == [("b1", 150_000, 150_000)]
        assert [(row.paid_fen, row.owed_fen) for row in payments(view)] == [(0, 100_000)]
        assert [[one.kept_fen for one in chain.paid] for chain in read_chains(view, {}, {})] == [[0, 0]]
