"""`pairing import --kind tutoring`: a 挂科名单 brings failed courses, a 安排表 the teacher and the fellow student for each.

学号 finds the student as the identity number does, through a keyed token of the vault.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from mingzhang.domain.command import Command
from mingzhang.domain.pairing.tutoring import ArrangeTutor, Courses, ListCourse
from mingzhang.domain.plan.vocabulary import Plan
from mingzhang.domain.refusal import Refused
from mingzhang.domain.student.commands import RegisterListedStudent
from mingzhang.domain.student.student import Student
from mingzhang.domain.survey.intake import import_stream
from mingzhang.domain.vault.tokens import Kind

from ..session import Session, new_id
from ..workbooks.reading import Identity, RowProblem
from ..workbooks.tutoring import ArrangementFile, ArrangementRow, FailedCourseFile, FailedCourseRow, read_tutoring
from .opening import opening, report_on
from .pairings import Helpers
from .persons import Shut, known_persons
from .report import FileReport, only_judged
from .tutored import TutoredStudents
from .units import UnitNames

CONTEXT = "tutoring"


@dataclass
class _File:
    read: FailedCourseFile | ArrangementFile
    report: FileReport
    courses: list[FailedCourseRow] = field(default_factory=list)
    arrangements: list[tuple[ArrangementRow, str, str]] = field(default_factory=list)


def tutoring_plan(session: Session) -> Plan:
    """The plan that decides on tutoring today; refused `tutoring_not_in_force` where there is none."""
    found = next((plan for plan in session.adopted_plans() if plan.tutoring is not None), None)
    if found is None:
        raise Refused("tutoring_not_in_force")
    return found


def import_tutoring(
    session: Session,
    paths: Sequence[Path],
    *,
    unit: str | None,
    period: str | None,
    on: date | None,
    accept_valid: bool,
    dry_run: bool,
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[list[FileReport], int]:
    """What came of each file, and how many rows were recorded; several files are one transaction.

    unit: whose students and tutors these are (default: the plan's top unit). period: the term of a 安排表, where it is not the last one in
    which the course was failed.
    """
    plan = tutoring_plan(session)
    unit_id = UnitNames(session).resolve(unit or plan.top)
    files = _judge(session, [read_tutoring(path) for path in paths], plan, unit_id, period)
    reports = [file.report for file in files]
    if only_judged(reports, accept_valid=accept_valid, dry_run=dry_run):
        return reports, 0
    return reports, _record(session, files, plan, unit_id, on, on_progress)


def _judge(
    session: Session, reads: Sequence[FailedCourseFile | ArrangementFile], plan: Plan, unit: str, period: str | None
) -> list[_File]:
    """Sorts every row: refused, on record already, or to be recorded. Writes nothing."""
    known = TutoredStudents(session, [row.number for read in reads for row in read.rows])
    files: list[_File] = []
    seen: set[str] = set()
    for read in reads:
        table = read.table
        file = _File(read, report_on(session, table, CONTEXT, seen))
        files.append(file)
        if file.report.already_imported:
            continue
        if isinstance(read, FailedCourseFile):
            file.courses = _judge_courses(session, read.rows, file.report, plan, known)
            file.report.accepted = len(file.courses)
        else:
            file.arrangements = _judge_arrangements(session, read.rows, file.report, unit, period, known)
            file.report.accepted = len(file.arrangements)
        file.report.refused.sort(key=lambda problem: (problem.sheet or "", problem.row))
    return files


def _judge_courses(
    session: Session, rows: Sequence[FailedCourseRow], report: FileReport, plan: Plan, known: TutoredStudents
) -> list[FailedCourseRow]:
    pass_mark = plan.tutoring.pass_mark if plan.tutoring else 0
    by_key = known_persons(session.vault, list(dict.fromkeys(row.person_key for row in rows if row.person_key)))
    first: dict[tuple[str, str, str], int] = {}
    shut = Shut(session.vault)
    kept = []
    for row in rows:
        who = Identity(row.name, row.id_number or "")
        ref = by_key.get(row.person_key) if row.person_key else None
        of_number = known.students(row.number, row.name) if row.number else set()
        if (shut_out := shut.problem(row, ref or (next(iter(of_number)) if len(of_number) == 1 else None))) is not None:
            report.refused.append(shut_out)
            continue
        if row.person_key is None and len(of_number) != 1:
            report.refused.append(RowProblem(row.sheet, row.row, "学号", "student_number_unknown", identity=who))
            continue
        if of_number and row.person_key is not None and ref not in of_number:
            report.refused.append(RowProblem(row.sheet, row.row, "学号", "student_number_taken", identity=who))
            continue
        ref = ref or next(iter(of_number), None)
        place = (ref or row.person_key or "", row.period, row.course)
        if place in first:
            report.refused.append(RowProblem(row.sheet, row.row, None, "row_repeated", {"first_row": first[place]}, identity=who))
            continue
        first[place] = row.row
        state = session.streams.read(Courses, ref, row.period) if ref else None
        stands = state is not None and row.course in dict(
            state.failed if row.mark is None or row.mark < pass_mark else state.passed
        )
        if stands:
            extra: dict[str, int | str | None] = {"course": row.course, "period": row.period}
            report.duplicates.append(RowProblem(row.sheet, row.row, None, "course_listed", extra))
        else:
            kept.append(row)
    return kept


def _judge_arrangements(
    session: Session, rows: Sequence[ArrangementRow], report: FileReport, unit: str, period: str | None, known: TutoredStudents
) -> list[tuple[ArrangementRow, str, str]]:
    people = Helpers(session)
    first: dict[tuple[str, str], int] = {}
    kept = []
    for row in rows:

        def refused(column: str | None, code: str, about: ArrangementRow = row, **extra: int | str | None) -> None:
            named = Identity(about.name, "")
            report.refused.append(RowProblem(about.sheet, about.row, column, code, extra, identity=named))

        students = known.students(row.number, row.name)
        failed = known.failed(students, row.course, period)
        if not students:
            refused("学号" if row.number else "学生", "student_not_listed")
        elif not failed:
            refused("课程", "course_not_failed", course=row.course)
        elif len({student for student, _ in failed}) > 1:
            refused("学生", "student_name_ambiguous")
        elif (place := (failed[0][0], row.course)) in first:
            refused(None, "row_repeated", first_row=first[place])
        else:
            first[place] = row.row
            student, term = failed[0]
            running = [one for one in known.pairings({student}, row.course) if not one.ended]
            tutor = people.find(unit, row.tutor)
            if not running:
                kept.append((row, student, term))
            elif tutor is not None and tutor in running[0].helpers:
                report.duplicates.append(RowProblem(row.sheet, row.row, None, "pairing_exists", {"pairing": running[0].id}))
            else:
                refused("帮扶教师", "course_has_tutor", pairing=running[0].id, course=row.course)
    return kept


def _record(
    session: Session, files: list[_File], plan: Plan, unit: str, on: date | None, on_progress: Callable[[int, int], None] | None
) -> int:
    commands: list[Command] = []
    people = Helpers(session)
    fresh = [file for file in files if not file.report.already_imported]
    for file in fresh:
        source = f"{import_stream(CONTEXT, file.report.read.sha256)}@1"
        kind = "failed-courses" if isinstance(file.read, FailedCourseFile) else "tutor-arrangement"
        commands.append(opening(session, file.report, context=CONTEXT, kind=kind, on=on, unit=unit))
        commands += _course_commands(session, file.courses, plan, unit, source, on)
        commands += _arrangement_commands(session, file.arrangements, people, unit, source, on)
    if not commands:
        return 0
    session.execute_many(commands, file_sha256=[file.report.read.sha256 for file in fresh], on_progress=on_progress)
    return sum(file.report.accepted for file in fresh)


def _course_commands(
    session: Session, rows: Sequence[FailedCourseRow], plan: Plan, unit: str, source: str, on: date | None
) -> list[Command]:
    vault = session.vault
    refs = dict(zip((keys := [row.person_key for row in rows if row.person_key]), vault.subjects_for(keys), strict=True))
    numbers = [row.number or "" for row in rows if not row.person_key]
    of_numbers = dict(zip(numbers, vault.find_many("student_number", numbers), strict=True))
    commands: list[Command] = []
    registering: set[str] = set()
    tokens: list[tuple[Kind, str, str]] = []
    for row in rows:
        ref = refs[row.person_key] if row.person_key else of_numbers[row.number or ""][0]
        said = {"name": row.name, "id_number": row.person_key, "student_number": row.number, "mark": row.written_mark}
        fields = {name: value for name, value in said.items() if value}
        place: Any = {"on": on, "sheet": row.sheet, "row": row.row}
        if ref not in registering and not session.streams.read(Student, ref).exists:
            registering.add(ref)
            person = vault.seal(ref, {name: value for name, value in fields.items() if name != "mark"})
            commands.append(RegisterListedStudent(**place, student=ref, unit=unit, person=person, source=source))
        if row.number:
            tokens.append(("student_number", row.number, ref))
        commands.append(
            ListCourse(
                **place,
                plan=plan.code,
                student=ref,
                period=row.period,
                course=row.course,
                mark=row.mark,
                person=vault.seal(ref, fields),
                source=source,
            )
        )
    vault.add_tokens(tokens)
    return commands


def _arrangement_commands(
    session: Session, rows: Sequence[tuple[ArrangementRow, str, str]], people: Helpers, unit: str, source: str, on: date | None
) -> list[Command]:
    commands: list[Command] = []
    said = [{"name": row.name, **({"student_number": row.number} if row.number else {})} for row, _student, _term in rows]
    boxes = session.vault.seal_many([(student, fields) for (_row, student, _term), fields in zip(rows, said, strict=True)])
    for (row, student, term), box in zip(rows, boxes, strict=True):
        before = len(people.fresh)
        people.make(unit, [(row.tutor, {})], source=source, on=on)
        if row.peer:
            people.make(unit, [(row.peer, {})], peer=True, source=source, on=on)
        commands += people.fresh[before:]
        commands.append(
            ArrangeTutor(
                on=on,
                sheet=row.sheet,
                row=row.row,
                pairing=new_id("pair"),
                student=student,
                period=term,
                course=row.course,
                unit=unit,
                tutor=people.find(unit, row.tutor) or "",
                peer=people.find(unit, row.peer, peer=True) if row.peer else None,
                person=box,
                source=source,
            )
        )
    return commands
