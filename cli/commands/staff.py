"""`staff`: who may act in which role, where, and from when; and the staff register, whose pay accounts no student's money should reach."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import click

from mingzhang.domain.staff import ROLES, AppointStaff, DeclareInterest, RelieveStaff, Staff
from mingzhang.domain.staff_keys import EnrolKey

from ..i18n import _
from ..intake.frame import import_options, take_in
from ..intake.registers import import_staff, lines_recorded
from ..intake.reveal import named
from ..intake.units import UnitNames
from ..options import Globals, Noun, as_of_options, example, on_option, table_file_options
from ..output import Answer, Column, Table, show
from ..session import Session
from ..signing.giving import GivenKey, new_key
from ..words.roles import role_and_code
from .staff_key import issued_by, key, keys_held
from .staff_show import show_

_role = click.option("--role", type=click.Choice(ROLES), required=True, help=_("What they may do."))
_UNIT_HELP = _("The unit (its id, or its name), and so all units below it.")
_unit = click.option("--unit", "unit_id", required=True, metavar="UNIT", help=_UNIT_HELP)


@click.group(cls=Noun, help=_("Staff: appoint, relieve, signing keys, list, show, import."))
@example("mingzhang --as administrator staff appoint wang --role surveyor --unit shifan")
def staff() -> None:
    pass


staff.add_command(key)
staff.add_command(show_)


@staff.command("appoint", help=_("Appoint somebody to a role at a unit."))
@click.argument("staff_id", metavar="STAFF")
@_role
@_unit
@click.option("--name", "person_name", metavar="NAME", help=_("Their name; it is sealed."))
@on_option
@example("mingzhang --as administrator staff appoint wang --role surveyor --unit shifan --name 王某某")
@click.pass_obj
def appoint(globals: Globals, staff_id: str, role: str, unit_id: str, person_name: str | None, on: date | None) -> int:
    with Session(globals) as session:
        units = UnitNames(session)
        unit_id = units.resolve(unit_id)
        appointed = AppointStaff(on=on, staff=staff_id, role=role, unit=unit_id)
        session.foresee(appointed)
        person = session.vault.seal(session.vault.new_subject("p"), {"name": person_name}) if person_name else None
        appointed = replace(appointed, person=person)
        state = session.streams.read(Staff, staff_id)
        given: GivenKey | None = None
        if state.live_key is None:
            with new_key(session.keys, state) as given:
                session.execute_many((appointed, EnrolKey(staff=staff_id, public_key=given.key.public_key)))
        else:
            session.execute(appointed)
        said = _("{staff} is {role} of {unit} from {day} on.").format(
            staff=staff_id, role=role_and_code(role), unit=units.title(unit_id), day=on or session.today
        )
        document: dict[str, object] = {"staff": staff_id, "role": role, **units.said(unit_id), "from": (on or session.today).isoformat()}
        document |= given.document() if given else {"key": state.live_key.key if state.live_key else None}
        return show(globals, Answer.saying(document, said, *(given.sentences() if given else [])), rehearsal=session.rehearsal)


@staff.command("relieve", help=_("Relieve somebody of a role."))
@click.argument("staff_id", metavar="STAFF")
@_role
@_unit
@on_option
@example("mingzhang --as administrator staff relieve wang --role surveyor --unit shifan --on 2020-09-01")
@click.pass_obj
def relieve(globals: Globals, staff_id: str, role: str, unit_id: str, on: date | None) -> int:
    with Session(globals) as session:
        units = UnitNames(session)
        unit_id = units.resolve(unit_id)
        session.execute(RelieveStaff(on=on, staff=staff_id, role=role, unit=unit_id))
        said = _("{staff} is {role} of {unit} no longer, from {day} on.").format(
            staff=staff_id, role=role_and_code(role), unit=units.title(unit_id), day=on or session.today
        )
        document = {"staff": staff_id, "role": role, **units.said(unit_id), "until": (on or session.today).isoformat()}
        return show(globals, Answer.saying(document, said), rehearsal=session.rehearsal)


@staff.command("declare", help=_("Declare that a student is one's own family: that staff member decides nothing about them."))
@click.argument("staff_id", metavar="STAFF")
@click.argument("student")
@on_option
@example("mingzhang --as wang staff declare wang s-7KQ2M4PX0A")
@click.pass_obj
def declare(globals: Globals, staff_id: str, student: str, on: date | None) -> int:
    with Session(globals) as session:
        session.execute(DeclareInterest(on=on, staff=staff_id, student=student))
        said = _("{staff} decides nothing about {student} from now on.").format(staff=staff_id, student=student)
        return show(globals, Answer.saying({"staff": staff_id, "student": student}, said), rehearsal=session.rehearsal)


@staff.command("import", help=_("Take the staff register (教职工) in."))
@import_options
@example("mingzhang --as administrator staff import 教职工.xlsx")
@click.pass_obj
def import_(globals: Globals, /, **asked: Any) -> int:
    return take_in(globals, import_staff, lines_recorded, **asked)


@staff.command("list", help=_("Appointments, as of any day, as known at any time."))
@as_of_options
@table_file_options
@example("mingzhang staff list --on 2020-03-20")
@click.pass_obj
def list_(globals: Globals, on: date | None, known_at: Any) -> int:
    from mingzhang.projections.register import staff_rows

    with Session(globals) as session:
        as_of = session.as_of(on, known_at)
        with session.engine.view(as_of) as view:
            found = staff_rows(view)
        names = named(session, [row.person for row in found], reveal=False) if any(row.person for row in found) else [{}] * len(found)
        held = keys_held(session, as_of, {row.staff for row in found})
        units = UnitNames(session)
        rows = [
            {
                "staff": row.staff,
                "name": name.get("name"),
                "role": row.role,
                **units.said(row.unit),
                "since": row.since,
                "until": row.until,
                "key": held[row.staff].key if row.staff in held else None,
                "key_issued_by": held[row.staff].issued_by if row.staff in held else None,
            }
            for row, name in zip(found, names, strict=True)
        ]
        heads = [
            Column(_("Staff"), "staff"),
            Column(_("Name"), "name"),
            Column(_("Role"), "role"),
            Column(_("Unit"), "unit"),
            Column(_("Since"), "since"),
            Column(_("Until"), "until"),
            Column(_("Signing key"), "key"),
            Column(_("Issued by"), "issued_by"),
        ]
        shown = [{**row, "issued_by": issued_by(row["key_issued_by"])} for row in rows]
        return show(globals, Answer(rows, (Table(heads, shown),)), rehearsal=session.rehearsal)
