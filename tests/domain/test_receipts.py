"""A signed list is taken in once and for its own batch; what is signed for is paid by a signature and by nothing else."""

from __future__ import annotations

from datetime import date

import pytest

from mingzhang.domain.command import Command
from mingzhang.domain.money.banking import ExportBatch, LineOutcome, ReconcileBatch
from mingzhang.domain.money.payment import Payment, PaymentPaid
from mingzhang.domain.money.preparing import CancelBatch
from mingzhang.domain.money.receipts import ReceiptSigned, RecordReceipts
from mingzhang.domain.money.reissuing import ReissuePayments
from mingzhang.domain.money.stopping import StopPayment
from tests.college import S1, S2, sha
from tests.college import sent as by_card
from tests.county import PERIOD
from tests.given import Given, by, given, sealed
from tests.whole_way import SCHEME, adopted, decided, paid, payment

DAY = date(2020, 9, 25)
CASHIER = "cashier-1"


def exported() -> Given:
    return given(adopted(), decided(), list(paid())[:-1])


def signed(*lines: int, scan: str = "scan", batch: str = "b1", left: tuple[int, ...] = ()) -> RecordReceipts:
    return RecordReceipts(batch=batch, file=f"{scan}.pdf", sha256=sha(scan), signed=lines, not_collected=left)


def test_a_signature_pays_and_is_what_the_payment_rests_on() -> None:
    outcome = exported().when(signed(1), actor=CASHIER, at=DAY)
    assert outcome.topics() == ["batch.reconciled", "payment.receipt_signed", "payment.paid", "fund.paid"]
    assert outcome.only(ReceiptSigned).evidence == (sha("scan"),)
    assert f"{payment(S1)}@2" in outcome.only(PaymentPaid).because
    states = [outcome.state(Payment, SCHEME, student, PERIOD, "1").stand for student in (S1, S2)]
    assert states == ["paid", "instructed"]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (signed(2), "bank_file_already_reconciled"),
        (signed(1, left=(1,), scan="two"), "bank_file_line_repeated"),
        (signed(left=(1,), scan="two"), "bank_file_contradicts"),
        (signed(3, scan="two"), "bank_file_line_unknown"),
        (signed(scan="two"), "receipts_missing"),
        (signed(1, scan="two", batch="b9"), "batch_unknown"),
    ],
)
def test_a_signed_list_that_does_not_fit_is_refused(command: Command, code: str) -> None:
    known = exported()
    known.when(signed(1), actor=CASHIER, at=DAY).accepted()
    known.when(command, actor=CASHIER, at=DAY).refused(code)


def test_a_line_signed_for_twice_is_paid_once() -> None:
    known = exported()
    known.when(signed(1), actor=CASHIER, at=DAY).accepted()
    assert known.when(signed(1, scan="copy"), actor=CASHIER, at=DAY).topics() == ["batch.reconciled"]


def test_nothing_is_signed_for_in_a_batch_that_was_cancelled_or_never_left() -> None:
    for number, cancelled in ((-2, False), (-2, True)):
        known = given(adopted(), decided(), list(paid())[:number])
        if cancelled:
            known.when(CancelBatch(batch="b1", reason=sealed("t-1")), actor="releaser-1", at=DAY).accepted()
        known.when(signed(1), actor=CASHIER, at=DAY).refused("batch_not_ready", stand="cancelled" if cancelled else "released")


def test_nothing_is_signed_for_in_a_batch_that_a_bank_pays() -> None:
    given(by_card(S1)).when(signed(1), actor=CASHIER, at=DAY).refused("channel_differs")


def test_what_is_to_be_signed_for_is_not_paid_by_an_answer_of_a_bank() -> None:
    line = LineOutcome(line=1, state="paid", amount_fen=300_000, on=DAY)
    answer = ReconcileBatch(batch="b1", file="answer.txt", sha256=sha("answer"), outcomes=(line,), partial=True)
    exported().when(answer, actor=CASHIER, at=DAY).refused("channel_differs", channel="signed")


def test_what_was_not_collected_is_issued_anew_and_signed_for_in_its_own_batch() -> None:
    known = exported()
    known.when(signed(1, left=(2,)), actor=CASHIER, at=DAY).accepted()
    again = ReissuePayments(batch="b2", fund="f1", pay_on=DAY, payments=(payment(S2),))
    known.when(again, actor="preparer-1", at=DAY).accepted()
    known.when(signed(2, scan="two"), actor=CASHIER, at=DAY).refused("bank_file_contradicts")


def test_a_line_that_was_stopped_is_on_no_list_and_nobody_signs_for_it() -> None:
    released = given(adopted(), decided(), list(paid())[:-2])
    day = date(2020, 9, 18)
    stopped = by("releaser-1", StopPayment(payment=payment(S1), reason=sealed(S1, reason="synthetic")), day)
    sent = by(CASHIER, ExportBatch(batch="b1", profile="sign-list", file="b1.xlsx", sha256=sha("b1")), day)
    known = released.add(stopped, sent)
    known.when(signed(1), actor=CASHIER, at=DAY).refused("bank_file_line_unknown")
    assert known.when(signed(2), actor=CASHIER, at=DAY).state(Payment, SCHEME, S2, PERIOD, "1").stand == "paid"
