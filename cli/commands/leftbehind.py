"""`leftbehind`: the register of left-behind children (留守儿童), their files and contact cards, and the care they are given."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, get_args

import click

from mingzhang.domain.command import Command
from mingzhang.domain.leftbehind.commands import EndLeftBehind, IssueContactCard, OpenLeftBehindFile, RecordCare, RegisterLeftBehind
from mingzhang.domain.leftbehind.facts import CareKind
from mingzhang.domain.leftbehind.state import left_behind_child
from mingzhang.domain.student.commands import RegisterListedStudent
from mingzhang.domain.values.periods import period_of_kind, term_of

from ..cases.named import masked_or_mark, names_of
from ..cases.plans import plans_at
from ..clock import KnownAt
from ..i18n import _
from ..intake.pairings import student_named
from ..intake.pupils import pupil_named
from ..intake.units import UnitNames
from ..options import Globals, Noun, as_of_options, example, on_option, reason_option, table_file_options, unit_option
from ..output import Answer, Column, Table, show
from ..session import Session


@click.group(cls=Noun, help=_("Left-behind children (留守儿童): register, file, contact card, care."))
@example("mingzhang leftbehind list --on 2018-09-30")
def leftbehind() -> None:
    pass


@leftbehind.command("register", help=_("Take a child on the register for a term, on that day (--on)."))
@click.argument("student")
@click.option("--name", metavar="NAME", help=_("The name of a child whom the ledger does not know yet by the number given; sealed."))
@unit_option(required=True, help=_("The school or county that keeps the register (its id, or its name)."))
@click.option("--term", metavar="TERM", help=_("The term, such as 2018-autumn. Default: the one the day falls in."))
@click.option("--guardian", required=True, metavar="TEXT", help=_("With whom the child lives; sealed."))
@click.option("--phone", metavar="NUMBER", help=_("The guardian's telephone; sealed."))
@click.option("--parents-at", metavar="TEXT", help=_("Where the parents work; sealed."))
@on_option
@example("mingzhang --as helper-clerk leftbehind register s-7KQ2M4PX0A --unit 肥城市 --guardian 祖母测试 --on 2018-09-10")
@click.pass_obj
def register(
    globals: Globals,
    student: str,
    name: str | None,
    unit: str,
    term: str | None,
    guardian: str,
    phone: str | None,
    parents_at: str | None,
    on: date | None,
) -> int:
    with Session(globals) as session:
        units = UnitNames(session)
        whose = units.resolve(unit)
        of_term = period_of_kind(term, "term").text if term else term_of(on or session.today).text
        child = pupil_named(session, student, name)
        said = {"guardian": guardian, "phone": phone, "parents_at": parents_at}
        person = session.vault.seal(child.ref, {field: value for field, value in said.items() if value})
        commands: list[Command] = []
        if child.fresh:
            box = session.vault.seal(child.ref, child.fresh)
            commands.append(RegisterListedStudent(on=on, student=child.ref, unit=whose, person=box))
        commands.append(RegisterLeftBehind(on=on, student=child.ref, unit=whose, term=of_term, person=person))
        session.execute_many(commands)
        sentence = _("{student} is on the register for {term}.").format(student=child.ref, term=of_term)
        document = {"student": child.ref, **units.said(whose), "term": of_term}
        return show(globals, Answer.saying(document, sentence), rehearsal=session.rehearsal)


@leftbehind.command("file", help=_("Record that the child's file (一人一档) is opened; its scan is kept, sealed."))
@click.argument("student")
@click.argument("scan", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@on_option
@example("mingzhang --as helper-clerk leftbehind file s-7KQ2M4PX0A 一人一档.pdf --on 2018-09-12")
@click.pass_obj
def file(globals: Globals, student: str, scan: Path, on: date | None) -> int:
    with Session(globals) as session:
        ref = student_named(session, student)
        sha256 = session.hand_in(scan)
        return _do(globals, session, OpenLeftBehindFile(on=on, student=ref, sha256=sha256), ref, _("The file of {student} is recorded."))


@leftbehind.command("card", help=_("Record that a contact card (联系卡) is issued."))
@click.argument("student")
@click.option("--contacts", required=True, metavar="TEXT", help=_("Names and numbers on the card; sealed."))
@on_option
@example("mingzhang --as helper-clerk leftbehind card s-7KQ2M4PX0A --contacts 班主任测试甲19900000001 --on 2018-09-12")
@click.pass_obj
def card(globals: Globals, student: str, contacts: str, on: date | None) -> int:
    with Session(globals) as session:
        ref = student_named(session, student)
        person = session.vault.seal(ref, {"contacts": contacts})
        command = IssueContactCard(on=on, student=ref, person=person)
        return _do(globals, session, command, ref, _("The contact card of {student} is recorded."))


@leftbehind.command("care", help=_("Record that somebody called, visited or did something for the child on that day."))
@click.argument("student")
@click.option("--kind", type=click.Choice(list(get_args(CareKind))), required=True, help=_("What kind of care."))
@click.option("--text", required=True, metavar="TEXT", help=_("What was said and done; sealed."))
@on_option
@example("mingzhang --as helper-clerk leftbehind care s-7KQ2M4PX0A --kind visit --text 家访了解情况 --on 2018-10-20")
@click.pass_obj
def care(globals: Globals, student: str, kind: CareKind, text: str, on: date | None) -> int:
    with Session(globals) as session:
        ref = student_named(session, student)
        command = RecordCare(on=on, student=ref, kind=kind, text=session.vault.seal(ref, {"text": text}))
        return _do(globals, session, command, ref, _("The care for {student} is recorded."))


@leftbehind.command("end", help=_("Take a child off the register; what was recorded stays."))
@click.argument("student")
@reason_option(required=True)
@on_option
@example("mingzhang --as helper-clerk leftbehind end s-7KQ2M4PX0A --reason 父母返乡 --on 2019-01-20")
@click.pass_obj
def end(globals: Globals, student: str, reason: str, on: date | None) -> int:
    with Session(globals) as session:
        ref = student_named(session, student)
        command = EndLeftBehind(on=on, student=ref, reason=session.vault.seal(ref, {"reason": reason}))
        return _do(globals, session, command, ref, _("{student} is on the register no longer."))


def _do(globals: Globals, session: Session, command: Command, student: str, sentence: str) -> int:
    """Gives the command and says that it is done."""
    left_behind_child(session.streams, student)
    execution = session.execute(command)
    document = {"student": student, "event": execution.recorded[-1].ref}
    return show(globals, Answer.saying(document, sentence.format(student=student)), rehearsal=session.rehearsal)


@leftbehind.command("list", help=_("The children on the register on any day: registered late, without file, without contact card."))
@unit_option()
@click.option("--ended", is_flag=True, help=_("Also those who are on it no longer."))
@as_of_options
@table_file_options
@example("mingzhang leftbehind list --on 2018-09-30", "mingzhang leftbehind list --unit 肥城市 --ended")
@click.pass_obj
def list_(globals: Globals, unit: str | None, ended: bool, on: date | None, known_at: KnownAt | None) -> int:
    from mingzhang.projections.leftbehind import left_behind

    with Session(globals) as session:
        units = UnitNames(session)
        as_of = session.as_of(on, known_at)
        ruling = [(plan.code, plan.left_behind) for plan in plans_at(session, as_of) if plan.left_behind is not None]
        with session.engine.view(as_of) as view:
            children = [row for row in left_behind(view, units.wanted(unit)) if ended or row.until is None]
        names = names_of(session, [row.student for row in children])
        wants_file, wants_card = any(rules.file for _code, rules in ruling), any(rules.contact_card for _code, rules in ruling)
        rows: list[dict[str, Any]] = [
            {
                "student": row.student,
                "name": masked_or_mark(session, row.student, names.get(row.student, "")),
                **units.said(row.unit),
                "term": row.term,
                "since": row.since,
                "until": row.until,
                "late_days": max((row.late_days(rules) for _code, rules in ruling), default=0),
                "file_on": row.file_on,
                "card_on": row.card_on,
                "file_missing": wants_file and row.file_on is None,
                "card_missing": wants_card and row.card_on is None,
                "cared": row.cared,
                "last_care_on": row.last_care_on,
                "event": row.ref,
            }
            for row in children
        ]
        lists = {
            "registered_late": [row["student"] for row in rows if row["late_days"]],
            "without_file": [row["student"] for row in rows if row["file_missing"]],
            "without_card": [row["student"] for row in rows if row["card_missing"]],
        }
        document = {"plans": [code for code, _rules in ruling], "children": rows, **lists}
        heads = [
            Column(_("Student"), "student"),
            Column(_("Name"), "name"),
            Column(_("Unit"), "unit"),
            Column(_("Term"), "term"),
            Column(_("Since"), "since"),
            *([Column(_("Until"), "until")] if any(row["until"] for row in rows) else []),
            Column(_("Days late"), "late_days", "right"),
            Column(_("File since"), "file_on"),
            Column(_("Card since"), "card_on"),
            Column(_("Times cared for"), "cared", "right"),
        ]
        foot = _(
            "{count} children; {registered_late} registered late, {without_file} without file, {without_card} without contact card."
        ).format(count=len(rows), **{name: len(members) for name, members in lists.items()})
        return show(globals, Answer(document, (Table(heads, rows, foot=foot),)), rehearsal=session.rehearsal)
