"""`student`: one file each (一生一案), found by identity number, shown in order with both dates, imported from the school's registers."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from mingzhang.domain.refusal import Refused
from mingzhang.domain.student.commands import CorrectDetails, MergeIdentities, SplitIdentities
from mingzhang.domain.student.student import Student
from mingzhang.domain.values.bad_value import BadValue
from mingzhang.domain.values.cards import account_number
from mingzhang.domain.values.identity import is_id_number, to_18
from mingzhang.domain.vault.tokens import Kind

from ..cases.named import name_of, unread
from ..i18n import N_, _
from ..intake.frame import import_options, take_in
from ..intake.persons import in_own_name
from ..intake.registers import import_students, lines_recorded
from ..intake.reveal import as_known, note_disclosure
from ..options import (
    DAY,
    Globals,
    Noun,
    evidence_option,
    example,
    known_at_option,
    on_option,
    reason_option,
    reveal_option,
    table_file_options,
)
from ..output import Answer, Column, Table, instant_text, show
from ..refusals import explain_code
from ..session import Session
from .student_care import care, care_plan, info_card, safety_net
from .student_data import VERBS
from .student_household import household

NAMING = ("student.registered", "entry.recorded", "entry.corrected", "student.details_corrected")  # whose boxes say who it is
CORRECTABLE: dict[str, str] = {
    "name": N_("name"),
    "id_number": N_("identity number"),
    "xueji": N_("school roll number"),
    "phone": N_("phone"),
    "account": N_("account"),
    "account_name": N_("account holder"),
    "guardian": N_("guardian"),
    "household_place": N_("household address"),
}


@click.group(cls=Noun, help=_("Students: one file each, found, shown, imported; restricted, held, erased."))
@example("mingzhang --as clerk student import 学籍名册.xlsx 学籍异动.xlsx")
def student() -> None:
    pass


@student.command("import", help=_("Take the school's registers in: 学籍名册 and 学籍异动, told apart by their headers."))
@click.option(
    "--registered-until",
    type=DAY,
    metavar="DATE",
    help=_("Of a list that is kept all year, only what the school had admitted or registered by this day."),
)
@import_options
@example(
    "mingzhang --as clerk student import 学籍名册.xlsx",
    "mingzhang --as clerk student import 学籍异动.xlsx --registered-until 2020-04-20",
)
@click.pass_obj
def import_(globals: Globals, /, **asked: Any) -> int:
    return take_in(globals, import_students, lines_recorded, **asked)


@student.command("find", help=_("Find a student's reference by identity number, through a keyed index."))
@click.option("--id-number", required=True, metavar="NUMBER", help=_("15 or 18 characters; it is neither stored nor printed."))
@example("mingzhang --json student find --id-number 210911200012175670")
@click.pass_obj
def find(globals: Globals, id_number: str) -> int:
    with Session(globals) as session:
        if not is_id_number(id_number):
            raise Refused("id_malformed")
        refs = session.vault.find("id_number", to_18(id_number.upper()))
        known = [ref for ref in refs if session.streams.read(Student, ref).exists]
        if not known:
            raise Refused("student_not_found")
        if known[0] in session.vault.restricted:
            raise Refused("person_restricted", student=known[0])
        return show(globals, Answer.saying({"student": known[0]}, known[0]), rehearsal=session.rehearsal)


@student.command("show", help=_("The whole file of one student, in the order it was written, with both dates."))
@click.argument("ref")
@known_at_option
@reveal_option
@table_file_options
@example("mingzhang student show s-7KQ2M4PX0A", "mingzhang --as inspector student show s-7KQ2M4PX0A --reveal")
@click.pass_obj
def show_(globals: Globals, ref: str, known_at: Any, reveal: bool) -> int:
    from mingzhang.projections.evidence import document_streams
    from mingzhang.projections.register import same_person, student_events, student_streams

    from ..words.trail import Naming

    with Session(globals) as session:
        state = session.streams.read(Student, ref)
        if not state.exists:
            raise Refused("student_unknown", student=ref)
        if reveal:
            if ref in session.vault.restricted:
                raise Refused("person_restricted", student=ref)
            note_disclosure(session, "student show", [ref], [state.unit])
        size = session.size_known_at(known_at)
        naming = Naming(session)
        with session.engine.view(session.as_of(None, None)) as view:
            concerning = [*student_streams(view, ref), *document_streams(view, same_person(view, ref))]
        events = student_events(session.ledger.journal, ref, size, streams=concerning)
        boxes = [event.person for event in events if event.person is not None and event.topic in NAMING]
        who = as_known(session, [box for box in boxes if box.subject == ref] or boxes, reveal=reveal)
        rows = [
            {
                "effective_on": event.effective_on,
                "recorded_at": event.recorded_at,
                "event": event.ref,
                "topic": event.topic,
                "actor": event.actor,
                "leaf": event.leaf,
                "summary": naming.summary(event.topic, event.state),
            }
            for event in events
        ]
        heads = [
            Column(_("Effective on"), "effective_on"),
            Column(_("Recorded at"), "recorded"),
            Column(_("What"), "summary"),
            Column(_("By"), "actor"),
            Column("#", "leaf", "right"),
        ]
        shown = [{**row, "recorded": instant_text(str(row["recorded_at"]))} for row in rows]
        caption = _("Student {student}, {name}").format(student=ref, name=who.get("name") or unread(session, ref))
        if who.get("id_number"):
            caption += f", {who['id_number']}"
        document = {"student": ref, **who, "events": rows}
        return show(globals, Answer(document, (Table(heads, shown, caption=caption),)), rehearsal=session.rehearsal)


@student.command("correct", help=_("Put a personal detail right; the old value stays in the fact it was recorded by."))
@click.argument("ref")
@click.option(
    "--set",
    "settings",
    multiple=True,
    required=True,
    metavar="FIELD=VALUE",
    help=_("One of: {fields}.").format(fields=", ".join(CORRECTABLE)),
)
@reason_option(required=True)
@evidence_option
@on_option
@example(
    "mingzhang --as clerk student correct s-7KQ2M4PX0A --set phone=19900001234 --reason 家长更换号码",
    "mingzhang --as clerk student correct s-7KQ2M4PX0A --set account=6299000000000015 --reason 更换账户 --evidence 更正申请.pdf",
)
@click.pass_obj
def correct(
    globals: Globals, ref: str, settings: tuple[str, ...], reason: str, evidence: tuple[Path, ...], on: date | None
) -> int:
    fields: dict[str, str] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or name not in CORRECTABLE or not value.strip():
            raise click.UsageError(_("Write --set FIELD=VALUE with one of: {fields}.").format(fields=", ".join(CORRECTABLE)))
        fields[name] = value.strip()
    if "id_number" in fields and not is_id_number(fields["id_number"]):
        raise Refused("id_malformed")
    if "account" in fields:
        try:
            fields["account"] = account_number(fields["account"])
        except BadValue as problem:
            raise click.BadParameter(explain_code(problem.code).message, param_hint="--set account") from None
    with Session(globals) as session:
        if "id_number" in fields:
            fields["id_number"] = to_18(fields["id_number"].upper())
            for other in session.vault.find("id_number", fields["id_number"]):
                if other != ref:
                    raise Refused("id_number_taken", subject=ref, held_by=other)
        person = session.vault.seal(ref, {**fields, "reason": reason})
        own = in_own_name({"name": name_of(session, ref), **fields})
        shown = tuple(session.hand_in(file) for file in evidence)
        command = CorrectDetails(on=on, evidence=shown, student=ref, fields=tuple(fields), account_in_own_name=own, person=person)
        # The vault comes first, so that no number is on record that nobody finds; but only for what will not be refused.
        session.ledger.foresee(command, actor=session.actor)
        kinds: tuple[Kind, ...] = ("id_number", "account", "xueji", "phone")
        session.vault.add_tokens([(kind, fields[kind], ref) for kind in kinds if kind in fields])
        session.execute(command)
        said = _("Corrected: {fields}.").format(fields="、".join(_(CORRECTABLE[name]) for name in fields))
        return show(globals, Answer.saying({"student": ref, "corrected": list(fields)}, said), rehearsal=session.rehearsal)


@student.command("merge", help=_("Two files are one person: the first answers for the second from now on."))
@click.argument("ref")
@click.argument("other")
@reason_option(required=True)
@on_option
@example("mingzhang --as clerk student merge s-7KQ2M4PX0A s-8ZB1D3QW5T --reason 身份证号升位后重复建档")
@click.pass_obj
def merge(globals: Globals, ref: str, other: str, reason: str, on: date | None) -> int:
    with Session(globals) as session:
        session.execute(MergeIdentities(on=on, student=ref, other=other, reason=session.vault.seal(ref, {"reason": reason})))
        said = _("{student} answers for {other} from now on.").format(student=ref, other=other)
        return show(globals, Answer.saying({"student": ref, "merged": other}, said), rehearsal=session.rehearsal)


@student.command("split", help=_("Undo a merge that was wrong."))
@click.argument("ref")
@click.argument("other")
@click.option("--corrects", required=True, metavar="EVENT", help=_("The event that merged them, as student show names it."))
@reason_option(required=True)
@on_option
@example("mingzhang --as administrator student split s-7KQ2M4PX0A s-8ZB1D3QW5T --corrects student/s-7KQ2M4PX0A@3 --reason 同名")
@click.pass_obj
def split(globals: Globals, ref: str, other: str, corrects: str, reason: str, on: date | None) -> int:
    with Session(globals) as session:
        sealed = session.vault.seal(ref, {"reason": reason})
        session.execute(SplitIdentities(on=on, student=ref, other=other, corrects=corrects, reason=sealed))
        said = _("{student} and {other} stand apart again.").format(student=ref, other=other)
        return show(globals, Answer.saying({"student": ref, "split": other}, said), rehearsal=session.rehearsal)


for _verb in (care, care_plan, safety_net, info_card, household, *VERBS):
    student.add_command(_verb)
