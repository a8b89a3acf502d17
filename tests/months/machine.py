"""The second half of the machine: what follows a payment, what befalls awards and students, the clerk's books; and what must hold then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from mingzhang.domain.aid.awarding import RevokeAward
from mingzhang.domain.aid.objection import DismissObjection, RaiseObjection, UpholdObjection
from mingzhang.domain.aid.reassessing import ReassessAward
from mingzhang.domain.command import Command
from mingzhang.domain.money.banking import RaiseClawback, ReceiveClawback, ReturnedLine, ReversePayment, TakeReturns
from mingzhang.domain.money.batch import Batch
from mingzhang.domain.money.closing import CloseMonth
from mingzhang.domain.money.difference import Remedy
from mingzhang.domain.money.differing import Differing, differing
from mingzhang.domain.money.giving_back import ReverseClawback
from mingzhang.domain.money.payment import Payment
from mingzhang.domain.money.settling import DecideDifference
from mingzhang.domain.money.voucher import BookMonth, ReverseVoucher
from mingzhang.domain.money.withdrawing import WithdrawClawback
from mingzhang.domain.student.commands import ChangeEnrolment, MergeIdentities, SplitIdentities
from mingzhang.domain.student.student import Student
from tests.college import GRANT, SPRING, case, sha

from .bank import REASON, TEXT, BankMonths, days_ago, fen, funds, one_of, picks, students, ways
from .office import FIRST_DAY, FUNDS

TIERS = ("建档立卡", "二档", "三档")
SAID = (["paid"], ["failed"], ["paid"], ["paid", "failed"], ["pending", "paid"])
FEN = (33_333, 1, 50_000, 166_667)
Act = Callable[[int], object]


class Months(BankMonths):
    """Whatever happens, `everything_adds_up` after it."""

    # one person's money, followed from batch to batch: most rules about money show only far down such a chain

    @initialize(
        who=st.lists(students, min_size=2, max_size=2, unique=True),
        settled=st.sampled_from((1, 0, 2)),
        acts=st.lists(st.tuples(ways, picks), min_size=8, max_size=26),
    )
    def money_goes_its_way(self, who: list[str], settled: int, acts: list[tuple[int, int]]) -> None:
        self.days_pass(6)  # there are days before, to be mistaken about
        self.an_ordinary_batch(who, 3)
        for part in range(1, settled + 1):  # is paid already
            self.a_batch_is_prepared("f1", who, part, 0)
            self.a_batch_goes_on(0, 3)
            self.the_bank_answers(0, ["paid"] * 6, False, 0, 0)
        for way, pick in acts:
            self.office.day += timedelta(days=one_of((0, 2, 0, 5), pick))
            self.back = one_of((0, 3, 0, 9), way + pick)
            one_of(self.ways(who), way)(pick)
            self.everything_adds_up()
        self.back = 0

    def ways(self, who: list[str]) -> list[Act]:
        """What can happen next to the money of these, each as often as it shall weigh."""
        payments = self.payments()
        student, fund = who[0], FUNDS[len(self.batches) % 2]
        found: list[tuple[int, bool, Act]] = [
            (5, True, lambda pick: self.an_award_is_reassessed(student, one_of((*TIERS[::-1], *TIERS[1:], None), pick))),
            (8, not self.books.under_way, lambda pick: self.a_batch_is_prepared(fund, who, one_of((2, 0, 2), pick), 0)),
            (6, self.any_batch("prepared", "checked", "released"), lambda pick: self.a_batch_goes_on(pick, one_of((1, 3, 2), pick))),
            (2, self.any_batch("prepared", "checked"), lambda pick: self.an_award_falls_meanwhile(student, pick)),
            (
                5,
                self.at_any_bank(),
                lambda pick: self.the_bank_answers(pick, one_of(SAID, pick) * 6, pick % 3 == 1, pick % 8, 0, pick % 3 == 2),
            ),
            (3, self.at_any_bank(), lambda pick: self.the_bank_moves_a_part(pick, 1 + pick % 9, 0)),
            (2, self.at_any_bank(), lambda pick: self.the_bank_sends_back_unprocessed(pick, pick % 2 == 0)),
            (2, self.at_any_bank(), self.the_rest_is_sent_back),
            (5, any(one.reissuable for one in payments), lambda pick: self.what_is_owed_is_reissued(fund, pick, 1 + pick % 2)),
            (3, self.has_paid(), lambda pick: self.a_payment_comes_back(pick, pick % 6, 0)),
            (1, self.has_paid(), lambda pick: self.a_payment_is_reversed(pick)),
            (3, self.has_paid(), lambda pick: self.money_is_asked_back(pick, one_of(FEN, pick), pick % 3 > 0)),
            (
                3,
                any(one.clawback_fen for one in payments),
                lambda pick: self.money_asked_back_comes_or_should_not_have(pick, one_of(FEN, pick), pick % 2 > 0),
            ),
            (1, any(self.books.demanded.values()), lambda pick: self.a_demand_is_withdrawn(pick, one_of(FEN, pick))),
            (
                14,
                self.has_paid() and self.differs(student),
                lambda pick: self.a_difference_is_decided(student, "let-stand" if pick % 9 == 4 else "fits"),
            ),
            (1, True, lambda pick: self.two_files_turn_out_to_be_one_person_or_not(student, who[-1])),
            (1, True, lambda pick: self.money_arrives(fund, 166_667, pick % 9)),
            (2, True, lambda pick: self.money_goes_back_up(fund, one_of((300_000, 166_667, 1), pick), pick % 9)),
            (3, self.office.day < date(2020, 5, 1), lambda pick: self.days_pass(31)),
            (3, self.office.day >= date(2020, 5, 1), lambda pick: self.a_month_is_booked(fund, 1 + pick % 2, pick % 3 > 0, pick % 2 > 0)),
        ]
        return [act for weight, possible, act in found if possible for _ in range(weight)]

    def an_award_falls_meanwhile(self, student: str, pick: int) -> None:
        """Between two steps of a batch; whoever takes the next one has to count anew."""
        self.an_award_is_reassessed(student, TIERS[2])
        self.a_batch_goes_on(pick, 3)

    def the_rest_is_sent_back(self, pick: int) -> None:
        """What the bank has not answered of its file."""
        self.the_bank_answers(pick - pick % 2, ["paid"] * 6, True, 0, 0)
        if self.at_any_bank():
            self.the_bank_sends_back_unprocessed(pick, True)

    # what follows a payment

    @precondition(lambda self: self.has_paid())
    @rule(pick=picks, days=days_ago, wrong_fen=st.sampled_from((0, 0, 0, 1)))
    def a_payment_comes_back(self, pick: int, days: int, wrong_fen: int) -> None:
        payment = self.kept(pick)
        name, amount = one_of(payment.paid_out, pick)
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
            elif payment.settled_fen and payment.freed_on is not None:  # it had come before the bank brought the whole back
                handed_in = min(amount, payment.settled_fen)
                on = payment.freed_on - timedelta(days=1 - pick % 2)
                self.does("cashier-1", ReceiveClawback(payment=payment.stream, amount_fen=handed_in, on=on))
            if wrong:
                held = min(amount, self.office.at(Payment, payment.stream).clawed_back_fen) or amount
                back = ReverseClawback(payment=payment.stream, amount_fen=held, reason=REASON)
                self.somebody_else_decides(back, pick)

    @precondition(lambda self: any(self.books.demanded.values()))
    @rule(pick=picks, amount=fen)
    def a_demand_is_withdrawn(self, pick: int, amount: int) -> None:
        open_ones = [payment for payment in self.payments() if payment.asked]
        for payment in open_ones[pick % len(open_ones) :][:1] if open_ones else ():
            _day, ref, open_fen = one_of(payment.asked, pick)
            demand = ref if pick % 3 else ""
            withdrawn = WithdrawClawback(payment=payment.stream, amount_fen=min(amount, open_fen), demand=demand, reason=REASON)
            self.somebody_else_decides(withdrawn, pick)

    def somebody_else_decides(self, command: Command, pick: int) -> None:
        """Than whoever asked for it: one of the two."""
        first, second = ("approver-1", "approver-2") if pick % 2 else ("approver-2", "approver-1")
        if not self.does(first, command):
            self.does(second, command)

    def has_paid(self) -> bool:
        return any(held > 0 for held in self.books.kept.values())

    def kept(self, pick: int) -> Payment:
        return self.office.at(Payment, one_of(sorted(name for name, held in self.books.kept.items() if held > 0), pick))

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
        found = self.difference_of(student)
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

    def difference_of(self, student: str) -> Differing | None:
        return differing(self.office.ledger.streams(), GRANT, student, SPRING, self.office.day)

    def differs(self, student: str) -> bool:
        found = self.difference_of(student)
        return found is not None and found.difference_fen != 0 and not found.decided

    # the clerk's books

    @precondition(lambda self: self.office.day >= date(2020, 5, 1))
    @rule(fund=funds, back=st.integers(1, 3), close=st.booleans(), book=st.booleans())
    def a_month_is_booked(self, fund: str, back: int, close: bool, book: bool = True) -> None:
        month = f"{self.office.day.replace(day=1) - timedelta(days=31 * (back - 1) + 1):%Y-%m}"
        for one in ("2020-03", month):
            if book:
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
