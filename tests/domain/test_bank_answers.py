"""The bank's answer is taken in once, whole, and against the batch: paid, failed, pending, returned, and never two of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mingzhang.domain.money.banking import LineOutcome, ReturnedLine, TakeReturns
from mingzhang.domain.money.batch import BatchReconciled, BatchReturnsTaken
from mingzhang.domain.money.fund import Fund, FundsPaid, FundsReleased, FundsRestored
from mingzhang.domain.money.matching import AnsweredLine, ExpectedLine, match_answer
from mingzhang.domain.money.payment import Payment, PaymentFailed, PaymentPaid, PaymentPending, PaymentReturned
from mingzhang.domain.money.reissuing import ReissuePayments
from mingzhang.domain.refusal import Refused
from tests.college import FIRST_TIER, GRANT, PAY_ON, S1, S2, S3, SPRING, answer, exported, line, paid, payment, sent, sha
from tests.given import by, given

DAY = date(2020, 4, 16)
BACK_ON = date(2020, 4, 20)


def stamp(*because: str, on: date = DAY, **more: Any) -> dict[str, Any]:
    return {"actor": "cashier-1", "effective_on": on, "because": because, **more}


def returns(*lines: ReturnedLine, file: str = "returned.txt", batch: str = "b1") -> TakeReturns:
    return TakeReturns(batch=batch, file=file, sha256=sha(file), returned=lines)


def back(number: int, fen: int = FIRST_TIER) -> ReturnedLine:
    return ReturnedLine(line=number, amount_fen=fen, on=BACK_ON, row=number + 1)


def reissue(*students: str, batch: str = "b2", fund: str = "f1") -> ReissuePayments:
    return ReissuePayments(batch=batch, fund=fund, pay_on=date(2020, 5, 15), payments=tuple(payment(s) for s in students))


def test_an_answer_is_recorded_line_by_line_and_in_sum() -> None:
    command = answer(line(1), line(2, "failed", code="E02"), line(3, "pending"))
    answered = BatchReconciled(
        **stamp("batch/b1@4"),
        file="answer-1.txt",
        sha256=sha("answer-1.txt"),
        paid=1,
        paid_fen=FIRST_TIER,
        failed=1,
        failed_fen=FIRST_TIER,
        pending=1,
        pending_fen=FIRST_TIER,
    )
    moved: dict[str, Any] = {"batch": "b1", "amount_fen": FIRST_TIER}
    outcome = given(sent(S1, S2, S3)).when(command, actor="cashier-1", at=DAY)
    outcome.then(
        ("batch/b1", answered),
        (payment(S1), PaymentPaid(**stamp("batch/b1@5", f"{payment(S1)}@1", on=PAY_ON, row=2, **moved))),
        (payment(S2), PaymentFailed(**stamp("batch/b1@5", f"{payment(S2)}@1", on=PAY_ON, row=3, code="E02", **moved))),
        (payment(S3), PaymentPending(**stamp("batch/b1@5", f"{payment(S3)}@1", on=PAY_ON, row=4, **moved))),
        ("fund/f1", FundsPaid(**stamp("batch/b1@5", on=PAY_ON, **moved))),
        ("fund/f1", FundsReleased(**stamp("batch/b1@5", on=PAY_ON, **moved))),
    )
    fund = outcome.state(Fund, "f1")
    assert (fund.available_fen, fund.reserved_fen, fund.paid_fen) == (600_000, FIRST_TIER, FIRST_TIER)


def test_the_same_file_is_not_taken_twice() -> None:
    given(paid(S1)).when(answer(line(1)), actor="cashier-1").refused("bank_file_already_reconciled")


@pytest.mark.parametrize(("later", "topic", "reserved_fen"), [("paid", "fund.paid", 0), ("failed", "fund.released", 0)])
def test_what_was_pending_is_answered_later(later: str, topic: str, reserved_fen: int) -> None:
    known = given(sent(S1, S2), by("cashier-1", answer(line(1), line(2, "pending")), DAY))
    outcome = known.when(answer(line(1), line(2, later), file="answer-2.txt"), actor="cashier-1")
    assert outcome.topics() == ["batch.reconciled", f"payment.{later}", topic]
    assert outcome.state(Fund, "f1").reserved_fen == reserved_fen


def test_the_same_answer_in_another_file_moves_nothing() -> None:
    assert given(paid(S1)).when(answer(line(1), file="answer-2.txt"), actor="cashier-1").topics() == ["batch.reconciled"]


@pytest.mark.parametrize(("first", "then"), [("paid", "failed"), ("failed", "paid"), ("paid", "pending"), ("failed", "pending")])
def test_an_answer_that_contradicts_an_earlier_one_is_refused_whole(first: str, then: str) -> None:
    known = given(sent(S1, S2), by("cashier-1", answer(line(1, first), line(2, "pending")), DAY))
    command = answer(line(2), line(1, then), file="answer-2.txt")
    known.when(command, actor="cashier-1").refused("bank_file_contradicts", line=1, stand=first, says=f"{payment()}@2")


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ((line(1), line(1)), "bank_file_line_repeated"),
        ((line(0),), "bank_file_line_unknown"),
        ((line(3),), "bank_file_line_unknown"),
        ((line(1, fen=FIRST_TIER - 1),), "bank_file_amount_differs"),
    ],
)
def test_a_line_that_is_not_the_batchs_is_refused(lines: tuple[LineOutcome, ...], code: str) -> None:
    given(sent(S1, S2)).when(answer(*lines, partial=True), actor="cashier-1").refused(code)


def test_a_batch_that_has_not_left_the_house_has_no_answer() -> None:
    known = [step for step in sent(S1)][:-1]
    given(known).when(answer(line(1)), actor="cashier-1").refused("batch_not_ready", stand="released")


def test_a_payment_that_came_back_is_returned_and_its_money_available_again() -> None:
    outcome = given(paid(S1)).when(returns(back(1)), actor="cashier-1", at=date(2020, 4, 21))
    late: dict[str, Any] = {"on": BACK_ON}
    taken = BatchReturnsTaken(
        **stamp("batch/b1@4", on=date(2020, 4, 21)),
        file="returned.txt",
        sha256=sha("returned.txt"),
        returned=1,
        returned_fen=FIRST_TIER,
    )
    returned = PaymentReturned(**stamp("batch/b1@6", f"{payment()}@2", row=2, batch="b1", amount_fen=FIRST_TIER, **late))
    restored = FundsRestored(**stamp(f"{payment()}@3", payment=payment(), amount_fen=FIRST_TIER, **late))
    outcome.then(("batch/b1", taken), (payment(), returned), ("fund/f1", restored))
    assert outcome.state(Payment, GRANT, S1, SPRING, "1").paid_fen == 0
    assert outcome.state(Fund, "f1").available_fen == 1_000_000


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (returns(), "bank_file_empty"),
        (returns(back(1), back(1)), "bank_file_line_repeated"),
        (returns(back(2)), "payment_not_paid"),
        (returns(back(3)), "bank_file_line_unknown"),
        (returns(back(0)), "bank_file_line_unknown"),
        (returns(back(1, FIRST_TIER - 1)), "bank_file_amount_differs"),
        (returns(back(1), file="answer-1.txt"), "bank_file_already_reconciled"),
    ],
)
def test_a_return_that_does_not_fit_is_refused(command: TakeReturns, code: str) -> None:
    known = given(sent(S1, S2), by("cashier-1", answer(line(1), line(2, "failed")), DAY))
    known.when(command, actor="cashier-1", at=BACK_ON).refused(code)


def test_a_payment_comes_back_once() -> None:
    known = given(paid(S1), by("cashier-1", returns(back(1)), BACK_ON))
    known.when(returns(back(1), file="again.txt"), actor="cashier-1").refused("payment_not_paid", stand="returned")


def test_an_old_answer_that_says_paid_again_after_a_return_moves_nothing() -> None:
    known = given(paid(S1), by("cashier-1", returns(back(1)), BACK_ON))
    assert known.when(answer(line(1), file="answer-2.txt"), actor="cashier-1").topics() == ["batch.reconciled"]


def test_a_late_answer_to_the_first_batch_leaves_alone_what_was_reissued_in_a_second() -> None:
    first = answer(line(1, "failed"), line(2, "pending"))
    known = given(sent(S1, S2), by("cashier-1", first, DAY), by("preparer-1", reissue(S1)), exported("b2"))
    outcome = known.when(answer(line(1, "failed"), line(2), file="answer-2.txt"), actor="cashier-1")
    assert [(r.originator_id, r.fact.topic) for r in outcome.recorded[1:2]] == [(payment(S2), "payment.paid")]
    assert outcome.state(Payment, GRANT, S1, SPRING, "1").stand == "instructed"
    contradiction = answer(line(1), line(2), file="answer-3.txt")
    known.when(contradiction, actor="cashier-1").refused("bank_file_contradicts", line=1, stand="failed")


EXPECTED = [
    ExpectedLine(1, "6200000000000001", "试甲", 200_000),
    ExpectedLine(2, "6200000000000002", "试乙", 150_000),
    ExpectedLine(3, "6200000000000003", "试丙", 100_000),
]


def said(nth: int, **other: Any) -> AnsweredLine:
    wanted = EXPECTED[nth - 1]
    fields = dict(
        number=nth, account=wanted.account, account_name=wanted.account_name, asked_fen=wanted.amount_fen, done_fen=wanted.amount_fen
    )
    return AnsweredLine(**{**fields, "state": "paid", "row": nth + 10, **other})


FITS = [said(1), said(2), said(3)]


@pytest.mark.parametrize(
    "answered",
    [FITS, FITS[::-1], [said(1), said(2, state="failed", done_fen=0), said(3, state="pending", done_fen=0)]],
)
def test_an_answer_to_every_line_fits(answered: list[AnsweredLine]) -> None:
    match_answer(EXPECTED, answered, partial=False)


WRONG: list[tuple[str, list[AnsweredLine], int | None]] = [
    # In the order in which they are looked for; each answer also has every fault that comes after its own.
    ("bank_file_line_repeated", [said(1), said(1, account="1"), said(2, account="2")], 11),
    ("bank_file_other_batch", [said(1, account="1"), said(2, account="2"), said(3, asked_fen=1)], None),
    ("bank_file_line_unknown", [said(1), said(2), said(3, number=9, asked_fen=1, account="1", account_name="x")], 13),
    ("bank_file_amount_differs", [said(1, asked_fen=1, account="1", account_name="x"), said(2)], 11),
    ("bank_file_account_differs", [said(1, account="1", account_name="x", done_fen=1), said(2)], 11),
    ("bank_file_name_differs", [said(1, account_name="x", done_fen=1), said(2)], 11),
    ("bank_file_amount_differs", [said(1, done_fen=199_999), said(2)], 11),
    ("bank_file_amount_differs", [said(1, state="failed"), said(2)], 11),
    ("bank_file_line_missing", [said(1), said(2)], None),
]


@pytest.mark.parametrize(("code", "answered", "row"), WRONG)
def test_an_answer_that_does_not_fit_is_refused_for_its_gravest_fault(code: str, answered: list[AnsweredLine], row: int | None) -> None:
    with pytest.raises(Refused) as refused:
        match_answer(EXPECTED, answered, partial=False)
    assert (refused.value.code, refused.value.context.get("row")) == (code, row)


def test_no_refusal_tells_an_account_or_a_name() -> None:
    for _, answered, _ in WRONG:
        with pytest.raises(Refused) as refused:
            match_answer(EXPECTED, answered, partial=False)
        assert not any(secret in str(refused.value) for wanted in EXPECTED for secret in (wanted.account, wanted.account_name))


def test_an_answer_declared_partial_may_leave_lines_out() -> None:
    match_answer(EXPECTED, [said(2)], partial=True)


def test_one_line_of_another_account_among_many_is_a_wrong_account_and_not_another_batch() -> None:
    with pytest.raises(Refused, match="bank_file_account_differs"):
        match_answer(EXPECTED, [said(1), said(2, account="1"), said(3)], partial=False)


def numbered(number: int, bank_ref: str | None, state: str = "paid") -> LineOutcome:
    return line(number, state)._replace(bank_ref=bank_ref)


@pytest.mark.parametrize(("again", "accepted"), [("T1", True), (None, True), ("T2", False)])
def test_what_was_paid_under_one_number_is_not_paid_under_another(again: str | None, accepted: bool) -> None:
    known = given(sent(S1), by("cashier-1", answer(numbered(1, "T1")), DAY))
    outcome = known.when(answer(numbered(1, again), file="later"), actor="cashier-1", at=DAY)
    if accepted:
        assert outcome.topics() == ["batch.reconciled"]
    else:
        outcome.refused("bank_ref_differs", line=1, row=2, known="T1", bank_ref="T2")


def test_a_payment_without_a_number_gets_none_by_a_later_answer_and_a_failure_may_be_worded_anew() -> None:
    known = given(sent(S1, S2), by("cashier-1", answer(numbered(1, None), line(2, "failed", code="E01")), DAY))
    outcome = known.when(answer(numbered(1, "T1"), line(2, "failed", code="E02"), file="later"), actor="cashier-1", at=DAY)
    assert outcome.topics() == ["batch.reconciled"]


def test_the_same_line_may_have_another_number_in_another_batch() -> None:
    returned = TakeReturns(batch="b1", file="r", sha256=sha("r"), returned=(ReturnedLine(1, FIRST_TIER, PAY_ON),))
    known = given(sent(S1), by("cashier-1", answer(numbered(1, "T1")), DAY), by("cashier-1", returned, DAY))
    again = ReissuePayments(batch="b2", fund="f1", pay_on=DAY, payments=(payment(),))
    known.add(by("preparer-1", again, DAY), exported("b2"))
    anew = line(1, on=DAY)._replace(bank_ref="T9")
    known.when(answer(anew, batch="b2", file="b2"), actor="cashier-1", at=DAY).accepted()
    known.when(answer(numbered(1, "T9"), file="b1-again"), actor="cashier-1", at=DAY).refused("bank_ref_differs", known="T1")
