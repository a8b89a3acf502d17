"""`tutoring`: what a term's failed courses still lack (a tutor, a check, a week's duty, word to the parents), and what was done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from mingzhang.domain.pairing.tutoring import CheckTutoring, NotifyParents
from mingzhang.domain.refusal import Refused

from ..cases.named import mark_of, masked_or_mark
from ..clock import KnownAt
from ..i18n import _, ngettext
from ..intake.pairings import Helpers, pairing_named, student_named
from ..intake.reveal import named, note_disclosure
from ..intake.tutoring import tutoring_plan
from ..options import Globals, Noun, as_of_options, example, on_option, period_option, reveal_option, table_file_options
from ..output import Answer, Column, Table, Text, show
from ..session import Session

if TYPE_CHECKING:
    from mingzhang.domain.values.cadences import Span
    from mingzhang.projections.tutoring import CourseRow, TermRow


@click.group(cls=Noun, help=_("Help with failed courses: what a term still lacks, checks, word to parents."))
@example("mingzhang tutoring gaps --period 2023-autumn")
def tutoring() -> None:
    pass


@tutoring.command("check", help=_("Record a check of a tutoring pairing, by the name the plan gives it."))
@click.argument("reference", metavar="PAIRING")
@click.option("--check", "check_name", required=True, metavar="NAME", help=_("Which check: 期初, 期中 or 期末, as the plan names them."))
@click.option("--findings", required=True, metavar="TEXT", help=_("What was found; sealed."))
@on_option
@example("mingzhang --as helper-clerk tutoring check pair-7KQ2M4PX --check 期中 --findings 作业已补齐 --on 2023-11-10")
@click.pass_obj
def check(globals: Globals, reference: str, check_name: str, findings: str, on: date | None) -> int:
    with Session(globals) as session:
        state = pairing_named(session, reference)
        box = session.vault.seal(state.student, {"findings": findings})
        plan = tutoring_plan(session).code
        session.execute(CheckTutoring(on=on, plan=plan, pairing=state.id, check=check_name, findings=box))
        said = _("The check {check} of pairing {pairing} is recorded.").format(check=check_name, pairing=state.id)
        return show(globals, Answer({"pairing": state.id, "check": check_name}, (Text((said,)),)), rehearsal=session.rehearsal)


@tutoring.command("notify", help=_("Record that parents were told of the term's failures: of all students, or of those named."))
@click.argument("students", metavar="[STUDENT]…", nargs=-1)
@period_option(required=True)
@click.option("--note", required=True, metavar="TEXT", help=_("How they were told, and what; sealed."))
@on_option
@example(
    "mingzhang --as helper-clerk tutoring notify --period 2023-autumn --note 寄发成绩通知单",
    "mingzhang --as helper-clerk tutoring notify s-7KQ2M4PX0A --period 2023-autumn --note 电话告知 --on 2024-01-20",
)
@click.pass_obj
def notify(globals: Globals, students: tuple[str, ...], period: str, note: str, on: date | None) -> int:
    from mingzhang.projections.tutoring import term

    with Session(globals) as session:
        if students:
            wanted = [student_named(session, student) for student in students]
        else:
            with session.engine.view(session.as_of(on, None)) as view:
                found = term(view, period)
            if found is None:
                raise Refused("tutoring_not_in_force")
            wanted = [row.student for row in found.untold]
        wanted = list(dict.fromkeys(wanted))
        boxes = session.vault.seal_many([(student, {"note": note}) for student in wanted])
        commands = [NotifyParents(on=on, student=s, period=period, note=box) for s, box in zip(wanted, boxes, strict=True)]
        if commands:
            session.execute_many(commands)
        said = ngettext("The parents of {count} student are told.", "The parents of {count} students are told.", len(wanted))
        document = {"period": period, "students": wanted}
        return show(globals, Answer(document, (Text((said.format(count=len(wanted)),)),)), rehearsal=session.rehearsal)


@tutoring.command(
    "gaps",
    help=_(
        "What a term lacks by the plan in force: courses without a tutor, checks a tutor missed, weeks without duty, parents not told."
    ),
)
@period_option(required=True)
@as_of_options
@reveal_option
@table_file_options
@example("mingzhang tutoring gaps --period 2023-autumn --on 2024-01-12")
@click.pass_obj
def gaps(globals: Globals, period: str, on: date | None, known_at: KnownAt | None, reveal: bool) -> int:
    from mingzhang.domain.values.cadences import weeks_from
    from mingzhang.domain.values.periods import period_of_kind
    from mingzhang.projections.register import import_files
    from mingzhang.projections.tutoring import term

    period_of_kind(period, "term")
    with Session(globals) as session:
        as_of = session.as_of(on, known_at)
        with session.engine.view(as_of) as view:
            found = term(view, period)
            files = import_files(view)
        if found is None:
            raise Refused("tutoring_not_in_force")
        if reveal:
            plan = tutoring_plan(session)
            note_disclosure(session, f"tutoring gaps {period}", [row.student for row in found.courses], [plan.top])
        people = Helpers(session)
        calendar = found.calendar
        document: dict[str, Any] = {
            "period": period,
            "plan": found.plan,
            "on": as_of.effective_on.isoformat(),
            "asks": list(found.asks),
            "term": calendar
            and {
                "first_monday": calendar.first_monday.isoformat(),
                "weeks": calendar.weeks,
                "checks": {
                    check.name: [day.isoformat() for day in _ends(weeks_from(calendar.first_monday, check.first, check.last))]
                    for check in found.rules.checks
                },
            },
            "failing_courses": sum(1 for row in found.courses if row.failed),
            "passed_after_all": _courses(session, [row for row in found.courses if not row.failed], files, reveal),
            "courses_without_tutor": _courses(session, found.without_tutor, files, reveal),
            "students_without_any_tutor": found.students_without_any_tutor(),
            "parents_not_told": _courses(session, found.untold, files, reveal),
            "tutors": len(found.tutors),
            "tutors_missing_checks": [
                {**_helper(session, people, row.tutor, reveal), "missing": list(row.checks)} for row in found.tutors if row.checks
            ],
            "weeks_without_duty": [
                {**_helper(session, people, row.tutor, reveal), "weeks": list(row.weeks)} for row in found.tutors if row.weeks
            ],
        }
        return show(globals, Answer(document, _parts(found, document)), rehearsal=session.rehearsal)


def _ends(span: Span) -> tuple[date, date]:
    return span.first, span.last


def _helper(session: Session, people: Helpers, ref: str, reveal: bool) -> dict[str, str]:
    name = people.name(ref)
    return {"helper": ref, "name": name if reveal and name else masked_or_mark(session, ref, name)}


def _courses(session: Session, rows: Sequence[CourseRow], files: dict[str, str], reveal: bool) -> list[dict[str, Any]]:
    persons = named(session, [row.person for row in rows], reveal=reveal)
    for row, person in zip(rows, persons, strict=True):
        person["name"] = person["name"] or mark_of(session, row.student) or None
    return [
        {"student": row.student, **person, "course": row.course, "file": files.get(row.source or ""), "row": row.row}
        for row, person in zip(rows, persons, strict=True)
    ]


def _parts(found: TermRow, document: dict[str, Any]) -> tuple[Table | Text, ...]:
    course_heads = [Column(_("Student"), "student"), Column(_("Name"), "name"), Column(_("Course"), "course")]
    parts: list[Table | Text] = [
        Table(course_heads, document["courses_without_tutor"], caption=_("Failed courses without a tutor")),
        Table(course_heads, document["parents_not_told"], caption=_("Failures the parents were not told of")),
    ]
    if found.asks:
        said = _("Checks and weeks cannot be counted: the office has not told {names} for {period}.").format(
            names="、".join(found.asks), period=found.period
        )
        sentence = _("Record it with `mingzhang plan date {plan} --name {name} --period {period}`.")
        steps = (sentence.format(plan=found.plan, name=name, period=found.period) for name in found.asks)
        return (*parts, Text((said, *steps)))
    weeks = {row["helper"]: row["weeks"] for row in document["weeks_without_duty"]}
    checks = {row["helper"]: row["missing"] for row in document["tutors_missing_checks"]}
    names = {row["helper"]: row["name"] for row in (*document["tutors_missing_checks"], *document["weeks_without_duty"])}
    rows = [
        {"name": name, "checks": "、".join(checks.get(ref, ())), "weeks": "、".join(map(str, weeks.get(ref, ())))}
        for ref, name in names.items()
    ]
    heads = [Column(_("Tutor"), "name"), Column(_("Checks missed"), "checks"), Column(_("Weeks without duty"), "weeks")]
    foot = _("{count} of {all} tutors missed something.").format(count=len(rows), all=document["tutors"])
    return (*parts, Table(heads, rows, caption=_("Tutors"), foot=foot))
