"""`duty`: a duty is discharged with its report, excused with a reason, or owed again where that was a mistake."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import NamedTuple

import click

from mingzhang.domain.duty.duty import DischargeDuty, ExcuseDuty, ReopenDuty
from mingzhang.domain.refusal import Refused

from ..i18n import _
from ..intake.units import UnitNames
from ..options import Globals, Noun, example, on_option, period_option, reason_option, unit_option
from ..output import Answer, show
from ..session import Session


@click.group(cls=Noun, help=_("Duties: discharge with the report, excuse, reopen."))
@example("mingzhang --as clerk duty discharge info-cards --report 动态信息卡汇总.xlsx --on 2020-07-28")
def duty() -> None:
    pass


class _Which(NamedTuple):
    plan: str
    code: str
    unit: str
    period: str


_plan_option = click.option("--plan", "plan_code", metavar="PLAN", help=_("The duty's plan. Default: the only plan that has it."))
_whose_unit = unit_option(help=_("Who owes it (id or name). Default: the unit the plan names."))


@duty.command("discharge", help=_("It is done: with the report that was handed in, which is kept, sealed."))
@click.argument("code", metavar="DUTY")
@_plan_option
@_whose_unit
@period_option()
@click.option("--report", "report_file", type=click.Path(path_type=Path), metavar="FILE", help=_("The report; it is kept, sealed."))
@click.option("--note", metavar="TEXT", help=_("What was done; sealed."))
@on_option
@example("mingzhang --as clerk duty discharge info-cards --report 动态信息卡汇总.xlsx --on 2020-07-28")
@click.pass_obj
def discharge(
    globals: Globals,
    code: str,
    plan_code: str | None,
    unit: str | None,
    period: str | None,
    report_file: Path | None,
    note: str | None,
    on: date | None,
) -> int:
    with Session(globals) as session:
        which = _which(session, code, plan_code, unit, period, on)
        digest = session.hand_in(report_file) if report_file is not None else None
        box = session.seal_text(note) if note else None
        session.execute(DischargeDuty(on=on, **which._asdict(), sha256=digest, note=box))
        said = _("{duty} of {unit} for {period} is discharged.")
        return _show(globals, session, which, said, {"sha256": digest})


@duty.command("excuse", help=_("It need not be done this time, for a reason."))
@click.argument("code", metavar="DUTY")
@_plan_option
@_whose_unit
@period_option()
@reason_option(required=True)
@on_option
@example("mingzhang --as approver duty excuse inspections --period 2020 --reason 上级取消本年检查")
@click.pass_obj
def excuse(
    globals: Globals, code: str, plan_code: str | None, unit: str | None, period: str | None, reason: str, on: date | None
) -> int:
    with Session(globals) as session:
        which = _which(session, code, plan_code, unit, period, on)
        session.execute(ExcuseDuty(on=on, **which._asdict(), reason=session.seal_text(reason)))
        return _show(globals, session, which, _("{duty} of {unit} for {period} is excused."), {})


@duty.command("reopen", help=_("Take back what was recorded of a duty; it is owed again."))
@click.argument("code", metavar="DUTY")
@_plan_option
@_whose_unit
@period_option(required=True)
@reason_option(required=True)
@on_option
@example("mingzhang --as approver duty reopen info-cards --period 2020 --reason 材料不全退回")
@click.pass_obj
def reopen(
    globals: Globals, code: str, plan_code: str | None, unit: str | None, period: str, reason: str, on: date | None
) -> int:
    with Session(globals) as session:
        which = _which(session, code, plan_code, unit, period, on)
        session.execute(ReopenDuty(on=on, **which._asdict(), reason=session.seal_text(reason)))
        return _show(globals, session, which, _("{duty} of {unit} for {period} is owed again."), {})


def _which(session: Session, code: str, plan_code: str | None, unit: str | None, period: str | None, on: date | None) -> _Which:
    """The duty that is meant; without a period the earliest one still owed. Refused `duty_unknown`, `plan_needed`, `duty_none_owed`."""
    from mingzhang.projections.due import due

    plans = [plan for plan in session.adopted_plans() if plan_code in (None, plan.code)]
    having = [plan for plan in plans if any(one.code == code for one in plan.duties)]
    if not having:
        known = [one.code for plan in plans for one in plan.duties]
        raise Refused("duty_unknown", plan=plan_code or "、".join(plan.code for plan in plans), duty=code, duties=known)
    if len(having) > 1:
        raise Refused("plan_needed", plans=[plan.code for plan in having])
    plan = having[0]
    found = next(one for one in plan.duties if one.code == code)
    if unit is None and found.owner not in {entry.id for entry in plan.units}:
        raise Refused("duty_not_of_unit", duty=code, unit="—", owner=found.owner)
    owner = UnitNames(session).resolve(unit) if unit else found.owner
    if period is None:
        with session.engine.view(session.as_of(on, None)) as view:
            rows = [row for row in due(view, plan=plan.code) if row.duty == code and row.owner == owner]
        owed = [row.period for row in rows if row.state in ("late", "open", "external")]
        if not owed:
            raise Refused("duty_none_owed", duty=code, unit=owner)
        period = owed[0]
    return _Which(plan.code, code, owner, period)


def _show(globals: Globals, session: Session, which: _Which, sentence: str, more: dict[str, object]) -> int:
    about = UnitNames(session).said(which.unit)
    said = sentence.format(duty=which.code, unit=about["unit"], period=which.period)
    document = {"duty": which.code, "plan": which.plan, "period": which.period, **about, **more}
    return show(globals, Answer.saying(document, said), rehearsal=session.rehearsal)
