"""The second half of the machine: what follows a payment, what befalls awards and students, the clerk's books; and what must hold then."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from mingzhang.domain.aid.awarding import RevokeAward
from mingzhang.domain.aid.objection import DismissObjection, RaiseObjection, UpholdObjection
from mingzhang.domain.aid.reassessing import ReassessAward
from mingzhang.domain.money.banking import RaiseClawback, ReceiveClawback, ReturnedLine, ReversePayment, TakeReturns
from mingzhang.domain.money.batch import Batch
from mingzhang.domain.money.closing import CloseMonth
from mingzhang.domain.money.difference import Remedy
from mingzhang.domain.money.differing import differing
from mingzhang.domain.money.giving_back import ReverseClawback
from mingzhang.domain.money.payment import Payment
from mingzhang.domain.money.settling import DecideDifference
from mingzhang.domain.money.voucher import BookMonth, ReverseVoucher
from mingzhang.domain.student.commands import ChangeEnrolment, MergeIdentities, SplitIdentities
from mingzhang.domain.student.student import Student
from tests.college import GRANT, SPRING, case, sha

from .bank import REASON, TEXT, BankMonths, days_ago, fen, funds, one_of, picks, students
from .office import FIRST_DAY

TIERS = ("建档立卡", "二档", "三档")


class Months(BankMonths):
    """Whatever happens, `everything_adds_up` after it."""

    # what follows a payment

    @precondition(lambda self: self.has_paid())
    @rule(pick=picks, days=days_ago, wrong_fen=st.sampled_from((0, 0, 0, 1)))
    def a_payment_comes_back(self, pick: int, days: int, wrong_fen: int) -> None:
        payment = self.kept(pick)
        name, amount = one_of(payment.paid_in, pick)
        batch = self.office.state(Batch, name)
        line = next(number for number in batch.numbers if batch.payment(number) == payment.stream)
        back = ReturnedLine(line=line, amount_fen=amount + wrong_fen, on=self.ago(days, payment.paid_step(name)[0]), row=1)
        file = f"returns-{len(self.answers)}"
        command = TakeReturns(batch=name, file=file, sha256=sha(file), returned=(back,))
        self.answers.append(("cashier-1", command))
        self.does("cashier-1", command)

    @precondition(lambda self: self.has_paid())
    @rule(pick=picks)
    def a_payment_is_reversed(self, pick: int) -> None:
        self.does("cashier-1", ReversePayment(payment=self.kept(pick).stream, reason=REASON))

    @precondition(lambda self: self.has_paid())
    @rule(pick=picks, amount=fen, come=st.booleans())
    def money_is_asked_back(self, pick: int, amount: int, come: bool) -> None:
        payment = self.kept(pick)
        asked = min(amount, payment.paid_fen) if pick % 7 != 5 else amount
        self.does("approver-1", RaiseClawback(payment=payment.stream, amount_fen=asked, reason=REASON))
        if come:
            self.does("cashier-1", ReceiveClawback(payment=payment.stream, amount_fen=asked))

    @rule(pick=picks, amount=fen, wrong=st.booleans())
    def money_asked_back_comes_or_should_not_have(self, pick: int, amount: int, wrong: bool) -> None:
        asked = [payment for payment in self.payments() if payment.clawback_fen]
        for payment in asked[pick % len(asked) :][:1] if asked else ():
            open_fen = payment.clawback_fen - payment.clawed_back_fen
            if open_fen:
                self.does("cashier-1", ReceiveClawback(payment=payment.stream, amount_fen=min(amount, open_fen)))
            if wrong:
                held = min(amount, self.office.at(Payment, payment.stream).clawed_back_fen) or amount
                self.does("approver-1", ReverseClawback(payment=payment.stream, amount_fen=held, reason=REASON))

    def has_paid(self) -> bool:
        return any(self.books.kept.values())

    def kept(self, pick: int) -> Payment:
        return self.office.at(Payment, one_of(sorted(name for name, held in self.books.kept.items() if held), pick))

    # what befalls awards and students

    @rule(student=students, tier=st.sampled_from((*TIERS, *TIERS, None)))
    def an_award_is_reassessed(self, student: str, tier: str | None) -> None:
        amount_fen = None if tier else 0
        self.does("approver-1", ReassessAward(application=case(student), tier=tier, amount_fen=amount_fen, reason=REASON))

    @precondition(lambda self: self.office.day > FIRST_DAY + timedelta(days=90))
    @rule(student=students)
    def an_award_is_revoked(self, student: str) -> None:
        self.does("approver-1", RevokeAward(application=case(student), reason=REASON))

    @rule(student=students, status=st.sampled_from(("休学", "复学", "复学", "复学")), days=days_ago)
    def a_student_goes_or_returns(self, student: str, status: str, days: int) -> None:
        self.does("clerk-1", ChangeEnrolment(student=student, status=status, on=self.ago(days)))  # type: ignore[arg-type]

    @rule(student=students, other=students)
    def two_files_turn_out_to_be_one_person_or_not(self, student: str, other: str) -> None:
        merges = [ref for found, ref in self.office.state(Student, student).merges if found == other]
        if self.office.state(Student, other).survivor == student:
            self.does("administrator-1", SplitIdentities(student=student, other=other, corrects=merges[-1], reason=REASON))
        else:
            self.does("clerk-1", MergeIdentities(student=student, other=other, reason=REASON))

    @rule(student=students, pick=picks, upheld=st.sampled_from((*[False] * 9, True)))
    def somebody_objects(self, student: str, pick: int, upheld: bool) -> None:
        self.objections += 1
        name = f"o{self.objections}"
        if self.does("second-reviewer-1", RaiseObjection(objection=name, application=case(student), statement=REASON)):
            if pick % 4 == 3:  # meanwhile something goes on
                self.a_batch_goes_on(pick, 1)
            decision = UpholdObjection if upheld else DismissObjection
            self.does("inspector-1", decision(objection=name, finding=REASON))

    @rule(student=students, remedy=st.sampled_from(("fits", "fits", "fits", "let-stand")))
    def a_difference_is_decided(self, student: str, remedy: str) -> None:
        found = differing(self.office.ledger.streams(), GRANT, student, SPRING, self.office.day)
        if found is None or not found.difference_fen:
            return
        fits: Remedy = "claw-back" if found.difference_fen < 0 else "top-up"
        command = DecideDifference(
            scheme=GRANT,
            student=student,
            period=SPRING,
            remedy=fits if remedy == "fits" else "let-stand",
            difference_fen=found.difference_fen,
            reasons=found.reasons,
            reason=REASON,
        )
        self.does("approver-2", command)

    # the clerk's books

    @precondition(lambda self: self.office.day >= date(2020, 5, 1))
    @rule(fund=funds, back=st.integers(1, 3), close=st.booleans())
    def a_month_is_booked(self, fund: str, back: int, close: bool) -> None:
        month = f"{self.office.day.replace(day=1) - timedelta(days=31 * (back - 1) + 1):%Y-%m}"
        for one in ("2020-03", month):
            self.does("treasurer-1", BookMonth(fund=fund, month=one))
            if close:
                self.does("treasurer-1", CloseMonth(fund=fund, month=one))

    @precondition(lambda self: self.books.vouchers)
    @rule(pick=picks)
    def a_voucher_is_reversed(self, pick: int) -> None:
        stream, last = one_of(sorted(self.books.vouchers.items()), pick)
        fund, year = stream.split("/")
        self.does("treasurer-1", ReverseVoucher(fund=fund, year=int(year), number=1 + pick % last, reason=TEXT))

    @invariant()
    def everything_adds_up(self) -> None:
        self.checks.everything()
