"""时间节点: every duty of every adopted plan on one list, what, who, by when, where the plan says so, and which event discharged it.

The list is worked out from the plans in force, the facts on record and the day asked about, and from nothing else; so any past day can be
asked for. A deadline whose day nobody has told the office yet is `external`, and is never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal, NamedTuple

from sqlalchemy import select

from mingzhang.domain.duty.owed import Owed, Version, owed_under
from mingzhang.domain.plan.duties import Duty
from mingzhang.domain.plan.vocabulary import Plan, read_plan

from .due_others import OtherDeadline, findings_to_put_right, notices_to_take_down, reports_on_targets
from .due_schemes import Procedures, SchemeDeadline
from .due_settled import Settled, Settlements
from .due_tables import PLAN_DAY, PLAN_TEXT
from .projection import View
from .register.offices import UNIT, UNIT_CLOSED, unit_rows, units_below
from .tables import FOREVER

DueState = Literal["open", "late", "done", "done_late", "external", "excused"]
Source = Literal["duty", "scheme", "notice", "inspection", "target"]


class DueRow(NamedTuple):
    """One deadline of one unit. Days are ISO. duty: its code, unique with unit and period within the plan; name: as the plan has it.

    due_on: None where it is still to be told (`asks`: the names of the days, `plan date`); from_on: the first day it can be done, where
    the plan says so; days_late: until it was done, or until the day asked about; clause: its name in the plan, clause_text what it says;
    to: who is to have it; done_by: the event that discharged or excused it; earliest_on: where a plan's own steps leave no room for the
    deadline, the first day that can be met, else None; plan_ref: the version that says so.
    """

    duty: str
    name: str
    source: Source
    plan: str
    owner: str
    period: str
    from_on: str | None
    due_on: str | None
    state: DueState
    done_on: str | None
    days_late: int
    clause: str
    clause_text: str
    to: tuple[str, ...]
    asks: tuple[str, ...]
    done_by: str | None
    plan_ref: str
    earliest_on: str | None = None


def due(view: View, until: date | None = None, unit: str | None = None, plan: str | None = None) -> list[DueRow]:
    """All deadlines up to `until` (default: the end of the year of the day asked about), in the order of their days; those still to be told
    come last. A unit means itself and those below it; a plan only its own."""
    asked = view.as_of.effective_on
    end = until or date(asked.year, 12, 31)
    versions = plan_versions(view, plan)
    told = days_told(view)
    settlements = Settlements(view)
    offices = _Offices(view)
    found: list[DueRow] = []
    procedures = Procedures(view, settlements, offices.kinds, offices.parents)
    for code, of_plan in versions.items():
        happened = happened_for(of_plan, settlements)
        for one, version in owed_under(of_plan, end, told.get(code, {}), happened):
            for owner in offices.owners(one.duty, version.plan, one.due_on):
                found.append(_of_duty(one, version, owner, settlements.of(version.plan, one, owner), asked))
        for version in of_plan:
            deadlines = procedures.deadlines(version, end, told.get(code, {}))
            found += (_of_scheme(line, asked) for line in deadlines if not (line.vacant and _passed(line.due_on, asked)))
    newest = {code: of_plan[-1].plan for code, of_plan in versions.items()}
    others = (*notices_to_take_down(view, newest), *findings_to_put_right(view), *reports_on_targets(view, newest, end))
    refs = {code: of_plan[-1].ref for code, of_plan in versions.items()}
    found += (_of_other(line, newest, refs, asked) for line in others if line.due_on <= end and plan in (None, line.plan))
    if unit is not None:
        wanted = units_below(view, unit)
        found = [row for row in found if row.owner in wanted]
    return sorted(found, key=lambda row: (row.due_on or FOREVER, row.plan, row.duty, row.period, row.owner))


def plan_versions(view: View, plan: str | None = None) -> dict[str, list[Version]]:
    """The versions of each plan, oldest first, as they are known; the day plays no part."""
    history = view.history(PLAN_TEXT, (lambda c: c.plan == plan) if plan is not None else None)
    found: dict[str, list[Version]] = {}
    for row in view.rows(select(history).order_by(history.c.plan, history.c.effective_from)):
        if row.toml is not None:
            until = None if row.effective_until == FOREVER else date.fromisoformat(row.effective_until)
            version = Version(date.fromisoformat(row.effective_from), until, row.ref, read_plan(row.toml))
            found.setdefault(row.plan, []).append(version)
    return found


def days_told(view: View) -> dict[str, dict[tuple[str, str], date]]:
    """Days the office had been told of by the day: plan -> (name, period) -> the day; what was told last counts."""
    points = view.points(PLAN_DAY)
    found: dict[str, dict[tuple[str, str], date]] = {}
    for row in view.rows(select(points).order_by(points.c.fact_leaf)):
        found.setdefault(row.plan, {})[row.name, row.period] = date.fromisoformat(row.day)
    return found


class _Offices:
    """Units by kind, since when and until when each was there."""

    def __init__(self, view: View) -> None:
        rows = unit_rows(view)
        self.kinds: dict[str, str] = {row.id: row.kind for row in rows}
        self.parents: dict[str, str | None] = {row.id: row.parent for row in rows}
        self._since: dict[str, str] = {}
        for row in view.rows(select(view.history(UNIT))):
            self._since[row.unit] = min(self._since.get(row.unit, FOREVER), row.effective_from)
        self._closed = {row.unit: row.effective_from for row in view.rows(select(view.history(UNIT_CLOSED)))}

    def owners(self, duty: Duty, plan: Plan, due_on: date | None) -> Iterator[str]:
        """The unit named, or each unit of the kind named that belongs to the plan and was there on the day it is due."""
        named = {entry.id for entry in plan.units}
        if duty.owner in named or duty.owner in self.kinds:
            yield duty.owner
            return
        for unit, kind in self.kinds.items():
            if kind == duty.owner and (unit in named or self._below(unit, plan.top)):
                day = due_on.isoformat() if due_on is not None else None
                if day is None or self._since[unit] <= day < self._closed.get(unit, FOREVER):
                    yield unit

    def _below(self, unit: str, top: str) -> bool:
        seen: set[str] = set()
        at: str | None = unit
        while at is not None and at not in seen:
            if at == top:
                return True
            seen.add(at)
            at = self.parents.get(at)
        return False


def happened_for(versions: Iterable[Version], settlements: Settlements) -> dict[str, list[tuple[date, str]]]:
    """The facts that set this plan's deadlines going, by topic: (day, `stream@version`)."""
    plans = [version.plan for version in versions]
    topics = {duty.after for plan in plans for duty in plan.duties if duty.after is not None}
    schemes = {f"{plan.code}.{scheme.code}" for plan in plans for scheme in plan.schemes} | {f"{plan.code}." for plan in plans}
    return {topic: [(date.fromisoformat(day), ref) for day, ref in settlements.happened(topic, schemes)] for topic in topics}


def _passed(due_on: date | None, asked: date) -> bool:
    return due_on is not None and due_on < asked


def _state(due_on: date | None, settled: Settled | None, asked: date) -> tuple[DueState, int]:
    """Where it stands, and how many days late."""
    if settled is not None and settled.how == "excused":
        return "excused", 0
    if settled is not None:
        late = 0 if due_on is None else max(0, (date.fromisoformat(settled.on) - due_on).days)
        return ("done_late", late) if late else ("done", 0)
    if due_on is None:
        return "external", 0
    late = max(0, (asked - due_on).days)
    return ("late", late) if late else ("open", 0)


def _row(
    source: Source,
    code: str,
    name: str,
    plan: str,
    owner: str,
    period: str,
    due_on: date | None,
    clause: str,
    clause_text: str,
    settled: Settled | None,
    asked: date,
    plan_ref: str,
    from_on: date | None = None,
    to: tuple[str, ...] = (),
    asks: tuple[str, ...] = (),
) -> DueRow:
    state, days_late = _state(due_on, settled, asked)
    done_on = settled.on if settled is not None and settled.how != "excused" else None
    return DueRow(
        duty=code,
        name=name,
        source=source,
        plan=plan,
        owner=owner,
        period=period,
        from_on=from_on.isoformat() if from_on is not None else None,
        due_on=due_on.isoformat() if due_on is not None else None,
        state=state,
        done_on=done_on,
        days_late=days_late,
        clause=clause,
        clause_text=clause_text,
        to=to,
        asks=asks,
        done_by=settled.by if settled is not None else None,
        plan_ref=plan_ref,
    )


def _of_duty(one: Owed, version: Version, owner: str, settled: Settled | None, asked: date) -> DueRow:
    duty, plan = one.duty, version.plan
    said = plan.clauses.get(duty.clause, "")
    about = (plan.code, owner, one.span.text, one.due_on, duty.clause, said, settled, asked, version.ref, one.from_on, duty.to, one.asks)
    return _row("duty", duty.code, duty.name, *about)


def _of_scheme(line: SchemeDeadline, asked: date) -> DueRow:
    plan = line.version.plan
    about = (plan.code, line.unit, line.period, line.due_on, line.clause, plan.clauses.get(line.clause, ""), line.settled, asked)
    row = _row("scheme", line.code, line.name, *about, line.version.ref, line.from_on, (), line.asks)
    return row if line.earliest_on is None else row._replace(earliest_on=line.earliest_on.isoformat())


def _of_other(line: OtherDeadline, plans: dict[str, Plan], refs: dict[str, str], asked: date) -> DueRow:
    plan = plans.get(line.plan)
    said = plan.clauses.get(line.clause, "") if plan is not None else ""
    about = (line.plan, line.unit, line.period, line.due_on, line.clause, said, line.settled, asked, refs.get(line.plan, ""))
    return _row(line.source, line.code, line.name, *about)
