"""Whatever is done in whatever order: received = available + reserved + paid + returned, nothing below zero, no award overpaid."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from mingzhang.domain.aid.awarding import RevokeAward
from mingzhang.domain.aid.objection import DismissObjection, RaiseObjection
from mingzhang.domain.command import Command
from mingzhang.domain.facts import decode
from mingzhang.domain.money.asked_back import ClawbackReceived
from mingzhang.domain.money.banking import (
    ExportBatch,
    LineOutcome,
    RaiseClawback,
    ReceiveClawback,
    ReconcileBatch,
    ReturnedLine,
    ReversePayment,
    TakeReturns,
)
from mingzhang.domain.money.batch import Batch
from mingzhang.domain.money.fund import Fund, FundsHeldForPayee, RecordArrival, ReturnFunds
from mingzhang.domain.money.payment import Payment
from mingzhang.domain.money.preparing import CancelBatch, CheckBatch, PrepareBatch, ReleaseBatch
from mingzhang.domain.money.reissuing import ReissuePayments
from mingzhang.domain.refusal import Refused
from mingzhang.domain.sealed import Sealed
from mingzhang.domain.student.commands import ChangeEnrolment, MergeIdentities
from tests.college import GRANT, PAY_ON, S1, S2, S3, SPRING, approved, case, funded, opened, payment, sha
from tests.given import Given, Store, run, sealed

STUDENTS = (S1, S2, S3)
AWARDED_FEN = {S1: 200_000, S2: 150_000, S3: 100_000}
START = Given(
    opened(), approved(S1), approved(S2, ("低保",)), approved(S3, ("其他",)), funded(amount_fen=300_000), funded("f2", 250_000)
).store
FUNDS = ("f1", "f2")
BATCHES = ("b1", "b2", "b3", "b4", "b5")

batches = st.sampled_from(BATCHES)
funds = st.sampled_from(FUNDS)
students = st.sampled_from(STUDENTS)
some_students = st.lists(students, min_size=1, max_size=4).map(tuple)
fen = st.sampled_from((-1, 0, 1, 50_000, 100_000, 150_000, 200_000, 450_000))
lines = st.integers(0, 4)
marks = st.integers(0, 99).map(str)
Deed = tuple[str, Command]


def reason(student: str) -> Sealed:
    return sealed(student, reason="synthetic")


def outcome(line: int, state: str, amount_fen: int) -> LineOutcome:
    return LineOutcome(line=line, state=state, amount_fen=amount_fen, on=PAY_ON, code="E02")  # type: ignore[arg-type]


outcomes = st.builds(outcome, lines, st.sampled_from(("paid", "paid", "failed", "pending")), st.sampled_from(tuple(AWARDED_FEN.values())))
returned = st.builds(ReturnedLine, line=lines, amount_fen=st.sampled_from(tuple(AWARDED_FEN.values())), on=st.just(PAY_ON))
paying = {"scheme": st.just(GRANT), "period": st.just(SPRING), "pay_on": st.just(PAY_ON)}
names = students.map(payment)
answers = st.lists(outcomes, max_size=3).map(tuple)

money: st.SearchStrategy[Deed] = st.one_of(
    st.tuples(st.just("preparer-1"), st.builds(PrepareBatch, batch=batches, fund=funds, students=some_students, **paying)),
    st.tuples(
        st.just("preparer-1"),
        st.builds(
            ReissuePayments, batch=batches, fund=funds, pay_on=st.just(PAY_ON), payments=st.lists(names, min_size=1, max_size=3).map(tuple)
        ),
    ),
    st.tuples(st.just("checker-1"), st.builds(CheckBatch, batch=batches)),
    st.tuples(st.just("releaser-1"), st.builds(ReleaseBatch, batch=batches)),
    st.tuples(st.just("preparer-1"), st.builds(CancelBatch, batch=batches, reason=st.just(sealed("t-0000000001", text="synthetic")))),
    st.tuples(st.just("treasurer-1"), st.builds(RecordArrival, fund=funds, amount_fen=fen, source=st.just("bureau"))),
    st.tuples(st.just("treasurer-1"), st.builds(ReturnFunds, fund=funds, amount_fen=fen, to=st.just("bureau"))),
    st.tuples(
        st.just("cashier-1"),
        st.builds(ReconcileBatch, batch=batches, file=marks, sha256=marks.map(sha), outcomes=answers, partial=st.just(True)),
    ),
    st.tuples(
        st.just("cashier-1"),
        st.builds(TakeReturns, batch=batches, file=marks, sha256=marks.map(sha), returned=st.lists(returned, max_size=2).map(tuple)),
    ),
    st.tuples(st.just("cashier-1"), st.builds(ReversePayment, payment=names, reason=st.just(reason(S1)))),
    st.tuples(st.just("approver-1"), st.builds(RaiseClawback, payment=names, amount_fen=fen, reason=st.just(reason(S1)))),
    st.tuples(st.just("cashier-1"), st.builds(ReceiveClawback, payment=names, amount_fen=fen)),
)
trouble: st.SearchStrategy[Deed] = st.one_of(
    st.tuples(st.just("approver-1"), st.builds(RevokeAward, application=students.map(case), reason=st.just(reason(S1)))),
    st.tuples(
        st.just("clerk-1"),
        st.builds(ChangeEnrolment, student=students, status=st.sampled_from(("休学", "复学")), on=st.just(date(2020, 4, 1))),
    ),
    st.tuples(st.just("clerk-1"), st.builds(MergeIdentities, student=students, other=students, reason=st.just(reason(S1)))),
    st.tuples(
        st.just("inspector-1"),
        st.builds(RaiseObjection, objection=st.sampled_from(("o1", "o2")), application=students.map(case), statement=st.just(reason(S1))),
    ),
    st.tuples(st.just("approver-1"), st.builds(DismissObjection, objection=st.sampled_from(("o1", "o2")), finding=st.just(reason(S1)))),
)
onward = st.tuples(st.just("onward"), st.tuples(st.integers(0, 4), st.sampled_from(("paid", "paid", "paid", "failed", "pending"))))
mishaps = st.tuples(st.just("mishap"), st.tuples(students, st.sampled_from(("return", "reverse", "ask", "receive")), fen, marks))
"""The next step that a batch's own stand asks for, and what may befall a payment where it stands: so that runs go far."""


def next_step(store: Store, number: int, said: str) -> list[Deed]:
    begun = [name for name in BATCHES if store.state(Batch, name).stand not in ("none", "cancelled")]
    batch = begun[number % len(begun)] if begun else BATCHES[number]
    state = store.state(Batch, batch)
    if state.stand == "none":
        return [("preparer-1", PrepareBatch(batch=batch, fund="f1", scheme=GRANT, period=SPRING, pay_on=PAY_ON, students=STUDENTS))]
    if state.stand == "prepared":
        return [("checker-1", CheckBatch(batch=batch))]
    if state.stand == "checked":
        short = RecordArrival(fund=state.fund, amount_fen=100_000, source="bureau")
        return [("treasurer-1", short), ("releaser-1", ReleaseBatch(batch=batch))]
    if state.stand == "released":
        return [("cashier-1", ExportBatch(batch=batch, profile="pipe", file=batch, sha256=sha(batch)))]
    if state.stand == "exported":
        outcomes = tuple(outcome(n, said, AWARDED_FEN[line.split("/")[0]]) for n, line in enumerate(state.lines, start=1))
        return [("cashier-1", ReconcileBatch(batch=batch, file=said, sha256=sha(batch + said), outcomes=outcomes))]
    return []


def befalls(store: Store, student: str, what: str, amount_fen: int, mark: str) -> list[Deed]:
    state = store.state(Payment, *payment(student).split("/")[1:])
    if state.stand in ("failed", "returned", "reversed"):
        free = [name for name in BATCHES if not store.state(Batch, name).exists]
        command = ReissuePayments(batch=free[0] if free else "b1", fund="f2", pay_on=PAY_ON, payments=(state.stream,))
        return [("preparer-1", command)]
    if what == "return":
        line = ReturnedLine(line=state.line, amount_fen=state.paid_by(state.batch), on=PAY_ON)
        return [("cashier-1", TakeReturns(batch=state.batch or "b1", file=mark, sha256=sha("r" + mark), returned=(line,)))]
    if what == "reverse":
        return [("cashier-1", ReversePayment(payment=state.stream, reason=reason(student)))]
    if what == "ask":
        return [("approver-1", RaiseClawback(payment=state.stream, amount_fen=amount_fen, reason=reason(student)))]
    return [("cashier-1", ReceiveClawback(payment=state.stream, amount_fen=amount_fen))]


def steps_of(store: Store, actor: str, what: Any) -> list[Deed]:
    if actor == "onward":
        return next_step(store, *what)
    return befalls(store, *what) if actor == "mishap" else [(actor, what)]


def balanced(store: Store) -> None:
    """Every fund after each of its events; every payment after each of its own."""
    for name in FUNDS:
        fund = Fund(f"fund/{name}")
        for version, (topic, state) in enumerate(store.rows[f"fund/{name}"], start=1):
            fund = fund.evolve(decode(topic, state), f"fund/{name}@{version}")
            assert fund.received_fen == fund.available_fen + fund.reserved_fen + fund.paid_fen + fund.returned_fen
            assert min(fund.available_fen, fund.paid_fen, fund.returned_fen, *(held for _, held in fund.reserved), 0) == 0
    for student in STUDENTS:
        stream = payment(student)
        paid = Payment(stream)
        for version, (topic, state) in enumerate(store.rows.get(stream, ()), start=1):
            paid = paid.evolve(decode(topic, state), f"{stream}@{version}")
            assert -handed_in(store, stream, version) <= paid.paid_fen <= AWARDED_FEN[student]
            assert 0 <= paid.clawed_back_fen <= paid.clawback_fen


def handed_in(store: Store, stream: str, version: int) -> int:
    """What the payee had handed in by then: below zero goes what they have by no more than that."""
    facts = (decode(*row) for row in store.rows[stream][:version])
    return sum(fact.amount_fen for fact in facts if isinstance(fact, ClawbackReceived))


def agree(store: Store) -> None:
    """What the funds say and what the payments say is the same money."""
    payments = [store.state(Payment, *payment(student).split("/")[1:]) for student in STUDENTS]
    fund_states = [store.state(Fund, name) for name in FUNDS]
    held = (decode(*row) for name in FUNDS for row in store.rows[f"fund/{name}"])
    own_fen = sum(fact.amount_fen for fact in held if isinstance(fact, FundsHeldForPayee))
    assert sum(fund.paid_fen for fund in fund_states) == sum(one.paid_fen for one in payments) + own_fen
    under_way = [
        one
        for one in payments
        if one.stand in ("instructed", "pending") and store.state(Batch, one.batch).stand in ("released", "exported")
    ]
    assert sum(fund.reserved_fen for fund in fund_states) == sum(one.amount_fen for one in under_way)


@settings(max_examples=120)
@given(
    st.lists(st.sampled_from((*[onward] * 12, *[mishaps] * 8, *[money] * 4, trouble)).flatmap(lambda kind: kind), min_size=25, max_size=70)
)
def test_the_books_balance_after_every_event(script: list[tuple[str, object]]) -> None:
    store = Store({stream: list(rows) for stream, rows in START.rows.items()})
    for actor, what in script:
        for who, command in steps_of(store, actor, what):
            before = {stream: len(rows) for stream, rows in store.rows.items()}
            try:
                run(store, who, [command], PAY_ON)
                event(type(command).__name__)
            except Refused:
                assert {stream: len(rows) for stream, rows in store.rows.items()} == before
        balanced(store)
        agree(store)
