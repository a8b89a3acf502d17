"""By when a plan wants its awards paid: the duties of its own that a payment discharges (`payment.paid`), period by period.

A plan says it there, where a higher office sets the day (fuxin-2020), or under `[schemes.payment]` (funan-2020; `held_money`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from .due import days_told, happened_for
from .due_settled import Settlements, period_owed
from .due_tables import PLAN_DAY
from .projection import View

if TYPE_CHECKING:
    from mingzhang.domain.duty.owed import Version

_PAID = "payment.paid"


class PaymentDeadline(NamedTuple):
    """The last day (ISO) on which the awards of one scheme and period may be paid, the duty that says so, and the facts behind it."""

    due_on: str
    plan: str
    duty: str
    clause: str
    events: tuple[str, ...]


def payment_deadlines(view: View, versions: Mapping[str, Sequence[Version]]) -> dict[tuple[str, str], PaymentDeadline]:
    """(`<plan>.<scheme>`, period) -> the earliest deadline that a duty sets. Of a duty that several facts set going (money arriving twice)
    the last one counts. Days that nobody has told yet are none."""
    from mingzhang.domain.duty.owed import owed_under

    wanted = {code: of_plan for code, of_plan in versions.items() if any(_pays(version) for version in of_plan)}
    if not wanted:
        return {}
    told, says = days_told(view), _told_by(view)
    settlements = Settlements(view) if any(_waits(version) for of_plan in wanted.values() for version in of_plan) else None
    of_duty: dict[tuple[str, str, str], PaymentDeadline] = {}
    until = date(view.as_of.effective_on.year + 1, 12, 31)
    for code, of_plan in wanted.items():
        happened = happened_for(of_plan, settlements) if settlements is not None else {}
        for one, version in owed_under(of_plan, until, told.get(code, {}), happened):
            duty = one.duty
            if duty.discharged_by != _PAID or one.due_on is None:
                continue
            set_by = tuple(ref for name in duty.day_names if (ref := says.get((code, name, one.span.text))) is not None)
            events = (*set_by, *((one.since_ref,) if one.since_ref else ()), version.ref)
            for scheme in version.plan.schemes:
                period = period_owed(scheme, one) if scheme.kind == "grant" and duty.scheme in (None, scheme.code) else None
                if period is None:
                    continue
                place = (duty.code, f"{code}.{scheme.code}", period)
                known, new = of_duty.get(place), PaymentDeadline(one.due_on.isoformat(), code, duty.code, duty.clause, events)
                of_duty[place] = max(known, new) if known is not None else new
    found: dict[tuple[str, str], PaymentDeadline] = {}
    for (_duty, qualified, period), deadline in sorted(of_duty.items()):
        known = found.get((qualified, period))
        found[qualified, period] = min(known, deadline) if known is not None else deadline
    return found


def _pays(version: Version) -> bool:
    return any(duty.discharged_by == _PAID for duty in version.plan.duties)


def _waits(version: Version) -> bool:
    return any(duty.discharged_by == _PAID and duty.after is not None for duty in version.plan.duties)


def _told_by(view: View) -> dict[tuple[str, str, str], str]:
    """(plan, name, period) -> the fact by which the office was told the day; the last one counts."""
    points = view.points(PLAN_DAY)
    return {(row.plan, row.name, row.period): row.ref for row in view.rows(select(points).order_by(points.c.fact_leaf))}
