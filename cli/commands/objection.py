"""`objection`: an objection (异议) or an appeal (申诉) holds the case it is about until somebody who had no hand in it has decided it."""

from __future__ import annotations

from datetime import date

import click

from mingzhang.domain.aid.appeal import DecideAppeal, RaiseAppeal
from mingzhang.domain.aid.application import Application, existing_application
from mingzhang.domain.aid.objection import DismissObjection, Objection, RaiseObjection, UpholdObjection
from mingzhang.domain.ledger import Execution
from mingzhang.domain.money.asked_back import ClawbackRaised
from mingzhang.domain.refusal import Refused
from mingzhang.domain.sealed import Sealed

from ..cases.chosen import as_decided
from ..cases.stands import stand_text
from ..i18n import _
from ..options import Globals, Noun, example, on_option, table_file_options
from ..output import Answer, Column, Table, Text, show, yuan
from ..session import Session, new_id


@click.group(cls=Noun, help=_("Objections: raise, uphold, dismiss, appeal, grant, reject, list."))
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
        box = _statement(session, statement, objector, phone)
        identifier = new_id("objection")
        session.execute(RaiseObjection(on=on, objection=identifier, application=case.stream, statement=box))
        sentence = _("Objection {objection} is open; {application} is held until it is decided.").format(
            objection=identifier, application=case.stream
        )
        document = {"objection": identifier, "application": case.stream, "open": True}
        return show(globals, Answer(document, (Text((sentence,)),)), rehearsal=session.rehearsal)


def _statement(session: Session, statement: str, objector: str | None, phone: str | None) -> Sealed:
    """What was said and by whom, sealed under a new key of the objector's own."""
    said = {"statement": statement, "name": objector or "", "phone": phone or ""}
    return session.vault.seal(session.vault.new_subject("p"), {field: value for field, value in said.items() if value})


@objection.command("uphold", help=_("The objection was right: an award that stands is revoked, and what was paid of it asked back."))
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


def _case_of(session: Session, objection: str) -> Application:
    """The case an objection is about, or `objection_unknown`."""
    state = session.streams.read(Objection, objection)
    if not state.exists:
        raise Refused("objection_unknown", objection=objection)
    return existing_application(session.streams, state.application)


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
        case = _case_of(session, identifier)
        box = session.vault.seal(case.student, {"finding": finding})
        execution = session.execute(kind(on=on, objection=identifier, finding=box))
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
            "clawback_fen": _asked_back(execution),
        }
        sentences = (message.format(objection=identifier, application=case.stream), *_asked_back_said(execution))
        return show(globals, Answer(document, (Text(sentences),)), rehearsal=session.rehearsal)


def _asked_back(execution: Execution) -> int:
    return sum(one.fact.amount_fen for one in execution.recorded if isinstance(one.fact, ClawbackRaised))


def _asked_back_said(execution: Execution) -> tuple[str, ...]:
    fen = _asked_back(execution)
    return (_("Asked back of what was paid: {amount} yuan.").format(amount=yuan(fen)),) if fen else ()


@objection.command("appeal", help=_("Take down an appeal (申诉) against a decided objection, a rejection, a refusal or a revocation."))
@click.argument("reference", metavar="OBJECTION|APPLICATION")
@click.option("--statement", required=True, metavar="TEXT", help=_("What was said; sealed under the objector's own key."))
@click.option("--by", "objector", metavar="NAME", help=_("Who appeals; sealed with the statement."))
@click.option("--phone", metavar="NUMBER", help=_("How to reach them; sealed with the statement."))
@on_option
@example(
    "mingzhang --as clerk objection appeal objection-4F7KQ2AB --statement 对处理结果不服",
    "mingzhang --as clerk objection appeal fuxin-2020.grant/s-7KQ2M4PX0A/2020-spring --statement 材料已补齐",
)
@click.pass_obj
def appeal(
    globals: Globals, reference: str, statement: str, objector: str | None, phone: str | None, on: date | None
) -> int:
    if not statement.strip():
        raise click.UsageError(_("Say what was said with --statement."))
    with Session(globals) as session:
        identifier, stream = _appealed(session, reference)
        box = _statement(session, statement, objector, phone)
        session.execute(RaiseAppeal(on=on, objection=identifier, application=stream, statement=box))
        sentence = _("The appeal in {objection} is open; {application} is held until it is decided.").format(
            objection=identifier, application=stream
        )
        document = {"objection": identifier, "application": stream, "appeal_open": True}
        return show(globals, Answer(document, (Text((sentence,)),)), rehearsal=session.rehearsal)


def _appealed(session: Session, reference: str) -> tuple[str, str]:
    """(objection, application) that an appeal is about. An application that an upheld objection stopped is appealed in that one's stream,
    any other decision against it in a new one."""
    if "/" not in reference.removeprefix("objection/"):
        identifier = reference.removeprefix("objection/")
        state = session.streams.read(Objection, identifier)
        if not state.exists:
            raise Refused("objection_unknown", objection=identifier)
        return identifier, state.application
    case = existing_application(session.streams, reference)
    upheld = [one for one in case.held_by if session.streams.read(Objection, one).outcome == "upheld"]
    return (upheld[-1] if upheld else new_id("appeal")), case.stream


@objection.command("grant", help=_("The appeal was right: what was decided is undone, as far as it can be."))
@click.argument("objection_id", metavar="OBJECTION")
@click.option("--finding", required=True, metavar="TEXT", help=_("What was found; sealed under the student's key."))
@on_option
@example("mingzhang --as inspector objection grant objection-4F7KQ2AB --finding 复核后符合条件")
@click.pass_obj
def grant(globals: Globals, objection_id: str, finding: str, on: date | None) -> int:
    return _decide_appeal(globals, objection_id, finding, on, granted=True)


@objection.command("reject", help=_("The appeal was not right: what was decided stands."))
@click.argument("objection_id", metavar="OBJECTION")
@click.option("--finding", required=True, metavar="TEXT", help=_("What was found; sealed under the student's key."))
@on_option
@example("mingzhang --as inspector objection reject objection-4F7KQ2AB --finding 维持原决定")
@click.pass_obj
def reject(globals: Globals, objection_id: str, finding: str, on: date | None) -> int:
    return _decide_appeal(globals, objection_id, finding, on, granted=False)


def _decide_appeal(globals: Globals, objection_id: str, finding: str, on: date | None, *, granted: bool) -> int:
    if not finding.strip():
        raise click.UsageError(_("Say what was found with --finding."))
    identifier = objection_id.removeprefix("objection/")
    with Session(globals) as session:
        case = _case_of(session, identifier)
        box = session.vault.seal(case.student, {"finding": finding})
        execution = session.execute(DecideAppeal(on=on, objection=identifier, granted=granted, finding=box))
        after = existing_application(session.streams, case.stream)
        message = _("The appeal in {objection} is granted.") if granted else _("The appeal in {objection} is rejected.")
        document = {
            "objection": identifier,
            "application": case.stream,
            "decision": "granted" if granted else "rejected",
            "appeal_open": False,
            "application_stand": after.stand,
            "held_by": list(after.held_by),
            "clawback_fen": _asked_back(execution),
        }
        stands = _("{application} stands at: {stand}.").format(application=case.stream, stand=stand_text(after.stand))
        sentences = (message.format(objection=identifier), stands, *_asked_back_said(execution))
        return show(globals, Answer(document, (Text(sentences),)), rehearsal=session.rehearsal)


@objection.command("list", help=_("List what holds a case: open objections and appeals, and objections that were upheld."))
@table_file_options
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
                    {
                        "objection": identifier,
                        "application": stream,
                        "open": state.open,
                        "appeal_open": state.appeal_open,
                        "taken_by": state.taker,
                    }
                )
        columns = [
            Column(_("Objection"), "objection"),
            Column(_("Application"), "application"),
            Column(_("Open"), "open"),
            Column(_("Appeal open"), "appeal_open"),
            Column(_("Taken down by"), "taken_by"),
        ]
        return show(globals, Answer(document, (Table(columns, document),)), rehearsal=session.rehearsal)
