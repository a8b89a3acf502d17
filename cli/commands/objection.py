"""`objection`: an objection (异议) holds the case it is about until somebody other than its taker has decided it."""

from __future__ import annotations

from datetime import date

import click

from mingzhang.domain.aid.application import Application, existing_application
from mingzhang.domain.aid.objection import DismissObjection, Objection, RaiseObjection, UpholdObjection
from mingzhang.domain.refusal import Refused

from ..cases.chosen import as_decided
from ..i18n import _
from ..options import Globals, Noun, example, on_option
from ..output import Answer, Column, Table, Text, show
from ..session import Session, new_id


@click.group(cls=Noun, help=_("Objections: raise, uphold, dismiss, list."))
@example("mingzhang --as clerk objection raise fuxin-2020.grant/s-7KQ2M4PX0A/2020-spring --statement 家庭情况与申报不符")
def objection() -> None:
    pass


@objection.command("raise", help=_("Take down an objection against an application; the case is held until it is decided."))
@click.argument("application", metavar="APPLICATION")
@click.option("--statement", required=True, metavar="TEXT", help=_("What was said; sealed under the objector's own key."))
@click.option("--by", "objector", metavar="NAME", help=_("Who objects, if they said so; sealed with the statement."))
@click.option("--phone", metavar="NUMBER", help=_("How to reach the objector; sealed with the statement."))
@on_option
@example("mingzhang --as clerk objection raise fuxin-2020.grant/s-7KQ2M4PX0A/2020-spring --statement 家庭情况与申报不符")
@click.pass_obj
def raise_(
    globals: Globals, application: str, statement: str, objector: str | None, phone: str | None, on: date | None
) -> int:
    if not statement.strip():
        raise click.UsageError(_("Say what was said with --statement."))
    with Session(globals) as session:
        case = existing_application(session.streams, application)
        person = session.vault.new_subject("p")
        said = {"statement": statement, "name": objector or "", "phone": phone or ""}
        box = session.vault.seal(person, {field: value for field, value in said.items() if value})
        identifier = new_id("objection")
        session.execute(RaiseObjection(on=on, objection=identifier, application=case.stream, statement=box))
        sentence = _("Objection {objection} is open; {application} is held until it is decided.").format(
            objection=identifier, application=case.stream
        )
        document = {"objection": identifier, "application": case.stream, "open": True}
        return show(globals, Answer(document, (Text((sentence,)),)), rehearsal=session.rehearsal)


@objection.command("uphold", help=_("The objection was right: an award that stands is revoked with it."))
@click.argument("objection_id", metavar="OBJECTION")
@click.option("--finding", required=True, metavar="TEXT", help=_("What was found; sealed under the student's key."))
@on_option
@example("mingzhang --as approver objection uphold objection-4F7KQ2AB --finding 经核实家庭收入超标")
@click.pass_obj
def uphold(globals: Globals, objection_id: str, finding: str, on: date | None) -> int:
    return _decide(globals, UpholdObjection, objection_id, finding, on)


@objection.command("dismiss", help=_("The objection was not right: the case goes on."))
@click.argument("objection_id", metavar="OBJECTION")
@click.option("--finding", required=True, metavar="TEXT", help=_("What was found; sealed under the student's key."))
@on_option
@example("mingzhang --as approver objection dismiss objection-4F7KQ2AB --finding 经核实情况属实")
@click.pass_obj
def dismiss(globals: Globals, objection_id: str, finding: str, on: date | None) -> int:
    return _decide(globals, DismissObjection, objection_id, finding, on)


def _decide(
    globals: Globals,
    kind: type[UpholdObjection] | type[DismissObjection],
    objection_id: str,
    finding: str,
    on: date | None,
) -> int:
    if not finding.strip():
        raise click.UsageError(_("Say what was found with --finding."))
    identifier = objection_id.removeprefix("objection/")
    with Session(globals) as session:
        state = session.streams.read(Objection, identifier)
        if not state.exists:
            raise Refused("objection_unknown", objection=identifier)
        case = existing_application(session.streams, state.application)
        box = session.vault.seal(case.student, {"finding": finding})
        session.execute(kind(on=on, objection=identifier, finding=box))
        after = existing_application(session.streams, case.stream)
        upheld = kind is UpholdObjection
        message = (
            _("Objection {objection} is upheld; {application} stays held.")
            if upheld
            else _("Objection {objection} is dismissed; {application} goes on.")
        )
        document = {
            "objection": identifier,
            "application": case.stream,
            "decision": "upheld" if upheld else "dismissed",
            "open": False,
            "application_stand": after.stand,
            "held_by": list(after.held_by),
        }
        sentence = message.format(objection=identifier, application=case.stream)
        return show(globals, Answer(document, (Text((sentence,)),)), rehearsal=session.rehearsal)


@objection.command("list", help=_("List the objections that hold a case: the open ones, and those that were upheld."))
@example("mingzhang objection list")
@click.pass_obj
def list_(globals: Globals) -> int:
    from mingzhang.projections.payments import applications

    with Session(globals) as session:
        with as_decided(session) as view:
            held = [row.application for row in applications(view) if row.held]
        session.streams.fetch(held)
        document = []
        for stream in held:
            for identifier in session.streams.at(Application, stream).held_by:
                state = session.streams.read(Objection, identifier)
                document.append(
                    {"objection": identifier, "application": stream, "open": state.open, "taken_by": state.taker}
                )
        columns = [
            Column(_("Objection"), "objection"),
            Column(_("Application"), "application"),
            Column(_("Open"), "open"),
            Column(_("Taken down by"), "taken_by"),
        ]
        return show(globals, Answer(document, (Table(columns, document),)), rehearsal=session.rehearsal)
