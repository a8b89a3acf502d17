"""A made-up college of any size, written straight into a journal as the ledger would have recorded it, but without deciding anything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from eventsourcing.persistence import StoredEvent

from mingzhang.domain.aid.facts import ApplicationSubmitted, AwardApproved, ReviewPassed
from mingzhang.domain.facts import Fact, encode
from mingzhang.domain.journal.records import JournalRecorder
from mingzhang.domain.money.batch import BatchChecked, BatchExported, BatchPrepared, BatchReconciled, BatchReleased
from mingzhang.domain.money.fund import FundOpened, FundsArrived
from mingzhang.domain.money.payment import PaymentInstructed, PaymentPaid
from mingzhang.domain.sealed import Sealed
from mingzhang.domain.student.facts import EnrolmentChanged, StudentRegistered
from mingzhang.domain.survey.entry import EntryRecorded
from mingzhang.domain.survey.intake import FileImported
from mingzhang.domain.transaction import Capacity, TransactionRecorded
from tests.college import GRANT, PLAN, SPRING, adopted, sha, unit

EVENTS_PER_STUDENT = 8
DEPARTMENTS = 5
_STUDENTS_PER_BATCH = 500
_FEN = 150_000
_IMPORT = f"import/{SPRING}/{sha('large')}"

Event = tuple[str, Fact]


def student(number: int) -> str:
    """References that are in no order, as random ones are."""
    return f"s-{number * 7919 % 9_999_991:010d}"


def payment(number: int) -> str:
    return f"payment/{GRANT}/{student(number)}/{SPRING}/1"


def fill(journal: JournalRecorder, events: int) -> int:
    """Records about so many events, the whole way of every student, one transaction for each step; gives the number of students."""
    clock = _Ticking()
    journal.clock = clock
    students = max(1, events // EVENTS_PER_STUDENT)
    for number, transaction in enumerate(_transactions(students)):
        opening = TransactionRecorded(
            **_said(date(2020, 1, 1)), ledger_id="synthetic", command="Synthetic",
            capacities=(Capacity(since=0, role="clerk", unit="college", authority="staff/clerk-1@1"),),
            members=len(transaction), digest="",
        )  # fmt: skip
        stored = [StoredEvent(f"transaction/{number}", 1, opening.topic, encode(opening))]
        stored += [StoredEvent(*_split(ref), fact.topic, encode(fact)) for ref, fact in transaction]
        journal.insert_events(stored)
    return students


class _Ticking:
    def __init__(self) -> None:
        self._now = datetime(2020, 3, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now


def _split(ref: str) -> tuple[str, int]:
    stream, _, version = ref.rpartition("@")
    return (stream, int(version)) if stream else (ref, 1)


def _said(on: date, *because: str, **more: Any) -> dict[str, Any]:
    return {"actor": "staff-1", "effective_on": on, "because": because, **more}


def _box(ref: str) -> Sealed:
    fields = ("name", "id_number", "phone", "account", "account_name", "address", "class")
    return Sealed(subject=ref, box="c3ludGhldGlj" * 24, commitment=dict.fromkeys(fields, "c3ludGhldGlj" * 3))


def _transactions(students: int) -> Iterator[list[Event]]:
    plan = f"plan/{PLAN}@1"
    departments = [f"d{number}" for number in range(DEPARTMENTS)]
    yield [adopted(), unit("college", kind="school"), *(unit(one, "college") for one in departments)]
    everybody = [(number, student(number), departments[number % DEPARTMENTS]) for number in range(students)]
    day = date(2020, 3, 2)
    yield [
        event
        for _, ref, at in everybody
        for event in (
            (f"student/{ref}@1", StudentRegistered(**_said(day), source="register", unit=at, person=_box(ref))),
            (f"student/{ref}@2", EnrolmentChanged(**_said(date(2019, 9, 1)), status="在读", unit=at)),
        )
    ]
    day = date(2020, 3, 10)
    file: Event = (
        _IMPORT,
        FileImported(
            **_said(day),
            context=SPRING,
            kind="survey",
            file="large.xlsx",
            sha256=sha("large"),
            rows=students,
            accepted=students,
            duplicates=0,
        ),
    )
    yield [
        file,
        *(
            (
                f"entry/{SPRING}/{ref}",
                EntryRecorded(
                    **_said(day, f"{_IMPORT}@1", f"student/{ref}@1", sheet="Sheet1", row=number + 3), round=SPRING, student=ref, unit=at,
                    categories=("低保",), level="困难", stage="中职", income_fen=300_000, household_size=4, account_given=True,
                    account_in_own_name=True, person=_box(ref),
                ),
            )
            for number, ref, at in everybody
        ),
    ]  # fmt: skip
    yield [(f"application/{GRANT}/{ref}/{SPRING}@1", _submitted(ref, at, plan)) for _, ref, at in everybody]
    yield [(f"application/{GRANT}/{ref}/{SPRING}@2", _reviewed(ref, plan)) for _, ref, _ in everybody]
    yield [(f"application/{GRANT}/{ref}/{SPRING}@3", _approved(ref, at, plan)) for _, ref, at in everybody]
    fund = FundOpened(**_said(date(2020, 3, 1)), title="synthetic", unit="college", year=2020, schemes=(GRANT,))
    arrived = FundsArrived(**_said(date(2020, 4, 1), "fund/f1@1"), amount_fen=_FEN * students, source="bureau")
    yield [("fund/f1", fund), ("fund/f1@2", arrived)]
    for start in range(0, students, _STUDENTS_PER_BATCH):
        yield from _batch(f"b{start}", everybody[start : start + _STUDENTS_PER_BATCH], plan)


def _submitted(ref: str, at: str, plan: str) -> Fact:
    entry = f"entry/{SPRING}/{ref}@1"
    said = _said(date(2020, 3, 16), entry, f"student/{ref}@1", plan)
    return ApplicationSubmitted(**said, scheme=GRANT, student=ref, period=SPRING, unit=at, basis=entry)


def _reviewed(ref: str, plan: str) -> Fact:
    said = _said(date(2020, 3, 18), f"application/{GRANT}/{ref}/{SPRING}@1", f"entry/{SPRING}/{ref}@1", plan, actor="reviewer-1")
    return ReviewPassed(**said, step="学生处审核", number=0, acting_role="reviewer", acting_unit="college")


def _approved(ref: str, at: str, plan: str) -> Fact:
    case = f"application/{GRANT}/{ref}/{SPRING}"
    said = _said(date(2020, 3, 20), f"{case}@2", f"{case}@1", f"entry/{SPRING}/{ref}@1", f"student/{ref}@2", plan, actor="approver-1")
    return AwardApproved(
        **said, scheme=GRANT, student=ref, period=SPRING, unit=at, kind="grant", tier="二档", amount_fen=_FEN, categories=("低保",),
        plan_version="2020.1", clause="school-tiers",
    )  # fmt: skip


def _batch(name: str, people: list[tuple[int, str, str]], plan: str) -> Iterator[list[Event]]:
    batch, fen = f"batch/{name}", _FEN * len(people)
    prepared = BatchPrepared(
        **_said(date(2020, 4, 8), plan, "fund/f1@2"), scheme=GRANT, period=SPRING, fund="f1", pay_on=date(2020, 4, 15),
        lines=tuple(f"{ref}/1" for _, ref, _ in people), amount_fen=fen,
    )  # fmt: skip
    instructed = [
        (
            f"payment/{GRANT}/{ref}/{SPRING}/1@1",
            PaymentInstructed(
                **_said(date(2020, 4, 8), f"{batch}@1", f"application/{GRANT}/{ref}/{SPRING}@3", f"entry/{SPRING}/{ref}@1"), batch=name,
                line=line, attempt=1, amount_fen=_FEN, unit=at, award=f"application/{GRANT}/{ref}/{SPRING}@3",
                account_from=f"entry/{SPRING}/{ref}@1",
            ),
        )
        for line, (_, ref, at) in enumerate(people, 1)
    ]  # fmt: skip
    yield [(f"{batch}@1", prepared), *instructed]
    yield [(f"{batch}@2", BatchChecked(**_said(date(2020, 4, 9), f"{batch}@1", actor="checker-1"), payments=len(people), amount_fen=fen))]
    said = _said(date(2020, 4, 10), f"{batch}@1", f"{batch}@2", "fund/f1@2", actor="releaser-1")
    released = BatchReleased(**said, payments=len(people), amount_fen=fen)
    yield [(f"{batch}@3", released)]
    exported = BatchExported(**_said(date(2020, 4, 10), f"{batch}@3"), profile="pipe", file=f"{name}.txt", sha256=sha(name))
    yield [(f"{batch}@4", exported)]
    reconciled = BatchReconciled(
        **_said(date(2020, 4, 16), f"{batch}@4"), file=f"{name}-answer.txt", sha256=sha(f"{name}-answer"), paid=len(people), paid_fen=fen,
        failed=0, failed_fen=0, pending=0, pending_fen=0,
    )  # fmt: skip
    said = _said(date(2020, 4, 15), f"{batch}@5")
    yield [
        (f"{batch}@5", reconciled),
        *(
            (
                f"payment/{GRANT}/{ref}/{SPRING}/1@2",
                PaymentPaid(
                    **(said | {"because": (f"{batch}@5", f"payment/{GRANT}/{ref}/{SPRING}/1@1"), "row": line}), batch=name, amount_fen=_FEN,
                    bank_ref=f"bank-{number}",
                ),
            )
            for line, (number, ref, _) in enumerate(people, 1)
        ),
    ]  # fmt: skip
