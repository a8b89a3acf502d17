"""`dropout`: pupils who left school, the three who help each of them (三帮一), and the cases closed one by one as they return."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import click

from mingzhang.domain.command import Command
from mingzhang.domain.dropout.commands import (
    CloseDropout,
    CountPupils,
    FindDropout,
    ReopenDropout,
    ReturnDropout,
    VisitDropout,
)
from mingzhang.domain.dropout.state import existing_case
from mingzhang.domain.values.choices import STAGES

from ..cases.named import name_of
from ..i18n import _
from ..intake.dropout_cases import case_fields, registration, team_named
from ..intake.dropouts import import_dropouts
from ..intake.frame import import_options, rows_recorded, take_in
from ..intake.pupils import pupil_named
from ..intake.units import UnitNames
from ..options import Globals, Noun, example, on_option, reason_option, unit_option
from ..output import Answer, show
from ..session import Session
from .dropout_lists import list_, rates

_stage = click.option("--stage", type=click.Choice(sorted(set(STAGES.values()))), required=True, help=_("The stage of schooling (学段)."))


@click.group(cls=Noun, help=_("Dropout cases (控辍保学): found, visited, returned, closed; and the dropout rate."))
@example("mingzhang --as helper-clerk dropout import 辍学台账.xlsx", "mingzhang dropout list --on 2018-12-31")
def dropout() -> None:
    pass


dropout.add_command(list_)
dropout.add_command(rates)


@dropout.command("import", help=_("Take a 辍学台账 in (台账, 劝返走访, 在校生数): what it says that is not recorded yet."))
@unit_option(help=_("Whose cases these are where a row names no 县市区 (its id, or its name)."))
@click.option("--year", type=click.IntRange(2000, 2099), metavar="YEAR", help=_("The year of 在校生数. Default: that of the cases."))
@import_options
@example(
    "mingzhang --as helper-clerk dropout import 辍学台账.xlsx",
    "mingzhang --as helper-clerk dropout import 在校生数.csv --year 2018",
)
@click.pass_obj
def import_(globals: Globals, /, **asked: Any) -> int:
    return take_in(globals, import_dropouts, rows_recorded, **asked)


@dropout.command("find", help=_("Open a case for a pupil who left on that day (--on), under the office's own number."))
@click.argument("case")
@click.argument("student")
@click.option("--name", metavar="NAME", help=_("The name of a pupil whom the ledger does not know yet by the number given; sealed."))
@unit_option(required=True, help=_("Whose case it is: the county or school (its id, or its name)."))
@_stage
@click.option("--school", metavar="NAME", help=_("The school the pupil left."))
@click.option("--cause", metavar="TEXT", help=_("Why the pupil left (辍学原因); sealed."))
@on_option
@example("mingzhang --as helper-clerk dropout find CX151 s-7KQ2M4PX0A --unit 肥城市 --stage 初中 --cause 厌学 --on 2018-11-20")
@click.pass_obj
def find(
    globals: Globals,
    case: str,
    student: str,
    name: str | None,
    unit: str,
    stage: str,
    school: str | None,
    cause: str | None,
    on: date | None,
) -> int:
    with Session(globals) as session:
        units = UnitNames(session)
        whose = units.resolve(unit)
        pupil = pupil_named(session, student, name)
        fields = pupil.fresh or {"name": name_of(session, pupil.ref), "id_number": ""}
        person = session.vault.seal(pupil.ref, case_fields(fields["name"], fields["id_number"], cause) or {"cause": ""})
        found = FindDropout(on=on, case=case, student=pupil.ref, unit=whose, stage=stage, school=school, person=person)
        commands: list[Command] = [registration(session, found, **pupil.fresh)] if pupil.fresh else []
        session.execute_many([*commands, found])
        said = _("Case {case} of {student} is open.").format(case=case, student=pupil.ref)
        document = {"case": case, "student": pupil.ref, **units.said(whose), "stage": stage}
        return show(globals, Answer.saying(document, said), rehearsal=session.rehearsal)


@dropout.command("assign", help=_("Name those who help (三帮一); whoever is not named stays."))
@click.argument("case")
@click.option("--teacher", metavar="NAME", help=_("The teacher; sealed."))
@click.option("--village-cadre", metavar="NAME", help=_("The village cadre (村干部); sealed."))
@click.option("--guardian", metavar="NAME", help=_("The guardian; sealed."))
@on_option
@example("mingzhang --as helper-clerk dropout assign CX151 --teacher 测试甲 --village-cadre 测试乙 --guardian 测试丙")
@click.pass_obj
def assign(
    globals: Globals, case: str, teacher: str | None, village_cadre: str | None, guardian: str | None, on: date | None
) -> int:
    named = {"teacher": teacher, "village_cadre": village_cadre, "guardian": guardian}
    with Session(globals) as session:
        existing_case(session.streams, case)
        given = {role: name for role, name in named.items() if name}
        session.execute(replace(team_named(session, case, given), on=on))
        said = _("The team of case {case} is recorded.").format(case=case)
        document = {"case": case, "assigned": list(given)}
        return show(globals, Answer.saying(document, said), rehearsal=session.rehearsal)


@dropout.command("visit", help=_("Record that the family was visited on that day (劝返走访)."))
@click.argument("case")
@click.option("--note", metavar="TEXT", help=_("What was said; sealed."))
@on_option
@example("mingzhang --as helper-clerk dropout visit CX151 --note 家长同意返校 --on 2018-11-25")
@click.pass_obj
def visit(globals: Globals, case: str, note: str | None, on: date | None) -> int:
    with Session(globals) as session:
        state = existing_case(session.streams, case)
        sealed = session.vault.seal(state.student, {"note": note}) if note else None
        return _do(globals, session, VisitDropout(on=on, case=case, note=sealed), case, _("The visit in case {case} is recorded."))


@dropout.command("return", help=_("Record that the pupil is back in school from that day (返校)."))
@click.argument("case")
@on_option
@example("mingzhang --as helper-clerk dropout return CX151 --on 2018-12-03")
@click.pass_obj
def return_(globals: Globals, case: str, on: date | None) -> int:
    with Session(globals) as session:
        return _do(globals, session, ReturnDropout(on=on, case=case), case, _("The pupil of case {case} has returned."))


@dropout.command("close", help=_("Close a case (销号) whose pupil has returned; with a reason also one whose pupil has not."))
@click.argument("case")
@reason_option()
@on_option
@example(
    "mingzhang --as helper-clerk dropout close CX151 --on 2018-12-10",
    "mingzhang --as helper-clerk dropout close CX152 --reason 随父母转入外省学校",
)
@click.pass_obj
def close(globals: Globals, case: str, reason: str | None, on: date | None) -> int:
    with Session(globals) as session:
        state = existing_case(session.streams, case)
        sealed = session.vault.seal(state.student, {"reason": reason}) if reason else None
        return _do(globals, session, CloseDropout(on=on, case=case, reason=sealed), case, _("Case {case} is closed."))


@dropout.command("reopen", help=_("Open a closed case again: the pupil has left again, or the closing was wrong."))
@click.argument("case")
@reason_option(required=True)
@on_option
@example("mingzhang --as helper-clerk dropout reopen CX151 --reason 再次离校 --on 2018-12-20")
@click.pass_obj
def reopen(globals: Globals, case: str, reason: str, on: date | None) -> int:
    with Session(globals) as session:
        state = existing_case(session.streams, case)
        sealed = session.vault.seal(state.student, {"reason": reason})
        return _do(globals, session, ReopenDropout(on=on, case=case, reason=sealed), case, _("Case {case} is open again."))


@dropout.command("pupils", help=_("Record how many pupils of a stage a unit had at the start of the year (年初在校生数)."))
@click.argument("count", type=click.IntRange(min=1))
@unit_option(required=True, help=_("The county or school (its id, or its name)."))
@_stage
@click.option("--year", type=click.IntRange(2000, 2099), required=True, metavar="YEAR", help=_("The calendar year."))
@on_option
@example(
    "mingzhang --as helper-clerk dropout pupils 965 --unit 肥城市 --stage 初中 --year 2018",
    "mingzhang --as helper-clerk dropout pupils 960 --unit 肥城市 --stage 初中 --year 2018 --on 2018-09-01",
)
@click.pass_obj
def pupils(globals: Globals, count: int, unit: str, stage: str, year: int, on: date | None) -> int:
    with Session(globals) as session:
        units = UnitNames(session)
        whose = units.resolve(unit)
        session.execute(CountPupils(on=on, unit=whose, stage=stage, year=year, pupils=count))
        said = _("{unit}, {stage}, {year}: {count} pupils.").format(unit=units.title(whose), stage=stage, year=year, count=count)
        document = {**units.said(whose), "stage": stage, "year": year, "pupils": count}
        return show(globals, Answer.saying(document, said), rehearsal=session.rehearsal)


def _do(globals: Globals, session: Session, command: Command, case: str, sentence: str) -> int:
    """Gives the command and says that it is done."""
    execution = session.execute(command)
    document = {"case": case, "event": execution.recorded[-1].ref}
    return show(globals, Answer.saying(document, sentence.format(case=case)), rehearsal=session.rehearsal)
