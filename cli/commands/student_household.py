"""`student household`: which household a student belongs to and who its head is, where no form has said it, or has said it wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from mingzhang.domain.student.accounts import RecordHousehold
from mingzhang.domain.student.student import last_file

from ..i18n import _
from ..intake.households import household_of
from ..intake.pairings import student_named
from ..intake.units import UnitNames
from ..options import Globals, Verb, evidence_option, example, on_option
from ..output import Answer, show
from ..session import Session


@click.command("household", cls=Verb, help=_("Record the household of a student and its head (户主), or put it right; names are sealed."))
@click.argument("student", metavar="STUDENT")
@click.option("--head", required=True, metavar="NAME", help=_("The name of the head of the household; sealed."))
@click.option("--relation", default="", metavar="TEXT", help=_("What the student is to the head: 之子, 之女, 孙子女 …; sealed."))
@click.option("--number", metavar="NUMBER", help=_("The household's own number (户编号), where an office gives one."))
@click.option("--place", metavar="PLACE", help=_("Where it lives, a unit of the plan or an address. Default: the student's unit."))
@evidence_option
@on_option
@example("mingzhang --as clerk student household s-7KQ2M4PX0A --head 张某某 --relation 之子 --place 新村村")
@click.pass_obj
def household(
    globals: Globals,
    student: str,
    head: str,
    relation: str,
    number: str | None,
    place: str | None,
    evidence: tuple[Path, ...],
    on: date | None,
) -> int:
    with Session(globals) as session:
        state = last_file(session.streams, student_named(session, student))
        where = (UnitNames(session).find(place) or place) if place else state.unit
        reference = household_of(session.vault, head, where, number=number)
        if reference is None:
            raise click.UsageError(_("Say who heads the household and where it lives."))
        said = {"household_head": head.strip(), "relation": relation.strip()}
        person = session.vault.seal(state.id, {name: value for name, value in said.items() if value})
        files = tuple(session.hand_in(file) for file in evidence)
        session.execute(RecordHousehold(on=on, evidence=files, student=state.id, household=reference, person=person))
        told = _("{student} belongs to the household {household}.").format(student=state.id, household=reference)
        return show(globals, Answer.saying({"student": state.id, "household": reference}, told), rehearsal=session.rehearsal)
