"""Deadlines that no line of a plan's duties names: notices to take down, findings to put right, reports owed on targets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Literal, NamedTuple

from mingzhang.domain.plan.vocabulary import Plan
from mingzhang.domain.programme.reporting import reports_owed_between

from .due_settled import Settled
from .inspections import inspections
from .notices import notices
from .programmes import FigureRow, TargetRow, figures, targets
from .projection import View


class OtherDeadline(NamedTuple):
    """`name`: what it is about, as written in the plan or by its reference."""

    source: Literal["notice", "inspection", "target"]
    code: str
    name: str
    plan: str
    unit: str
    period: str
    due_on: date
    clause: str
    settled: Settled | None


def notices_to_take_down(view: View, plans: Mapping[str, Plan]) -> Iterator[OtherDeadline]:
    """A list that has hung its days comes down."""
    for row in notices(view):
        plan_code, _, scheme = row.scheme.partition(".")
        plan = plans.get(plan_code)
        known = next((one for one in plan.schemes if one.code == scheme), None) if plan is not None else None
        step = next((one for one in known.steps if one.name == row.step), None) if known is not None else None
        clause = (step.clause if step is not None else "") or (known.clause if known is not None else "")
        settled = Settled("discharged", row.withdrawn_on, row.ref) if row.withdrawn_on is not None else None
        due_on = date.fromisoformat(row.withdraw_by)
        name = f"{known.name}：{row.step}" if known is not None else row.step
        yield OtherDeadline("notice", f"notice/{row.notice}", name, plan_code, row.unit, row.period, due_on, clause, settled)


def findings_to_put_right(view: View) -> Iterator[OtherDeadline]:
    """What an inspection found is put right by the day it set."""
    for inspection in inspections(view):
        for one in inspection.findings:
            if one.rectify_by is None:
                continue
            done = one.rectified_on, one.rectified_ref
            settled = Settled("discharged", done[0], done[1]) if done[0] is not None and done[1] is not None else None
            code = f"inspection/{inspection.inspection}/{one.number}"
            due_on = date.fromisoformat(one.rectify_by)
            yield OtherDeadline(
                "inspection", code, code, inspection.plan or "", inspection.unit, "once", due_on, one.clause or "", settled
            )


def reports_on_targets(view: View, plans: Mapping[str, Plan], until: date) -> Iterator[OtherDeadline]:
    """A report of a period is made when the figure of every target of that owner is in; one line for each report, period and owner."""
    told: dict[tuple[str, str, str], list[FigureRow]] = {}
    for figure in figures(view):
        if figure.sent_on <= view.as_of.day:
            told.setdefault((figure.plan, figure.code, figure.report), []).append(figure)
    lines: dict[tuple[str, str, str, str], list[tuple[date, FigureRow | None, TargetRow]]] = {}
    for target in targets(view):
        last = min(date(int(target.due_on[:4]), 12, 31), until)
        since = date.fromisoformat(max(target.since, target.set_from))
        for owed in reports_owed_between(target.reports, since, last):
            if owed.due_on > until:
                continue
            first, end = owed.first.isoformat(), owed.last.isoformat()
            of_period = [one for one in told.get((target.plan, target.code, owed.kind), ()) if first <= one.on <= end]
            sent = min(of_period, key=lambda one: one.sent_on, default=None)
            lines.setdefault((target.plan, owed.kind, end, target.owner), []).append((owed.due_on, sent, target))
    for (plan_code, kind, end, owner), members in lines.items():
        plan = plans.get(plan_code)
        rule = next((one for one in plan.reports if one.kind == kind), None) if plan is not None else None
        sent_all = [(figure.sent_on, figure.ref) for _, figure, _ in members if figure is not None]
        settled = Settled("discharged", *max(sent_all)) if len(sent_all) == len(members) else None
        name, clause = (rule.name, rule.clause) if rule is not None else (kind, "")
        yield OtherDeadline("target", f"{kind}-report", name, plan_code, owner, _named(kind, end), members[0][0], clause, settled)


def _named(kind: str, end: str) -> str:
    """The period that ends on that day: `2018-03`, `2018-Q1`, `2018-H1`."""
    year, month = end[:4], int(end[5:7])
    return {"monthly": end[:7], "quarterly": f"{year}-Q{month // 3}", "half-yearly": f"{year}-H{month // 6}"}[kind]
