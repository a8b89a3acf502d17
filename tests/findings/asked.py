"""What one rule finds in a journal of made-up facts."""

from __future__ import annotations

from datetime import date
from typing import Any

from mingzhang.domain.crosscheck.facts import ListReceived, PersonListed
from mingzhang.domain.facts import Fact
from mingzhang.domain.student.facts import IdentityMergedInto
from mingzhang.domain.survey.intake import FileImported, RepeatedRow
from mingzhang.projections.finding import Finding
from mingzhang.projections.findings import findings
from tests.college import PLAN, S1, S2, SPRING, adopted, sha
from tests.given import sealed
from tests.projections.recorded import Event, Recorded, approved, day, entry, instructed, paid, submitted

END = day(6, 30)


def found(log: Recorded, rule: str, known_at: int | None = None, on: date = END) -> list[Finding]:
    with log.view(on, known_at) as view:
        return findings(view, log.journal, (rule,))


def said(on: date, *because: str, actor: str = "staff-1") -> dict[str, Any]:
    return {"actor": actor, "effective_on": on, "because": because}


def case(student: str = S1, **more: Any) -> list[Event]:
    """Surveyed, applied for, awarded."""
    return [entry(student), submitted(student), approved(student, **more)]


def money(student: str = S1, **more: Any) -> list[Event]:
    return [instructed(student), paid(student, **more)]


def merged(given_up: str = S2, survivor: str = S1) -> Event:
    return f"student/{given_up}", IdentityMergedInto(**said(day(6, 1)), survivor=survivor)


def listed(*students: str, kind: str = "低保", on: date = date(2020, 2, 29), entitled: bool | None = None) -> list[Event]:
    """A list of another office, and whom it names."""
    came: Fact = ListReceived(
        **said(on), kind=kind, unit="college", as_of=on, files=1, rows=len(students), accepted=len(students), refused=0
    )
    rows: list[Event] = [
        (
            f"listing/c-{kind}/{one}",
            PersonListed(**said(on), crosscheck=f"c-{kind}", student=one, kind=kind, entitled=entitled, person=sealed(one)),
        )
        for one in students
    ]
    return [(f"crosscheck/c-{kind}", came), *rows]


def repeated(student: str, unit: str) -> Event:
    """A survey file that names somebody whom the round has already."""
    fact = FileImported(
        **said(day(3, 12)), context=SPRING, kind="survey", file="综职系.xlsx", sha256=sha("second"), unit=unit, rows=1, accepted=0,
        duplicates=1, repeated=(RepeatedRow(student=student, unit=unit, sheet="Sheet1", row=7),),
    )  # fmt: skip
    return f"import/{SPRING}/{sha('second')}", fact


def with_rules(text: str, rules: str) -> Event:
    """The college's plan with `[[findings]]` of its own."""
    stream, fact = adopted(text.replace("\n[clauses]", f"\n{rules}\n[clauses]"))
    return stream, fact


__all__ = ["END", "PLAN", "case", "found", "listed", "merged", "money", "repeated", "said", "with_rules"]
