"""`unit`: departments, schools, villages, townships and offices, and which lies below which."""

from __future__ import annotations

from datetime import date
from typing import Any, get_args

import click

from mingzhang.domain.unit import CloseUnit, RegisterUnit, RenameUnit, UnitKind

from ..i18n import _
from ..intake.units import UnitNames
from ..options import Globals, Noun, as_of_options, example, on_option, reason_option, table_file_options
from ..output import Answer, Column, Table, show
from ..session import Session
from .unit_calendar import calendar


@click.group(cls=Noun, help=_("Units: departments, schools, villages, townships, bureaus."))
@example("mingzhang unit list")
def unit() -> None:
    pass


@unit.command("register", help=_("Register a unit below another."))
@click.argument("id", metavar="ID")
@click.option("--name", "title", required=True, metavar="NAME", help=_("As it signs."))
@click.option("--kind", type=click.Choice(list(get_args(UnitKind))), required=True, help=_("What kind of unit it is."))
@click.option("--under", "parent", metavar="UNIT", help=_("The unit above it (its id, or its name)."))
@on_option
@example("mingzhang --as administrator unit register hunong --name 护农系 --kind department --under college")
@click.pass_obj
def register(globals: Globals, id: str, title: str, kind: UnitKind, parent: str | None, on: date | None) -> int:
    with Session(globals) as session:
        above = UnitNames(session).wanted(parent)
        session.execute(RegisterUnit(on=on, unit=id, title=title, kind=kind, parent=above))
        said = _("Unit {unit} ({name}) is registered.").format(unit=id, name=title)
        return show(globals, Answer.saying({"unit": title, "unit_id": id}, said), rehearsal=session.rehearsal)


@unit.command("rename", help=_("Give a unit its new name; its id stays."))
@click.argument("id", metavar="ID")
@click.option("--name", "title", required=True, metavar="NAME", help=_("As it signs."))
@on_option
@example("mingzhang --as administrator unit rename jixie --name 智能制造系")
@click.pass_obj
def rename(globals: Globals, id: str, title: str, on: date | None) -> int:
    with Session(globals) as session:
        id = UnitNames(session).resolve(id)
        session.execute(RenameUnit(on=on, unit=id, title=title))
        said = _("Unit {unit} is called {name} now.").format(unit=id, name=title)
        return show(globals, Answer.saying({"unit": title, "unit_id": id}, said), rehearsal=session.rehearsal)


@unit.command("close", help=_("Close a unit; what it did stays."))
@click.argument("id", metavar="ID")
@reason_option(required=True)
@on_option
@example("mingzhang --as administrator unit close jixie --reason 并入综职系")
@click.pass_obj
def close(globals: Globals, id: str, reason: str, on: date | None) -> int:
    with Session(globals) as session:
        id = UnitNames(session).resolve(id)
        session.execute(CloseUnit(on=on, unit=id, reason=session.seal_text(reason)))
        return show(
            globals,
            Answer.saying(UnitNames(session).said(id), _("Unit {unit} is closed.").format(unit=id)),
            rehearsal=session.rehearsal,
        )


@unit.command("list", help=_("All units, as of any day, as known at any time."))
@as_of_options
@table_file_options
@example("mingzhang unit list --on 2020-03-20")
@click.pass_obj
def list_(globals: Globals, on: date | None, known_at: Any) -> int:
    from mingzhang.projections.register import unit_rows

    with Session(globals) as session:
        with session.engine.view(session.as_of(on, known_at)) as view:
            rows = [{"unit": u.name, "unit_id": u.id, "kind": u.kind, "under": u.parent, "open": u.open} for u in unit_rows(view)]
        heads = [
            Column(_("Unit"), "unit_id"),
            Column(_("Title"), "unit"),
            Column(_("Kind"), "kind"),
            Column(_("Under"), "under"),
            Column(_("Still open"), "open"),
        ]
        return show(globals, Answer(rows, (Table(heads, rows),)), rehearsal=session.rehearsal)


unit.add_command(calendar)
