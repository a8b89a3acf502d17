"""All attempts at one payment are one chain, and whatever happens to it, it never pays out more than the award."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mingzhang.domain.aid.awarding import RevokeAward
from mingzhang.domain.command import Command
from mingzhang.domain.money.asked_back import ClawbackRaised, ClawbackReceived
from mingzhang.domain.money.attempts import PaymentReversed
from mingzhang.domain.money.banking import RaiseClawback, ReceiveClawback, ReturnedLine, ReversePayment, TakeReturns
from mingzhang.domain.money.batch import BatchPrepared
from mingzhang.domain.money.fund import Fund, FundsRestored
from mingzhang.domain.money.payment import Payment, PaymentReissued
from mingzhang.domain.money.reissuing import ReissuePayments
from mingzhang.domain.student.facts import DetailsCorrected
from tests.college import FIRST_TIER, GRANT, S1, S2, SPRING, WAIVER, answer, case, exported, funded, line, paid, payment, sent, sha
from tests.given import By, by, given, sealed

DAY = date(2020, 5, 6)
PAY_ON = date(2020, 5, 15)
REASON = sealed(S1, reason="synthetic")
NEW_ACCOUNT = sealed(S1, account="", account_name="")
PAID = by("cashier-1", answer(line(1)), date(2020, 4, 16))
FAILED = by("cashier-1", answer(line(1, "failed", code="E02")), date(2020, 4, 16))
RETURNED = by(
    "cashier-1",
    TakeReturns(batch="b1", file="r", sha256=sha("r"), returned=(ReturnedLine(1, FIRST_TIER, date(2020, 4, 20)),)),
    date(2020, 4, 20),
)
REVERSE = ReversePayment(payment=payment(), reason=REASON)
REVERSED = by("cashier-1", REVERSE, date(2020, 4, 20))


def reissue(*payments: str, batch: str = "b2", fund: str = "f1", accounts: tuple = ()) -> ReissuePayments:
    return ReissuePayments(batch=batch, fund=fund, pay_on=PAY_ON, payments=payments or (payment(),), accounts=accounts)


def raised(amount_fen: int, says: str = "") -> RaiseClawback:
    return RaiseClawback(payment=payment(), amount_fen=amount_fen, reason=REASON, says=says)


def received(amount_fen: int) -> ReceiveClawback:
    return ReceiveClawback(payment=payment(), amount_fen=amount_fen)


def test_a_failed_payment_is_tried_again_to_a_corrected_account() -> None:
    known = given(sent(S1), FAILED)
    outcome = known.when(reissue(accounts=((S1, NEW_ACCOUNT),)), actor="preparer-1", at=DAY)
    entry_ref, corrected_ref = f"entry/{SPRING}/{S1}@1", f"student/{S1}@3"
    stamp: dict[str, Any] = {"actor": "preparer-1", "effective_on": DAY}
    outcome.then(
        (
            "batch/b2",
            BatchPrepared(
                **stamp,
                because=("fund/f1@2",),
                scheme=GRANT,
                period=SPRING,
                fund="f1",
                pay_on=PAY_ON,
                lines=(f"{S1}/1",),
                amount_fen=FIRST_TIER,
            ),
        ),
        (
            f"student/{S1}",
            DetailsCorrected(
                **stamp,
                because=(f"{payment()}@2",),
                corrects=entry_ref,
                fields=("account", "account_name"),
                account_in_own_name=False,
                person=NEW_ACCOUNT,
            ),
        ),
        (
            payment(),
            PaymentReissued(
                **stamp,
                because=("batch/b2@1", f"{payment()}@2", f"{case()}@3", corrected_ref, f"student/{S1}@2"),
                batch="b2",
                line=1,
                attempt=2,
                amount_fen=FIRST_TIER,
                unit="shifan",
                award=f"{case()}@3",
                account_from=corrected_ref,
                corrects=f"{payment()}@2",
            ),
        ),
    )


@pytest.mark.parametrize("happened", [[FAILED], [PAID, RETURNED], [PAID, REVERSED]])
def test_what_did_not_arrive_may_be_paid_by_a_second_batch(happened: list[By]) -> None:
    known = given(sent(S1), happened, by("preparer-1", reissue(), DAY), exported("b2"))
    outcome = known.when(answer(line(1, on=PAY_ON), batch="b2", file="answer-2.txt"), actor="cashier-1", at=PAY_ON)
    chain = outcome.state(Payment, GRANT, S1, SPRING, "1")
    assert (chain.stand, chain.paid_fen, chain.attempt) == ("paid", FIRST_TIER, 2)


@pytest.mark.parametrize("way", [sent, paid])
def test_what_is_under_way_or_paid_is_not_issued_again(way: object) -> None:
    given(way(S1)).when(reissue(), actor="preparer-1").refused("payment_not_reissuable")  # type: ignore[operator]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (ReissuePayments(batch="b2", fund="f1", pay_on=PAY_ON, payments=()), "nothing_to_pay"),
        (reissue(payment(S2)), "payment_unknown"),
        (reissue("grant/x"), "reference_malformed"),
        (reissue(batch="b1"), "batch_exists"),
        (reissue(fund="f2"), "fund_not_for_scheme"),
    ],
)
def test_a_further_attempt_that_makes_no_sense_is_refused(command: Command, code: str) -> None:
    given(sent(S1), FAILED, funded("f2", schemes=(WAIVER,))).when(command, actor="preparer-1").refused(code)


def test_a_payment_written_in_two_ways_is_issued_once() -> None:
    command = reissue(payment(), payment().removeprefix("payment/"))
    assert given(sent(S1), FAILED).when(command, actor="preparer-1").only(BatchPrepared).amount_fen == FIRST_TIER


def test_no_further_attempt_at_a_revoked_award() -> None:
    revoke = by("approver-1", RevokeAward(application=case(), reason=REASON), DAY)
    given(sent(S1), FAILED, revoke).when(reissue(), actor="preparer-1").refused("payment_obstructed", obstacle="award_revoked")


def test_a_wrong_payment_is_reversed_whole() -> None:
    stamp: dict[str, Any] = {"actor": "cashier-1", "effective_on": DAY}
    back = PaymentReversed(**stamp, because=(f"{payment()}@2",), amount_fen=FIRST_TIER, reason=REASON)
    restored = FundsRestored(**stamp, because=(f"{payment()}@3",), payment=payment(), amount_fen=FIRST_TIER)
    given(paid(S1)).when(REVERSE, actor="cashier-1", at=DAY).then((payment(), back), ("fund/f1", restored))


@pytest.mark.parametrize(
    "happened", [[], [PAID, RETURNED], [PAID, REVERSED], [FAILED]]
)
def test_only_what_is_paid_is_reversed(happened: list[By]) -> None:
    given(sent(S1), happened).when(REVERSE, actor="cashier-1").refused("payment_not_paid")


def test_a_clawback_names_the_fact_that_makes_it_due() -> None:
    fact = ClawbackRaised(
        actor="approver-1", effective_on=DAY, because=(f"{payment()}@2", f"student/{S1}@2"), amount_fen=FIRST_TIER, reason=REASON
    )
    given(paid(S1)).when(raised(FIRST_TIER, says=f"student/{S1}@2"), actor="approver-1", at=DAY).then((payment(), fact))


def test_a_clawback_received_makes_the_money_available_again() -> None:
    known = given(paid(S1), by("approver-1", raised(50_000), DAY))
    stamp: dict[str, Any] = {"actor": "cashier-1", "effective_on": DAY}
    back = ClawbackReceived(**stamp, because=(f"{payment()}@3",), amount_fen=20_000)
    restored = FundsRestored(**stamp, because=(f"{payment()}@4",), payment=payment(), amount_fen=20_000)
    outcome = known.when(received(20_000), actor="cashier-1", at=DAY)
    outcome.then((payment(), back), ("fund/f1", restored))
    assert outcome.state(Fund, "f1").paid_fen == FIRST_TIER - 20_000


@pytest.mark.parametrize(
    ("before", "command", "actor", "code"),
    [
        ([], raised(0), "approver-1", "amount_not_positive"),
        ([], raised(FIRST_TIER + 1), "approver-1", "clawback_exceeds_paid"),
        ([raised(150_000)], raised(50_001), "approver-1", "clawback_exceeds_paid"),
        ([], received(1), "cashier-1", "clawback_not_asked"),
        ([raised(100)], received(101), "cashier-1", "clawback_not_asked"),
        ([raised(FIRST_TIER)], received(FIRST_TIER + 1), "cashier-1", "clawback_not_asked"),
        ([raised(100), received(60)], received(41), "cashier-1", "clawback_not_asked"),
        ([raised(FIRST_TIER), received(FIRST_TIER)], raised(1), "approver-1", "payment_not_paid"),
    ],
)
def test_no_more_is_asked_back_than_was_paid_and_no_more_is_taken_than_was_asked(
    before: list[Command], command: Command, actor: str, code: str
) -> None:
    known = given(paid(S1), [by("approver-1" if isinstance(step, RaiseClawback) else "cashier-1", step, DAY) for step in before])
    known.when(command, actor=actor, at=DAY).refused(code)


@pytest.mark.parametrize(("amount_fen", "allowed"), [(50_000, True), (50_001, False)])
def test_a_second_clawback_reaches_up_to_what_is_left(amount_fen: int, allowed: bool) -> None:
    outcome = given(paid(S1), by("approver-1", raised(150_000), DAY)).when(raised(amount_fen), actor="approver-1", at=DAY)
    if allowed:
        outcome.accepted()
    else:
        outcome.refused("clawback_exceeds_paid")
