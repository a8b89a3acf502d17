"""A made-up college for tests: its units, one person for each role, and the way of one student from survey to payment.

Every value is visibly synthetic: students are s-0000000001 and so on, staff are named after what they do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from typing import Any

from mingzhang.domain.aid.awarding import ApproveAward
from mingzhang.domain.aid.reviewing import PassReview
from mingzhang.domain.aid.submitting import SubmitApplication
from mingzhang.domain.facts import Fact
from mingzhang.domain.money.banking import ExportBatch, LineOutcome, ReconcileBatch
from mingzhang.domain.money.fund import OpenFund, RecordArrival
from mingzhang.domain.money.preparing import CheckBatch, PrepareBatch, ReleaseBatch
from mingzhang.domain.plan.adoption import PlanAdopted
from mingzhang.domain.plan.bundled import bundled_text
from mingzhang.domain.staff import ROLES, StaffAppointed
from mingzhang.domain.student.commands import RegisterStudent
from mingzhang.domain.survey.entry import RecordEntry
from mingzhang.domain.survey.round import OpenRound
from mingzhang.domain.unit import UnitKind, UnitRegistered
from tests.given import By, Known, by, sealed

PLAN = "fuxin-2020"
GRANT = f"{PLAN}.grant"
WAIVER = f"{PLAN}.tuition-waiver"
SPRING = "2020-spring"
FIRST_DAY = date(2020, 1, 1)
PAY_ON = date(2020, 4, 15)
S1, S2, S3 = "s-0000000001", "s-0000000002", "s-0000000003"
FIRST_TIER = 200_000
"""Fen for one term of the highest tier (4000 yuan a year)."""

LEFT_OUT = {"second-reviewer", "inspector", "privacy-officer"}


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def unit(name: str, parent: str | None = None, kind: UnitKind = "department") -> tuple[str, Fact]:
    fact = UnitRegistered(actor="founder", effective_on=FIRST_DAY, name=f"synthetic {name}", kind=kind, parent=parent)
    return f"unit/{name}", fact


def appointed(staff: str, role: str, at: str = "college", since: date = FIRST_DAY) -> tuple[str, Fact]:
    return f"staff/{staff}", StaffAppointed(actor="founder", effective_on=since, role=role, unit=at)


def adopted(text: str | None = None, since: date = FIRST_DAY) -> tuple[str, Fact]:
    text = text or bundled_text(PLAN)
    fact = PlanAdopted(actor="founder", effective_on=since, code=PLAN, plan_version="2020.1", text=text, sha256=sha(text))
    return f"plan/{PLAN}", fact


def house() -> Iterator[Known]:
    """Units, the plan, and for each role somebody at the college called `<role>-1`; nothing else has happened."""
    yield unit("bureau", kind="bureau")
    yield unit("college", "bureau", "school")
    yield unit("shifan", "college")
    yield unit("zongzhi", "college")
    yield adopted()
    for role in ROLES:
        yield appointed(f"{role}-1", role)


def opened() -> Iterator[Known]:
    """The house with its spring round open."""
    yield from house()
    yield by("clerk-1", OpenRound(round=SPRING, plan=PLAN, unit="college"), date(2020, 3, 1))


def entry(student: str = S1, categories: tuple[str, ...] = ("建档立卡",), unit: str = "shifan", **more: Any) -> RecordEntry:
    fields: dict[str, Any] = {"account_given": True, "level": "特别困难", "stage": "中职"} | more
    return RecordEntry(
        round=SPRING,
        student=student,
        unit=unit,
        person=sealed(student),
        categories=categories,
        **fields,
    )


def registered(student: str = S1, admitted_on: date | None = date(2019, 9, 1)) -> By:
    command = RegisterStudent(student=student, unit="shifan", person=sealed(student), stage="中职", admitted_on=admitted_on)
    return by("clerk-1", command, date(2020, 3, 2))


def surveyed(student: str = S1, categories: tuple[str, ...] = ("建档立卡",), **more: Any) -> Iterator[Known]:
    """In the register since 2019-09-01, and named by the spring round."""
    yield registered(student)
    yield by("surveyor-1", entry(student, categories, **more), date(2020, 3, 10))


def case(student: str = S1, scheme: str = GRANT) -> str:
    return f"application/{scheme}/{student}/{SPRING}"


def applied(student: str = S1, categories: tuple[str, ...] = ("建档立卡",), scheme: str = GRANT) -> Iterator[Known]:
    yield from surveyed(student, categories)
    yield by("applicant-clerk-1", SubmitApplication(scheme=scheme, student=student, period=SPRING), date(2020, 3, 16))


def reviewed(student: str = S1, categories: tuple[str, ...] = ("建档立卡",), scheme: str = GRANT) -> Iterator[Known]:
    yield from applied(student, categories, scheme)
    yield by("reviewer-1", PassReview(application=case(student, scheme)), date(2020, 3, 18))


def approved(student: str = S1, categories: tuple[str, ...] = ("建档立卡",)) -> Iterator[Known]:
    """An award of the grant, approved on 2020-03-20."""
    yield from reviewed(student, categories)
    yield by("approver-1", ApproveAward(application=case(student)), date(2020, 3, 20))


def funded(fund: str = "f1", amount_fen: int = 1_000_000, schemes: tuple[str, ...] = (GRANT,)) -> Iterator[Known]:
    command = OpenFund(fund=fund, title="synthetic", unit="college", year=2020, schemes=schemes)
    yield by("treasurer-1", command, date(2020, 3, 3))
    if amount_fen:
        yield by("treasurer-1", RecordArrival(fund=fund, amount_fen=amount_fen, source="bureau"), date(2020, 4, 1))


def prepare(*students: str, batch: str = "b1", fund: str = "f1", pay_on: date = PAY_ON) -> PrepareBatch:
    return PrepareBatch(batch=batch, scheme=GRANT, period=SPRING, fund=fund, pay_on=pay_on, students=students)


def prepared(*students: str, batch: str = "b1", fund: str = "f1") -> Iterator[Known]:
    yield by("preparer-1", prepare(*students, batch=batch, fund=fund), date(2020, 4, 8))


def checked(batch: str = "b1") -> Iterator[Known]:
    yield by("checker-1", CheckBatch(batch=batch), date(2020, 4, 9))


def released(batch: str = "b1") -> Iterator[Known]:
    yield from checked(batch)
    yield by("releaser-1", ReleaseBatch(batch=batch), date(2020, 4, 10))


def exported(batch: str = "b1") -> Iterator[Known]:
    yield from released(batch)
    yield by("cashier-1", ExportBatch(batch=batch, profile="pipe", file=f"{batch}.txt", sha256=sha(batch)), date(2020, 4, 10))


def line(number: int, state: str = "paid", fen: int = FIRST_TIER, on: date = PAY_ON, code: str = "") -> LineOutcome:
    return LineOutcome(line=number, state=state, amount_fen=fen, on=on, code=code, row=number + 1)  # type: ignore[arg-type]


def answer(*lines: LineOutcome, batch: str = "b1", file: str = "answer-1.txt", partial: bool = False) -> ReconcileBatch:
    return ReconcileBatch(batch=batch, file=file, sha256=sha(file), outcomes=lines, partial=partial)


def sent(*students: str) -> Iterator[Known]:
    """Awards approved, money arrived, and batch b1 at the bank."""
    yield from opened()
    for student in students:
        yield from approved(student)
    yield from funded()
    yield from prepared(*students)
    yield from exported()


def paid(*students: str) -> Iterator[Known]:
    """As `sent`, and the bank has paid every line."""
    yield from sent(*students)
    lines = [line(number) for number in range(1, len(students) + 1)]
    yield by("cashier-1", answer(*lines), date(2020, 4, 16))


def payment(student: str = S1) -> str:
    return f"payment/{GRANT}/{student}/{SPRING}/1"
