"""`survey`: rounds of 摸底排查, from the departments' workbooks to the school's report and the head count that amends it."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from mingzhang.domain.refusal import Refused
from mingzhang.domain.sealed import Sealed
from mingzhang.domain.survey.entry import WithdrawEntry
from mingzhang.domain.survey.round import (
    CloseRound,
    ConsolidateRound,
    OpenRound,
    ReportRound,
    Round,
    SubmitUnitSurvey,
    Totals,
)

from ..i18n import _, joined, ngettext
from ..intake.frame import import_options, take_in
from ..intake.units import UnitNames
from ..options import (
    Globals,
    Noun,
    as_of_options,
    example,
    on_option,
    reason_option,
    round_option,
    table_file_options,
    unit_option,
)
from ..output import Answer, Column, Table, show
from ..session import Session
from .survey_list import list_


@click.group(cls=Noun, help=_("Surveys: open, import, correct, submit, consolidate, report, totals."))
@example("mingzhang --as surveyor survey import 师范系.xlsx --round 2020-spring")
def survey() -> None:
    pass


@survey.command("open", help=_("Open a survey round for the term it decides."))
@click.argument("round_id", metavar="ROUND")
@click.option("--plan", "plan_code", metavar="CODE", help=_("The plan that lays the round down. Default: the only one adopted."))
@unit_option(help=_("The school that holds it. Default: the plan's school."))
@on_option
@example("mingzhang --as clerk survey open 2020-spring")
@click.pass_obj
def open_(globals: Globals, round_id: str, plan_code: str | None, unit: str | None, on: date | None) -> int:
    with Session(globals) as session:
        plans = [plan for plan in session.adopted_plans() if plan_code in (None, plan.code)]
        if len(plans) != 1:
            raise Refused("plan_needed", plans=[plan.code for plan in session.adopted_plans()])
        plan = plans[0]
        units = UnitNames(session)
        school = units.resolve(unit) if unit else next((entry.id for entry in plan.units if entry.kind == "school"), plan.top)
        session.execute(OpenRound(on=on, round=round_id, plan=plan.code, unit=school))
        said = _("Round {round} is open: {unit}, plan {plan}.").format(round=round_id, unit=units.title(school), plan=plan.code)
        document = {"round": round_id, "plan": plan.code, **units.said(school)}
        return show(globals, Answer.saying(document, said), rehearsal=session.rehearsal)


@survey.command("import", help=_("Take survey workbooks into a round: all rows or none."))
@round_option()
@unit_option(help=_("The department, for files that have no column 院系 (its id, or its name)."))
@on_option
@import_options
@example(
    "mingzhang --as surveyor survey import 师范系.xlsx 综职系.xlsx --round 2020-spring",
    "mingzhang --as surveyor survey import 农牧系.csv --round 2020-autumn --unit 农牧系 --accept-valid",
)
@click.pass_obj
def import_(globals: Globals, /, **asked: Any) -> int:
    from ..intake.survey import import_surveys

    return take_in(globals, import_surveys, _entries_recorded, **asked)


def _entries_recorded(count: int) -> str:
    return ngettext("{count} entry recorded.", "{count} entries recorded.", count).format(count=count)


@survey.command("correct", help=_("Correct recorded entries by whole rows in the survey's layout, matched on the identity number."))
@round_option()
@on_option
@reason_option()
@import_options
@example("mingzhang --as surveyor survey correct 更正-综职系.xlsx --round 2020-spring --reason 院系复核")
@click.pass_obj
def correct(globals: Globals, /, **asked: Any) -> int:
    from ..intake.corrections import import_corrections

    return take_in(globals, import_corrections, _corrections_recorded, **asked)


def _corrections_recorded(count: int) -> str:
    return ngettext("{count} correction recorded.", "{count} corrections recorded.", count).format(count=count)


@survey.command("withdraw", help=_("Take an entry back that should never have been."))
@click.argument("student")
@round_option()
@reason_option(required=True)
@on_option
@example("mingzhang --as surveyor survey withdraw s-7KQ2M4PX0A --round 2020-spring --reason 非本校学生")
@click.pass_obj
def withdraw(globals: Globals, student: str, round_id: str, reason: str, on: date | None) -> int:
    with Session(globals) as session:
        sealed: Sealed = session.vault.seal(student, {"reason": reason})
        session.execute(WithdrawEntry(on=on, round=round_id, student=student, reason=sealed))
        said = _("The entry of {student} in round {round} is withdrawn.").format(student=student, round=round_id)
        document = {"round": round_id, "student": student, "withdrawn": True}
        return show(globals, Answer.saying(document, said), rehearsal=session.rehearsal)


@survey.command("submit", help=_("A department vouches for its totals (系部上报)."))
@round_option()
@unit_option(required=True, help=_("The department (its id, or its name)."))
@on_option
@example("mingzhang --as surveyor survey submit --round 2020-spring --unit 师范系")
@click.pass_obj
def submit(globals: Globals, round_id: str, unit: str, on: date | None) -> int:
    with Session(globals) as session:
        unit_id = UnitNames(session).resolve(unit)
        sums = count(session, round_id, on, unit_id)
        session.execute(SubmitUnitSurvey(on=on, round=round_id, unit=unit_id, totals=sums))
        said = _("{unit} has submitted {entries} entries.")
        return _show_counted(globals, session, round_id, unit_id, sums, said)


@survey.command("consolidate", help=_("The school adds the departments up (汇总)."))
@round_option()
@on_option
@example("mingzhang --as clerk survey consolidate --round 2020-spring")
@click.pass_obj
def consolidate(globals: Globals, round_id: str, on: date | None) -> int:
    with Session(globals) as session:
        sums = count(session, round_id, on)
        session.execute(ConsolidateRound(on=on, round=round_id, totals=sums))
        return _show_counted(globals, session, round_id, None, sums, _("Round {round} is consolidated: {entries} entries."))


@survey.command("report", help=_("Report the totals upward; a later report is the head count that amends the first."))
@round_option()
@click.option("--to", "to", metavar="UNIT", help=_("Whom to report to. Default: the unit above the school."))
@reason_option()
@on_option
@example("mingzhang --as clerk survey report --round 2020-spring --on 2020-03-30")
@click.pass_obj
def report(globals: Globals, round_id: str, to: str | None, reason: str | None, on: date | None) -> int:
    from mingzhang.domain.unit import Unit

    with Session(globals) as session:
        sums = count(session, round_id, on)
        school = session.streams.read(Round, round_id).unit
        named = UnitNames(session).wanted(to)
        above = named or (session.streams.read(Unit, school).parent if school else None) or school
        session.execute(ReportRound(on=on, round=round_id, to=above, totals=sums, reason=session.seal_text(reason) if reason else None))
        return _show_counted(globals, session, round_id, above, sums, _("Round {round} is reported to {unit}: {entries} entries."))


@survey.command("close", help=_("Close a round; whoever was recognised before and is not named by it is recognised no longer."))
@round_option()
@on_option
@example("mingzhang --as clerk survey close --round 2020-autumn")
@click.pass_obj
def close(globals: Globals, round_id: str, on: date | None) -> int:
    from mingzhang.domain.command import Command
    from mingzhang.domain.student.commands import EndCategory
    from mingzhang.domain.student.facts import CategoryEnded
    from mingzhang.projections.register import entries, identified

    with Session(globals) as session:
        with session.engine.view(session.as_of(on, None)) as view:
            named = {row.student for row in entries(view, round_id)}
            held = identified(view)
        says = session.streams.read(Round, round_id)
        commands: list[Command] = [CloseRound(on=on, round=round_id)]
        source = f"{says.stream}@{says.version + 1}"
        gone = [row.student for row in held if row.student not in named]
        commands += [EndCategory(on=on, student=student, reason="not_in_round", source=source) for student in gone]
        ended = sum(isinstance(one.fact, CategoryEnded) for one in session.execute_many(commands).recorded)
        said = _("Round {round} is closed; {ended} recognised before are not named by it.").format(round=round_id, ended=ended)
        return show(globals, Answer.saying({"round": round_id, "ended": ended}, said), rehearsal=session.rehearsal)


@survey.command("totals", help=_("Entries by department and category, on any day, as known at any time."))
@round_option()
@as_of_options
@table_file_options
@example("mingzhang survey totals --round 2020-spring --on 2020-03-30 --known-at 2020-03-30")
@click.pass_obj
def totals(globals: Globals, round_id: str, on: date | None, known_at: Any) -> int:
    from mingzhang.projections.register import survey_totals

    with Session(globals) as session:
        if not session.streams.read(Round, round_id).exists:
            raise Refused("round_unknown", round=round_id)
        with session.engine.view(session.as_of(on, known_at)) as view:
            found = survey_totals(view, round_id)
        categories = sorted(found.by_category, key=lambda name: -found.by_category[name])
        # Departments are few and categories many: a department is a column, so that the table fits the screen.
        heads = [Column("", "what"), *(Column(u.name, u.unit, "right") for u in found.units), Column(_("In all"), "all", "right")]
        rows = [{"what": _("Entries"), "all": found.entries, **{u.unit: u.entries for u in found.units}}]
        rows += [
            {"what": name, "all": found.by_category[name], **{u.unit: u.by_category.get(name, 0) for u in found.units}}
            for name in categories
        ]
        rows.append({"what": "新增", "all": found.new, **{u.unit: u.new for u in found.units}})
        table = Table(heads, rows, caption=_("Round {round}").format(round=round_id))
        document = {
            "round": round_id,
            "units": [
                {"unit": u.name, "unit_id": u.unit, "entries": u.entries, "by_category": u.by_category, "new": u.new} for u in found.units
            ],
            "entries": found.entries,
            "by_category": found.by_category,
            "new": found.new,
        }
        return show(globals, Answer(document, (table,)), rehearsal=session.rehearsal)


survey.add_command(list_)


def count(session: Session, round_id: str, on: date | None, unit: str | None = None) -> Totals:
    """Counts the round as it stands, over all departments or for one, and notes at which log size."""
    from mingzhang.projections.register import survey_totals

    as_of = session.as_of(on, None)
    with session.engine.view(as_of) as view:
        found = survey_totals(view, round_id)
    size = as_of.known_at
    if unit is None:
        return Totals(entries=found.entries, by_category=found.by_category, new=found.new, counted_at=size)
    own = next((row for row in found.units if row.unit == unit), None)
    if own is None:
        return Totals(entries=0, by_category={}, new=0, counted_at=size)
    return Totals(entries=own.entries, by_category=own.by_category, new=own.new, counted_at=size)


def _show_counted(globals: Globals, session: Session, round_id: str, unit: str | None, counted: Totals, sentence: str) -> int:
    about = UnitNames(session).said(unit) if unit else {}
    said = sentence.format(round=round_id, unit=about.get("unit", ""), entries=counted.entries)
    detail = "、".join(f"{name} {number}" for name, number in counted.by_category.items())
    if detail:
        said = joined(said, _("{detail}; 新增 {new}.").format(detail=detail, new=counted.new))
    document = {"round": round_id, **about, **counted.model_dump()}
    return show(globals, Answer.saying(document, said), rehearsal=session.rehearsal)
