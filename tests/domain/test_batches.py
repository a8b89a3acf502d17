"""A batch pays approved awards of enrolled students and nothing else, and goes no further than its fund's money reaches."""

from __future__ import annotations

from datetime import date

import pytest

from mingzhang.domain.aid.awarding import RevokeAward
from mingzhang.domain.aid.objection import RaiseObjection
from mingzhang.domain.aid.reassessing import ReassessAward
from mingzhang.domain.command import Command
from mingzhang.domain.money.attempts import PaymentCancelled
from mingzhang.domain.money.banking import ExportBatch
from mingzhang.domain.money.batch import Batch, BatchCancelled, BatchChecked, BatchExported, BatchPrepared, BatchReleased, Excluded
from mingzhang.domain.money.fund import Fund, FundsArrived, FundsReleased, FundsReserved, RecordArrival, RequestFunds, ReturnFunds
from mingzhang.domain.money.payment import Payment, PaymentInstructed
from mingzhang.domain.money.preparing import CancelBatch, CheckBatch, PrepareBatch, ReleaseBatch
from mingzhang.domain.money.reissuing import ReissuePayments
from mingzhang.domain.student.commands import ChangeEnrolment, CorrectDetails, MergeIdentities
from mingzhang.domain.survey.entry import WithdrawEntry
from tests.college import (
    FIRST_TIER,
    GRANT,
    PAY_ON,
    PLAN,
    S1,
    S2,
    S3,
    SPRING,
    WAIVER,
    applied,
    appointed,
    approved,
    case,
    checked,
    exported,
    funded,
    opened,
    paid,
    payment,
    prepare,
    prepared,
    released,
    reviewed,
    sent,
    sha,
    surveyed,
)
from tests.given import By, Known, by, given, sealed

DAY = date(2020, 4, 8)
LATER = date(2020, 4, 10)
REASON = sealed(S1, reason="synthetic")
CANCEL = CancelBatch(batch="b1", reason=REASON)
CHECK, RELEASE = CheckBatch(batch="b1"), ReleaseBatch(batch="b1")
LEAVE = by("clerk-1", ChangeEnrolment(student=S1, status="休学", on=date(2020, 4, 10)), date(2020, 4, 8))
OBJECT = by("inspector-1", RaiseObjection(objection="o1", application=case(), statement=REASON), date(2020, 4, 8))
REVOKE = by("approver-1", RevokeAward(application=case(), reason=REASON), date(2020, 4, 8))
WITHDRAW = by("clerk-1", WithdrawEntry(round=SPRING, student=S1, reason=REASON), date(2020, 4, 8))


def ready(*students: str, amount_fen: int = 1_000_000) -> list[Known]:
    return [*opened(), *(step for student in students for step in approved(student)), *funded(amount_fen=amount_fen)]


def test_a_batch_instructs_a_payment_for_every_award() -> None:
    prepared_fact = BatchPrepared(
        actor="preparer-1",
        effective_on=DAY,
        because=(f"plan/{PLAN}@1", "fund/f1@2"),
        scheme=GRANT,
        period=SPRING,
        fund="f1",
        pay_on=PAY_ON,
        lines=(f"{S1}/1", f"{S2}/1"),
        amount_fen=2 * FIRST_TIER,
    )
    instructed = [
        PaymentInstructed(
            actor="preparer-1",
            effective_on=DAY,
            because=("batch/b1@1", f"{case(student)}@3", f"entry/{SPRING}/{student}@1", f"student/{student}@2"),
            batch="b1",
            line=number,
            attempt=1,
            amount_fen=FIRST_TIER,
            unit="shifan",
            award=f"{case(student)}@3",
            account_from=f"entry/{SPRING}/{student}@1",
        )
        for number, student in ((1, S1), (2, S2))
    ]
    outcome = given(ready(S1, S2)).when(prepare(S1, S2), actor="preparer-1", at=DAY)
    outcome.then(("batch/b1", prepared_fact), (payment(S1), instructed[0]), (payment(S2), instructed[1]))


@pytest.mark.parametrize(
    ("known", "code", "says"),
    [
        (applied(), "award_not_approved", f"{case()}@1"),
        (reviewed(), "award_not_approved", f"{case()}@2"),
        (surveyed(), "award_none", None),
        ([*approved(), REVOKE], "award_revoked", f"{case()}@4"),
        ([*approved(), OBJECT], "case_held", "objection/o1@1"),
        ([*approved(), LEAVE], "paid_while_not_enrolled", f"student/{S1}@3"),
        ([*approved(), WITHDRAW], "entry_withdrawn", f"entry/{SPRING}/{S1}@2"),
    ],
)
def test_what_stands_in_the_way_is_left_out_with_its_reason(known: list[Known], code: str, says: str | None) -> None:
    outcome = given(opened(), known, approved(S2), funded()).when(prepare(S1, S2), actor="preparer-1", at=DAY)
    fact = outcome.only(BatchPrepared)
    assert (fact.lines, fact.excluded) == ((f"{S2}/1",), (Excluded(student=S1, code=code, says=says),))


def test_a_student_without_an_account_is_left_out() -> None:
    known = given(ready(S2), surveyed(account_given=False), list(approved())[2:])
    fact = known.when(prepare(S1, S2), actor="preparer-1").only(BatchPrepared)
    assert fact.excluded == (Excluded(student=S1, code="account_missing", says=f"entry/{SPRING}/{S1}@1"),)


def test_an_account_corrected_after_the_survey_is_paid_to() -> None:
    right = CorrectDetails(student=S1, fields=("account",), person=sealed(S1, account=""))
    known = given(ready(S1), by("clerk-1", right, date(2020, 4, 2)))
    assert known.when(prepare(S1), actor="preparer-1").only(PaymentInstructed).account_from == f"student/{S1}@3"


def test_a_payment_under_way_is_not_instructed_again() -> None:
    fact = given(ready(S1, S2), prepared(S1)).when(prepare(S1, S2, batch="b2"), actor="preparer-1").only(BatchPrepared)
    assert fact.excluded == (Excluded(student=S1, code="payment_instructed", says=f"{payment()}@1"),)


def test_what_was_paid_is_not_paid_again() -> None:
    fact = given(paid(S1), approved(S2)).when(prepare(S1, S2, batch="b2"), actor="preparer-1").only(BatchPrepared)
    assert fact.excluded == (Excluded(student=S1, code="already_paid", says=f"{payment()}@2"),)


def test_a_student_named_twice_is_paid_once() -> None:
    fact = given(ready(S1)).when(prepare(S1, S1), actor="preparer-1").only(BatchPrepared)
    assert (fact.lines, fact.amount_fen) == ((f"{S1}/1",), FIRST_TIER)


def test_two_files_of_one_person_are_paid_once_in_one_batch() -> None:
    merge = by("clerk-1", MergeIdentities(student=S1, other=S2, reason=REASON), date(2020, 4, 7))
    fact = given(ready(S1, S2), merge).when(prepare(S1, S2), actor="preparer-1").only(BatchPrepared)
    assert (fact.lines, [e.code for e in fact.excluded]) == ((f"{S1}/1",), ["paid_under_merged_identity"])


def test_two_files_of_one_person_are_paid_once_in_two_batches() -> None:
    merge = by("clerk-1", MergeIdentities(student=S1, other=S2, reason=REASON), date(2020, 4, 9))
    known = given(ready(S1, S2, S3), prepared(S1), merge)
    fact = known.when(prepare(S2, S3, batch="b2"), actor="preparer-1").only(BatchPrepared)
    assert fact.excluded == (Excluded(student=S2, code="paid_under_merged_identity", says=f"{payment()}@1"),)


def test_a_batch_of_one_department_pays_no_other() -> None:
    command = PrepareBatch(batch="b1", scheme=GRANT, period=SPRING, fund="f1", pay_on=PAY_ON, students=(S1, S2), unit="shifan")
    other = [*surveyed(S2, unit="zongzhi"), *list(approved(S2))[2:]]
    known = given(ready(S1), other, appointed("preparer-2", "preparer", "shifan"))
    fact = known.when(command, actor="preparer-2").only(BatchPrepared)
    assert (fact.lines, [e.code for e in fact.excluded]) == ((f"{S1}/1",), ["unit_not_covered"])


def test_a_batch_that_pays_nobody_is_refused() -> None:
    given(ready()).when(prepare(S1), actor="preparer-1").refused("nothing_to_pay", excluded=1)


@pytest.mark.parametrize(
    ("known", "command", "code"),
    [
        (prepared(S1), prepare(S1), "batch_exists"),
        ((), prepare(S1, fund="f9"), "fund_unknown"),
        (funded("f2", schemes=(WAIVER,)), prepare(S1, fund="f2"), "fund_not_for_scheme"),
    ],
)
def test_a_batch_needs_a_name_of_its_own_and_a_fund_for_its_scheme(known: list[Known], command: Command, code: str) -> None:
    given(ready(S1), known).when(command, actor="preparer-1").refused(code)


def test_a_waiver_is_not_paid_out() -> None:
    command = PrepareBatch(batch="b1", scheme=WAIVER, period=SPRING, fund="f2", pay_on=PAY_ON, students=(S1,))
    given(ready(S1), funded("f2", schemes=(WAIVER,))).when(command, actor="preparer-1").refused("scheme_pays_nothing", kind="waiver")


def test_a_check_and_a_release_count_the_batch_again() -> None:
    known = given(ready(S1), prepared(S1))
    check = BatchChecked(actor="checker-1", effective_on=DAY, because=("batch/b1@1",), payments=1, amount_fen=FIRST_TIER)
    known.when(CHECK, actor="checker-1", at=DAY).then(("batch/b1", check))
    release = BatchReleased(
        actor="releaser-1", effective_on=DAY, because=("batch/b1@1", "batch/b1@2", "fund/f1@2"), payments=1, amount_fen=FIRST_TIER
    )
    reserve = FundsReserved(actor="releaser-1", effective_on=DAY, because=("batch/b1@3",), batch="b1", amount_fen=FIRST_TIER)
    known.when(RELEASE, actor="releaser-1", at=DAY).then(("batch/b1", release), ("fund/f1", reserve))


@pytest.mark.parametrize(
    ("happened", "code"),
    [(OBJECT, "case_held"), (REVOKE, "award_revoked"), (LEAVE, "paid_while_not_enrolled"), (WITHDRAW, "entry_withdrawn")],
)
@pytest.mark.parametrize("step", [CHECK, RELEASE])
def test_what_comes_up_after_preparing_stops_the_batch(happened: By, code: str, step: Command) -> None:
    known = given(ready(S1), prepared(S1), checked() if step is RELEASE else (), happened)
    actor = "releaser-1" if step is RELEASE else "checker-1"
    known.when(step, actor=actor).refused("payment_obstructed", payment=payment(), obstacle=code)


@pytest.mark.parametrize("tier", ["建档立卡", "三档"])
def test_an_award_decided_anew_stops_a_batch_of_what_had_been_cancelled_before(tier: str) -> None:
    anew = ReassessAward(application=case(), tier=tier, reason=REASON)
    known = given(opened(), approved(S1, ("低保",)), funded(), prepared(S1), by("preparer-1", CANCEL, LATER), prepared(S1, batch="b2"))
    tried = known.add(by("approver-1", anew, LATER)).when(CheckBatch(batch="b2"), actor="checker-1")
    tried.refused("payment_obstructed", obstacle="amount_differs_from_award", says=f"{case()}@4")


def test_what_no_bank_has_heard_of_goes_into_a_first_batch_again() -> None:
    known = given(opened(), approved(), funded(), prepared(S1), by("preparer-1", CANCEL, LATER), prepared(S1, batch="b2"))
    known.add(by("preparer-1", CancelBatch(batch="b2", reason=REASON), LATER))
    again = ReissuePayments(batch="b3", fund="f1", pay_on=PAY_ON, payments=(payment(),))
    known.when(again, actor="preparer-1").refused("payment_not_reissuable")
    known.when(prepare(S1, batch="b3"), actor="preparer-1").accepted()


def test_files_merged_after_preparing_stop_the_batch() -> None:
    merge = by("clerk-1", MergeIdentities(student=S1, other=S2, reason=REASON), date(2020, 4, 9))
    known = given(ready(S1, S2), prepared(S1, S2), merge)
    known.when(CHECK, actor="checker-1").refused("payment_obstructed", obstacle="paid_under_merged_identity")


@pytest.mark.parametrize(("arrived_fen", "enough"), [(FIRST_TIER - 1, False), (FIRST_TIER, True)])
def test_no_release_without_the_money(arrived_fen: int, enough: bool) -> None:
    outcome = given(ready(S1, amount_fen=arrived_fen), prepared(S1), checked()).when(RELEASE, actor="releaser-1")
    if enough:
        assert outcome.state(Fund, "f1").available_fen == 0
    else:
        outcome.refused("fund_short", available_fen=arrived_fen, wanted_fen=FIRST_TIER)


def test_money_set_aside_for_one_batch_is_not_there_for_another() -> None:
    second = [*prepared(S2, batch="b2"), *checked("b2")]
    known = given(ready(S1, S2, amount_fen=FIRST_TIER), prepared(S1), released(), second)
    known.when(ReleaseBatch(batch="b2"), actor="releaser-1").refused("fund_short", available_fen=0)


def test_of_two_releases_in_one_execution_the_second_sees_the_first() -> None:
    known = given(ready(S1, S2, amount_fen=FIRST_TIER), prepared(S1), checked(), prepared(S2, batch="b2"), checked("b2"))
    known.when(RELEASE, ReleaseBatch(batch="b2"), actor="releaser-1").refused("fund_short")


@pytest.mark.parametrize(
    ("known", "command", "actor", "stand"),
    [
        (prepared(S1), RELEASE, "releaser-1", "prepared"),
        ([*prepared(S1), *checked()], CHECK, "checker-1", "checked"),
        ([*prepared(S1), *released()], RELEASE, "releaser-1", "released"),
        ([*prepared(S1), *checked()], ExportBatch(batch="b1", profile="pipe", file="x", sha256=sha("x")), "cashier-1", "checked"),
        ([*prepared(S1), *exported()], CANCEL, "preparer-1", "exported"),
        ([*prepared(S1), by("preparer-1", CANCEL)], CHECK, "checker-1", "cancelled"),
    ],
)
def test_a_batch_takes_its_steps_in_order(known: list[Known], command: Command, actor: str, stand: str) -> None:
    given(ready(S1), known).when(command, actor=actor).refused("batch_not_ready", stand=stand)


def test_an_unknown_batch_is_refused() -> None:
    given(ready()).when(CHECK, actor="checker-1").refused("batch_unknown")


def test_cancelling_frees_the_payments_and_the_money() -> None:
    known = given(ready(S1), prepared(S1), released())
    because = ("batch/b1@4",)
    outcome = known.when(CANCEL, actor="preparer-1", at=LATER)
    outcome.then(
        ("batch/b1", BatchCancelled(actor="preparer-1", effective_on=LATER, because=("batch/b1@3",), reason=REASON)),
        (
            payment(),
            PaymentCancelled(
                actor="preparer-1", effective_on=LATER, because=(*because, f"{payment()}@1"), batch="b1", amount_fen=FIRST_TIER
            ),
        ),
        ("fund/f1", FundsReleased(actor="preparer-1", effective_on=LATER, because=because, batch="b1", amount_fen=FIRST_TIER)),
    )
    assert outcome.state(Fund, "f1").available_fen == 1_000_000
    again = known.when(prepare(S1, batch="b2"), actor="preparer-1")
    assert (again.only(PaymentInstructed).attempt, again.state(Payment, GRANT, S1, SPRING, "1").stand) == (2, "instructed")


def test_cancelling_before_the_release_moves_no_money() -> None:
    topics = given(ready(S1), prepared(S1)).when(CANCEL, actor="preparer-1").topics()
    assert topics == ["batch.cancelled", "payment.cancelled"]


def test_a_second_export_must_say_that_it_is_one() -> None:
    again = ExportBatch(batch="b1", profile="pipe", file="b1-copy.txt", sha256=sha("copy"), again=True)
    known = given(sent(S1))
    plain = ExportBatch(batch="b1", profile="pipe", file="b1.txt", sha256=sha("b1"))
    known.when(plain, actor="cashier-1").refused("batch_already_exported", first="batch/b1@4")
    fact = BatchExported(
        actor="cashier-1",
        effective_on=LATER,
        because=("batch/b1@3", "batch/b1@4"),
        profile="pipe",
        file="b1-copy.txt",
        sha256=sha("copy"),
        copy_of="batch/b1@4",
    )
    outcome = known.when(again, actor="cashier-1", at=LATER)
    outcome.then(("batch/b1", fact))
    assert outcome.state(Batch, "b1").exported_ref == "batch/b1@4"


def test_an_arrival_names_the_request_it_answers() -> None:
    known = given(ready(), by("treasurer-1", RequestFunds(fund="f1", amount_fen=5, of="bureau")))
    fact = FundsArrived(actor="treasurer-1", effective_on=DAY, because=("fund/f1@3",), amount_fen=5, source="bureau")
    known.when(RecordArrival(fund="f1", amount_fen=5, source="bureau"), actor="treasurer-1", at=DAY).then(("fund/f1", fact))


@pytest.mark.parametrize("amount_fen", [0, -1])
@pytest.mark.parametrize("kind", [RecordArrival, ReturnFunds, RequestFunds])
def test_money_moves_by_more_than_nothing(kind: type, amount_fen: int) -> None:
    word = {"RecordArrival": "source", "ReturnFunds": "to", "RequestFunds": "of"}[kind.__name__]
    command = kind(fund="f1", amount_fen=amount_fen, **{word: "bureau"})
    given(ready()).when(command, actor="treasurer-1").refused("amount_not_positive")


@pytest.mark.parametrize(("amount_fen", "enough"), [(1_000_000, True), (1_000_001, False)])
def test_no_more_is_returned_upward_than_is_available(amount_fen: int, enough: bool) -> None:
    outcome = given(ready()).when(ReturnFunds(fund="f1", amount_fen=amount_fen, to="bureau"), actor="treasurer-1")
    if enough:
        assert (outcome.state(Fund, "f1").available_fen, outcome.state(Fund, "f1").returned_fen) == (0, 1_000_000)
    else:
        outcome.refused("fund_short")
