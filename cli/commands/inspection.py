"""`inspection`: 自查、复查、考评、迎检, what each found, what the unit answered, and that it was put right."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from mingzhang.domain.inspection.inspection import (
    AnswerFinding,
    CloseInspection,
    Inspection,
    OpenInspection,
    RaiseFinding,
    RectifyFinding,
    Severity,
)
from mingzhang.domain.plan.duties import InspectionKind
from mingzhang.domain.refusal import Refused

from ..i18n import N_, _
from ..intake.reveal import note_disclosure
from ..intake.units import UnitNames
from ..options import (
    DAY,
    YUAN,
    Globals,
    Noun,
    as_of_options,
    example,
    on_option,
    reveal_option,
    table_file_options,
    unit_option,
)
from ..output import Answer, Column, Table, show
from ..session import Session, new_id
from .inspection_dossiers import dossiers
from .inspection_sample import commit_seed, sample, verify_sample

if TYPE_CHECKING:
    from mingzhang.projections.inspections import FindingRow

KINDS = {"self-check": N_("self-check"), "recheck": N_("recheck"), "evaluation": N_("evaluation"), "visit": N_("visit of a higher office")}
SEVERITIES = {"high": N_("high"), "medium": N_("medium"), "low": N_("low")}
STATES = {"raised": N_("not answered"), "answered": N_("answered"), "rectified": N_("put right")}


@click.group(cls=Noun, help=_("Inspections: open, draw, findings, answers, close, list."))
@example("mingzhang --as inspector inspection open --kind self-check --unit college --by college --on 2020-11-10")
def inspection() -> None:
    pass


for verb in (commit_seed, sample, verify_sample, dossiers):
    inspection.add_command(verb)


@inspection.command("open", help=_("An inspection begins."))
@click.option("--id", "identifier", metavar="ID", help=_("Its name in the ledger. Default: a new one."))
@click.option("--kind", type=click.Choice(list(get_args(InspectionKind))), required=True, help=_("What kind of inspection it is."))
@unit_option(required=True, help=_("The unit inspected (id or name)."))
@click.option("--by", required=True, metavar="UNIT", help=_("Who inspects: a unit, or an office outside as it is written."))
@click.option("--plan", "plan_code", metavar="PLAN", help=_("Under which plan."))
@click.option("--scope", metavar="TEXT", help=_("What is looked at; sealed."))
@on_option
@example("mingzhang --as inspector inspection open --kind self-check --unit college --by college --on 2020-11-10")
@click.pass_obj
def open_(
    globals: Globals,
    identifier: str | None,
    kind: InspectionKind,
    unit: str,
    by: str,
    plan_code: str | None,
    scope: str | None,
    on: date | None,
) -> int:
    with Session(globals) as session:
        units = UnitNames(session)
        command = OpenInspection(
            on=on,
            inspection=identifier or new_id("inspection"),
            kind=kind,
            unit=units.resolve(unit),
            by=units.find(by) or by,
            plan=plan_code,
            scope=session.seal_text(scope) if scope else None,
        )
        session.execute(command)
        said = _("Inspection {inspection} of {unit} is open.").format(inspection=command.inspection, unit=units.title(command.unit))
        document = {"inspection": command.inspection, "kind": kind, **units.said(command.unit)}
        return show(globals, Answer.saying(document, said), rehearsal=session.rehearsal)


@inspection.command("finding", help=_("Raise a finding; it gets the next number."))
@click.argument("name", metavar="INSPECTION")
@click.option("--text", required=True, metavar="TEXT", help=_("What was found; sealed."))
@click.option("--severity", type=click.Choice(list(get_args(Severity))), default="medium", help=_("How grave it is. Default: medium."))
@click.option("--clause", metavar="CLAUSE", help=_("The plan's clause it goes against."))
@click.option("--subject", metavar="STREAM", help=_("What it is about: payment/…, application/…, round/…"))
@click.option("--amount", "amount_fen", type=YUAN, metavar="YUAN", help=_("The money concerned, in yuan."))
@click.option("--rectify-by", type=DAY, metavar="DATE", help=_("The day by which it is to be put right."))
@on_option
@example("mingzhang --as inspector inspection finding inspection-4F7KQ2AB --text 两份签领表缺签名 --rectify-by 2020-12-10")
@click.pass_obj
def finding(
    globals: Globals,
    name: str,
    text: str,
    severity: Severity,
    clause: str | None,
    subject: str | None,
    amount_fen: int | None,
    rectify_by: date | None,
    on: date | None,
) -> int:
    with Session(globals) as session:
        command = RaiseFinding(
            on=on,
            inspection=_id(name),
            severity=severity,
            text=session.seal_text(text),
            clause=clause,
            subject=subject,
            amount_fen=amount_fen,
            rectify_by=rectify_by,
        )
        session.execute(command)
        number = len(session.streams.read(Inspection, command.inspection).findings)
        return _show(globals, session, command.inspection, number, _("Finding {number} of {inspection} is raised."))


@inspection.command("answer", help=_("The unit says what it has done about a finding."))
@click.argument("name", metavar="INSPECTION")
@click.argument("number", metavar="NUMBER", type=click.IntRange(min=1))
@click.option("--text", required=True, metavar="TEXT", help=_("What was done; sealed."))
@on_option
@example("mingzhang --as clerk inspection answer inspection-4F7KQ2AB 1 --text 已补签并存档")
@click.pass_obj
def answer(globals: Globals, name: str, number: int, text: str, on: date | None) -> int:
    with Session(globals) as session:
        session.execute(AnswerFinding(on=on, inspection=_id(name), number=number, text=session.seal_text(text)))
        return _show(globals, session, _id(name), number, _("Finding {number} of {inspection} is answered."))


@inspection.command("rectify", help=_("An inspector other than who answered confirms that a finding is put right."))
@click.argument("name", metavar="INSPECTION")
@click.argument("number", metavar="NUMBER", type=click.IntRange(min=1))
@click.option("--note", metavar="TEXT", help=_("What was seen; sealed."))
@on_option
@example("mingzhang --as inspector inspection rectify inspection-4F7KQ2AB 1")
@click.pass_obj
def rectify(globals: Globals, name: str, number: int, note: str | None, on: date | None) -> int:
    with Session(globals) as session:
        box = session.seal_text(note) if note else None
        session.execute(RectifyFinding(on=on, inspection=_id(name), number=number, note=box))
        return _show(globals, session, _id(name), number, _("Finding {number} of {inspection} is put right."))


@inspection.command("close", help=_("An inspection ends; every finding must be put right."))
@click.argument("name", metavar="INSPECTION")
@click.option("--report", "report_file", type=click.Path(path_type=Path), metavar="FILE", help=_("Its report; it is kept, sealed."))
@on_option
@example("mingzhang --as inspector inspection close inspection-4F7KQ2AB --report 自查报告.docx")
@click.pass_obj
def close(globals: Globals, name: str, report_file: Path | None, on: date | None) -> int:
    with Session(globals) as session:
        digest = session.hand_in(report_file) if report_file is not None else None
        session.execute(CloseInspection(on=on, inspection=_id(name), sha256=digest))
        found = session.streams.read(Inspection, _id(name))
        said = _("Inspection {inspection} is closed; {count} findings, all put right.")
        sentence = said.format(inspection=found.id, count=len(found.findings))
        document = {"inspection": found.id, "findings": len(found.findings), "sha256": digest}
        return show(globals, Answer.saying(document, sentence), rehearsal=session.rehearsal)


@inspection.command("list", help=_("All inspections, as of any day, as known at any time."))
@unit_option()
@as_of_options
@table_file_options
@example("mingzhang inspection list --unit college --on 2020-12-31")
@click.pass_obj
def list_(globals: Globals, unit: str | None, on: date | None, known_at: Any) -> int:
    from mingzhang.projections.inspections import inspections

    with Session(globals) as session:
        units = UnitNames(session)
        with session.engine.view(session.as_of(on, known_at)) as view:
            found = inspections(view, units.wanted(unit))
        document = [
            {
                "inspection": row.inspection,
                "kind": row.kind,
                **units.said(row.unit),
                "by": units.title(row.by),
                "plan": row.plan,
                "opened_on": row.opened_on,
                "closed_on": row.closed_on,
                "findings": len(row.findings),
                "not_put_right": sum(one.state != "rectified" for one in row.findings),
                "sha256": row.sha256,
            }
            for row in found
        ]
        shown = [{**row, "kind": _(KINDS[str(row["kind"])])} for row in document]
        heads = [
            Column(_("Inspection"), "inspection"),
            Column(_("Kind"), "kind"),
            Column(_("Unit"), "unit"),
            Column(_("By"), "by"),
            Column(_("Opened"), "opened_on"),
            Column(_("Closed"), "closed_on"),
            Column(_("Findings"), "findings", "right", adds=True),
            Column(_("Not put right"), "not_put_right", "right", adds=True),
        ]
        return show(globals, Answer(document, (Table(heads, shown),)), rehearsal=session.rehearsal)


@inspection.command("show", help=_("The findings of an inspection; their texts only with --reveal."))
@click.argument("name", metavar="INSPECTION")
@as_of_options
@reveal_option
@table_file_options
@example("mingzhang --as inspector inspection show inspection-4F7KQ2AB --reveal")
@click.pass_obj
def show_(globals: Globals, name: str, on: date | None, known_at: Any, reveal: bool) -> int:
    from mingzhang.projections.inspections import inspections
    from mingzhang.projections.states import streams_as_of

    with Session(globals) as session:
        units = UnitNames(session)
        with session.engine.view(session.as_of(on, known_at)) as view:
            found = inspections(view, inspection=_id(name))
        if not found:
            raise Refused("inspection_unknown", inspection=_id(name))
        one = found[0]
        draws = streams_as_of(session.ledger.journal, session.as_of(on, known_at)).read(Inspection, one.inspection).draws
        if reveal:
            note_disclosure(session, "inspection", [], [one.unit])
        findings = [_finding(session, row, reveal=reveal) for row in one.findings]
        document = {
            "inspection": one.inspection,
            "kind": one.kind,
            **units.said(one.unit),
            "by": units.title(one.by),
            "opened_on": one.opened_on,
            "closed_on": one.closed_on,
            "sha256": one.sha256,
            "findings": findings,
            "draws": [
                {"number": fact.number, "of": fact.of, "size": fact.size, "frame_size": fact.frame_size, "event": ref}
                for ref, fact in draws
            ],
        }
        shown = [{**row, "severity": _(SEVERITIES[str(row["severity"])]), "state": _(STATES[str(row["state"])])} for row in findings]
        heads = [
            Column(_("Number"), "number", "right", adds=False),
            Column(_("Severity"), "severity"),
            Column(_("State"), "state"),
            Column(_("Put right by"), "rectify_by"),
            Column(_("Put right on"), "rectified_on"),
            Column(_("Clause"), "clause"),
            *([Column(_("Finding"), "text"), Column(_("Answer"), "answer")] if reveal else []),
        ]
        caption = f"{one.inspection}  {_(KINDS[one.kind])}  {units.title(one.unit)}"
        return show(globals, Answer(document, (Table(heads, shown, caption=caption),)), rehearsal=session.rehearsal)


def _finding(session: Session, row: FindingRow, *, reveal: bool) -> dict[str, object]:
    said: dict[str, object] = {
        name: value for name, value in row._asdict().items() if name not in ("text", "answer", "rectified_ref", "ref")
    }
    if reveal:
        for name, box in (("text", row.text), ("answer", row.answer)):
            opened = session.vault.open_many([box])[0] if box is not None else None
            said[name] = (opened or {}).get("text")
    return {**said, "event": row.ref}


def _id(name: str) -> str:
    return name.removeprefix("inspection/")


def _show(globals: Globals, session: Session, name: str, number: int, sentence: str) -> int:
    said = sentence.format(number=number, inspection=name)
    return show(globals, Answer.saying({"inspection": name, "number": number}, said), rehearsal=session.rehearsal)
