"""The first half of the machine: days go by, money arrives, batches are prepared and go out, and the bank answers as banks do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from mingzhang.domain.command import Command
from mingzhang.domain.money.banking import ExportBatch, LineOutcome, ReconcileBatch
from mingzhang.domain.money.batch import Batch
from mingzhang.domain.money.fund import RecordArrival, ReturnFunds
from mingzhang.domain.money.part_paying import PayInPart
from mingzhang.domain.money.payment import Payment
from mingzhang.domain.money.preparing import CancelBatch, CheckBatch, PrepareBatch, ReleaseBatch
from mingzhang.domain.money.reissuing import ReissuePayments
from mingzhang.domain.money.rejecting import RejectBatch, RejectPayment
from mingzhang.domain.money.stopping import StopPayment
from tests.college import GRANT, SPRING, sha
from tests.given import sealed

from .checks import Checks
from .office import FIRST_DAY, FUNDS, STUDENTS, CopiedOffice
from .oracle import Books

REASON = sealed(STUDENTS[0], reason="synthetic")
TEXT = sealed("t-0000000001", text="synthetic")
SLIP = sha("slip")
T = TypeVar("T")

picks = st.integers(0, 50)
ways = st.integers(0, 99)
funds = st.sampled_from(FUNDS)
students = st.sampled_from(STUDENTS)
fen = st.sampled_from((1, 33_333, 50_000, 100_000, 166_667, 300_000))
says = st.lists(st.sampled_from(("paid", "pending", "paid", "failed")), min_size=6, max_size=6)
days_ago = st.integers(0, 12)


def one_of(choices: Sequence[T], pick: int) -> T:
    return choices[pick % len(choices)]


def export(batch: str) -> ExportBatch:
    return ExportBatch(batch=batch, profile="pipe", file=f"{batch}.txt", sha256=sha(batch))


class BankMonths(RuleBasedStateMachine):
    """One office from 2020-04-01 on: its days and money, its batches, and what the bank does with them."""

    def __init__(self) -> None:
        super().__init__()
        self.office = CopiedOffice()
        self.books = Books()
        self.books.read(self.office.ledger.journal.select_rows())
        self.batches: list[str] = []
        self.answers: list[tuple[str, Command]] = []
        self.objections = 0
        self.back = 0
        self.checks = Checks(self.office, self.books)

    def teardown(self) -> None:
        self.office.close()

    def does(self, actor: str, command: Command) -> bool:
        """As of some days ago, if so much is being told late; where that is refused, as of today."""
        code: str | None = "today"
        if self.back and command.on is None:
            code = self.office.does(actor, replace(command, on=self.ago(self.back)))
        if code is not None:
            code = self.office.does(actor, command)
        self.books.read(self.office.ledger.journal.select_rows(self.books.size))
        return code is None

    def standing(self, *stands: str) -> list[Batch]:
        return [self.office.state(Batch, name) for name in self.batches if self.books.stand_of.get(name) in stands]

    def any_batch(self, *stands: str) -> bool:
        return not {*stands}.isdisjoint(self.books.stand_of.values())

    def payments(self) -> list[Payment]:
        streams = self.office.ledger.streams()
        streams.fetch(sorted(self.books.begun))
        return [streams.at(Payment, name) for name in sorted(self.books.begun)]

    def ago(self, days: int, since: date | None = None) -> date:
        return max(self.office.day - timedelta(days=days), since or FIRST_DAY)

    def new_batch(self) -> str:
        return f"b{len(self.batches) + 1}"

    # the office's days and its money

    @rule(days=st.sampled_from((1, 3, 10, 31)))
    def days_pass(self, days: int) -> None:
        self.office.day += timedelta(days=days)

    @rule(days=st.sampled_from((0, 0, 2, 9, 40)))
    def everything_is_told_late(self, days: int) -> None:
        self.back = days

    @rule(fund=funds, amount=fen, days=days_ago)
    def money_arrives(self, fund: str, amount: int, days: int) -> None:
        self.does("treasurer-1", RecordArrival(fund=fund, amount_fen=amount, source="bureau", on=self.ago(days)))

    @rule(fund=funds, amount=st.sampled_from((20_000, 1, 300_000)), days=days_ago)
    def money_goes_back_up(self, fund: str, amount: int, days: int) -> None:
        self.does("treasurer-1", ReturnFunds(fund=fund, amount_fen=amount, to="bureau", on=self.ago(days)))

    # batches

    def an_ordinary_batch(self, who: list[str], steps: int) -> None:
        self.a_batch_is_prepared("f1", who, 1, 0)
        self.a_batch_goes_on(0, steps)

    @rule(
        fund=funds,
        who=st.lists(students, min_size=1, max_size=3, unique=True),
        instalment=st.sampled_from((1, 2, 2, 0)),
        ahead=st.integers(0, 9),
    )
    def a_batch_is_prepared(self, fund: str, who: list[str], instalment: int, ahead: int) -> None:
        for part in dict.fromkeys((instalment, 1)):  # whatever there is to pay
            command = PrepareBatch(
                batch=self.new_batch(),
                scheme=GRANT,
                period=SPRING,
                fund=fund,
                pay_on=self.office.day + timedelta(days=ahead),
                students=tuple(who),
                instalment=part,
            )
            if self.does("preparer-1", command):
                self.batches.append(command.batch)
                return

    @rule(fund=funds, pick=picks, many=st.integers(1, 3))
    def what_is_owed_is_reissued(self, fund: str, pick: int, many: int) -> None:
        owed = [payment.stream for payment in self.payments() if payment.reissuable or pick == 13]
        if owed:
            named = tuple(one_of(owed, pick + number) for number in range(many))
            command = ReissuePayments(batch=self.new_batch(), fund=fund, pay_on=self.office.day, payments=named)
            if self.does("preparer-1", command):
                self.batches.append(command.batch)

    @precondition(lambda self: self.any_batch("prepared", "checked", "released"))
    @rule(pick=picks, steps=st.sampled_from((3, 2, 1)))
    def a_batch_goes_on(self, pick: int, steps: int) -> None:
        open_ones = self.standing("prepared", "checked", "released")
        name = one_of(open_ones, pick).id if open_ones else ""
        for _ in range(steps if open_ones else 0):
            match self.office.state(Batch, name).stand:
                case "prepared":
                    self.does("checker-1", CheckBatch(batch=name))
                case "checked":
                    self.does("releaser-1", ReleaseBatch(batch=name))
                case "released":
                    self.does("cashier-1", export(name))

    @precondition(lambda self: self.batches)
    @rule(pick=picks, what=st.sampled_from(("check", "release", "export", "again", "cancel")))
    def somebody_acts_out_of_turn(self, pick: int, what: str) -> None:
        name = one_of(self.batches, pick)
        commands: dict[str, tuple[str, Command]] = {
            "check": ("checker-1", CheckBatch(batch=name)),
            "release": ("releaser-1", ReleaseBatch(batch=name)),
            "export": ("cashier-1", export(name)),
            "again": ("cashier-1", ExportBatch(batch=name, profile="pipe", file=name, sha256=sha(name), again=True)),
            "cancel": ("releaser-1", CancelBatch(batch=name, reason=TEXT)),
        }
        self.does(*commands[what])

    @precondition(lambda self: self.books.under_way)
    @rule(pick=picks)
    def a_payment_is_stopped(self, pick: int) -> None:
        names = [name for batch in self.standing("released") for name in batch.payments]
        if pick % 7 == 5:
            names = sorted(self.books.under_way)
        for name in names[pick % len(names) :][:1] if names else ():
            self.does("releaser-1", StopPayment(payment=name, reason=REASON))

    # the bank

    @precondition(lambda self: self.any_batch("exported"))
    @rule(pick=picks, said=says, part=st.booleans(), days=days_ago, wrong_fen=st.sampled_from((0, 0, 0, 0, 0, 1)), before=st.booleans())
    def the_bank_answers(self, pick: int, said: list[str], part: bool, days: int, wrong_fen: int, before: bool = False) -> None:
        awaited = {name for name, _fen in self.books.under_way.values()}
        exported = self.standing("exported")
        batch = one_of([batch for batch in exported if batch.id in awaited] or exported, pick)
        numbers = batch.numbers[: 1 + pick % len(batch.numbers)] if part else batch.numbers
        lines = {number: self.office.at(Payment, batch.payment(number)) for number in numbers}
        final = {number: line.answered(batch.id) for number, line in lines.items() if pick != 13}
        outcomes = tuple(
            LineOutcome(
                line=number,
                state=final[number] if final.get(number) in ("paid", "failed") else one_of(said, number + pick),  # type: ignore[arg-type]
                amount_fen=lines[number].amount_fen + wrong_fen,
                on=self.ago(days, None if before else batch.exported_on),
                bank_ref=f"T{number}",
                code="E02",
                row=number,
            )
            for number in numbers
        )
        file = f"answer-{len(self.answers)}"
        command = ReconcileBatch(batch=batch.id, file=file, sha256=sha(file), outcomes=outcomes, partial=part)
        self.answers.append(("cashier-1", command))
        self.does("cashier-1", command)
        self.some_are_tried_again(pick)

    @precondition(lambda self: self.answers)
    @rule(pick=picks)
    def an_answer_comes_once_more(self, pick: int) -> None:
        self.does(*one_of(self.answers, pick))

    @precondition(lambda self: self.books.under_way)
    @rule(pick=picks, tenths=st.integers(1, 10), days=days_ago)
    def the_bank_moves_a_part(self, pick: int, tenths: int, days: int) -> None:
        payment = self.at_the_bank(pick)
        amount = payment.amount_fen * tenths // 10
        on = self.ago(days, self.office.state(Batch, payment.batch).exported_on)
        self.does("cashier-1", PayInPart(payment=payment.stream, amount_fen=amount, evidence=(SLIP,), on=on))
        self.some_are_tried_again(pick)

    @precondition(lambda self: self.books.under_way)
    @rule(pick=picks, whole=st.booleans())
    def the_bank_sends_back_unprocessed(self, pick: int, whole: bool) -> None:
        payment = self.at_the_bank(pick)
        if whole:
            self.does("cashier-1", RejectBatch(batch=payment.batch, code="E31", reason=TEXT, reasons=()))
        else:
            self.does("cashier-1", RejectPayment(payment=payment.stream, code="E07", reason=REASON))
        self.some_are_tried_again(pick)

    def some_are_tried_again(self, pick: int) -> None:
        """Every other time, as an office would; else it is left to the rule of its own."""
        if pick % 2:
            self.what_is_owed_is_reissued(one_of(FUNDS, pick // 2), pick, 1 + pick % 3)

    def at_any_bank(self) -> bool:
        return any(self.books.stand_of[batch] == "exported" for batch, _fen in self.books.under_way.values())

    def at_the_bank(self, pick: int) -> Payment:
        sent = sorted(name for name, (batch, _fen) in self.books.under_way.items() if batch in self.books.sent)
        return self.office.at(Payment, one_of(sent or sorted(self.books.under_way), pick))
